import type { Source } from './source.ts'

const topics = ['query', 'law', 'consent', 'privacy', 'money', 'tlog']
const ground = ['base', 'contract']
const doors = ['server', 'web', 'cli', 'demo']
const openToDoors = [...ground, ...topics, 'measures', 'release', 'verify', 'house', ...doors, 'main.ts', 'system.ts']

/** Which rooms, or single files, a room may import besides itself. A room that is not named here may not exist. */
export const walls: Readonly<Record<string, readonly string[]>> = {
  base: [],
  contract: ['base'],
  ...Object.fromEntries(topics.map((topic) => [topic, ground])),
  release: [...ground, ...topics],
  // Writes SQL from the contract alone, and reads figures off what was released: it knows neither the engine nor the noise.
  measures: ground,
  verify: [],
  embed: [],
  engines: [...ground, ...topics, 'release/ports.ts', 'release/entries.ts'],
  // Ports stand with the room that needs them: signing in is the house's, and no part of the way of a query.
  store: [...ground, ...topics, 'release/ports.ts', 'release/entries.ts', 'house/access-port.ts'],
  house: [...ground, ...topics, 'release', 'verify'],
  ...Object.fromEntries(doors.map((door) => [door, openToDoors])),
  'system.ts': ['base'],
  // The public surface and the one place that names concrete adapters.
  'index.ts': [...openToDoors, 'embed'],
  'main.ts': [...openToDoors, 'engines', 'store'],
}

/** Packages, and the built-in modules that reach the world, with the rooms that may use them. Others are for nobody. */
export const packages: Readonly<Record<string, readonly string[]>> = {
  '@duckdb/node-api': ['engines'],
  '@fastify/static': ['server'],
  '@fastify/swagger': ['server'],
  '@node-rs/argon2': ['house'],
  '@sinclair/typebox': ['server'],
  ajv: ['contract', 'server'],
  'ajv-formats': ['contract', 'server'],
  commander: ['cli'],
  fastify: ['server'],
  'libpg-query': ['query'],
  pg: ['store', 'engines/load'],
  yaml: ['contract'],
  ...Object.fromEntries(
    [
      '@codemirror/autocomplete',
      '@codemirror/commands',
      '@codemirror/lang-sql',
      '@codemirror/language',
      '@codemirror/lint',
      '@codemirror/state',
      '@codemirror/view',
      '@lezer/highlight',
      '@mantine/core',
      '@observablehq/plot',
      '@tanstack/react-query',
      '@tanstack/react-router',
      'react',
      'react-dom',
    ].map((name) => [name, ['web']]),
  ),
  'node:child_process': ['store/embedded'],
}
/** Built-in modules without effects on the world, for every room but the verifier. */
const harmless = ['node:crypto', 'node:path', 'node:url', 'node:util', 'node:buffer', 'node:events', 'node:stream']
/** Rooms that touch files, sockets and processes. The topic rooms do not: what they need of the world is passed in. */
const worldly = ['engines', 'store', 'house', 'server', 'web', 'cli', 'demo', 'main.ts', 'tlog', 'contract/schema']

/** One sentence for each import through a wall. */
export function importsThroughWalls(source: Source): readonly string[] {
  const room = roomOf(source.path)
  const allowed = walls[room]
  if (!allowed) return [`src/${source.path}: ${room} is not a room of the house`]
  return source.imports.flatMap((one) => {
    const said = `src/${source.path}:${one.line} imports ${one.specifier}`
    if (one.path === undefined) return mayUse(source.path, one.specifier) ? [] : [`${said}, which is not for ${room}`]
    if (one.path.startsWith('../')) return one.path === '../package.json' ? [] : [`${said}, which is outside src`]
    if (roomOf(one.path) === room) return []
    return allowed.some((place) => isWithin(one.path as string, place)) ? [] : [`${said}, through the wall of ${room}`]
  })
}

function mayUse(path: string, specifier: string): boolean {
  const room = roomOf(path)
  if (room === 'verify' || room === 'embed') return false
  const users = packages[packageOf(specifier)]
  if (users) return users.some((place) => isWithin(path, place))
  if (harmless.includes(specifier)) return true
  return specifier.startsWith('node:') && worldly.some((place) => isWithin(path, place))
}

const packageOf = (specifier: string): string =>
  specifier.startsWith('node:')
    ? specifier
    : specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/')

const isWithin = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`)

/** The first folder below src/, or the file itself where it lies directly in src/. */
export const roomOf = (path: string): string => path.split('/')[0] as string

/** Files that no entry reaches by imports, of any kind. */
export function deadFiles(sources: readonly Source[], entries: readonly string[]): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]))
  const reached = new Set<string>()
  const waiting = entries.filter((entry) => byPath.has(entry))
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (reached.has(path)) continue
    reached.add(path)
    for (const one of byPath.get(path)?.imports ?? []) if (one.path && byPath.has(one.path)) waiting.push(one.path)
  }
  return sources.map((source) => source.path).filter((path) => !reached.has(path))
}
