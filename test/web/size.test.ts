import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { ensureWeb, root } from '../../scripts/ready.js'

/** One file of the build and what it brings along (Vite's manifest). */
interface Chunk {
  readonly file: string
  readonly imports?: readonly string[]
  readonly css?: readonly string[]
  readonly assets?: readonly string[]
}
type Manifest = Readonly<Record<string, Chunk>>

const folder = join(root, 'dist-web')
const most = 250_000

/** Everything that the entry and these screens load before they are shown; what they load later, when it is needed, does not count. */
function filesOf(manifest: Manifest, entries: readonly string[]): { texts: Set<string>; fonts: Set<string> } {
  const [texts, fonts, seen] = [new Set<string>(), new Set<string>(), new Set<string>()]
  const waiting = [...entries]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (seen.has(name)) continue
    seen.add(name)
    const chunk = manifest[name]
    if (chunk === undefined) throw new Error(`the build has no ${name}`)
    texts.add(chunk.file)
    for (const file of chunk.css ?? []) texts.add(file)
    for (const file of chunk.assets ?? []) if (file.endsWith('.woff2')) fonts.add(file)
    waiting.push(...(chunk.imports ?? []))
  }
  return { texts, fonts }
}

/** The files that stand after a portal's address and after its "/" in routes.tsx: its frame, where it has one, and its first screen. */
function firstScreens(portal: string, address: string): readonly string[] {
  const routes = readFileSync(join(root, 'src', 'web', portal, 'routes.tsx'), 'utf8')
  const after = (path: string) => {
    const at = routes.indexOf(`'${path}'`)
    const found = at < 0 ? undefined : /import\('\.\/([\w/-]+\.tsx)'\)/.exec(routes.slice(at))
    return found ? [`${portal}/${found[1]}`] : []
  }
  return [...new Set([...after(address), ...after('/')])]
}

const bytes = (path: string): Buffer => readFileSync(join(folder, path))
const zipped = (path: string): number => gzipSync(bytes(path), { level: 9 }).length

describe('the first load of each portal', () => {
  let manifest: Manifest
  beforeAll(() => {
    ensureWeb()
    manifest = JSON.parse(readFileSync(join(folder, '.vite', 'manifest.json'), 'utf8')) as Manifest
  }, 180_000)

  it.each([
    ['person', '/me'],
    ['buyer', '/buy'],
    ['steward', '/steward'],
    ['auditor', '/verify'],
  ])('of %s is under 250 kB gzipped', (portal, address) => {
    const screens = firstScreens(portal, address)
    expect(screens, 'the first screen is found in routes.tsx').not.toEqual([])
    const { texts, fonts } = filesOf(manifest, ['index.html', ...screens])
    expect(texts.size).toBeGreaterThan(2)
    const size = zipped('index.html') + [...texts].reduce((sum, file) => sum + zipped(file), 0)
    const letters = [...fonts].reduce((sum, file) => sum + bytes(file).length, 0)
    // Fonts come beside it and delay no word: the text is shown in the system's font meanwhile. Which of them a page needs, the browser decides.
    process.stdout.write(`first load of ${portal}: ${size} bytes gzipped; fonts at most ${letters} bytes\n`)
    expect(size).toBeLessThan(most)
  })

  it('brings neither the editor nor the charts', () => {
    const { texts } = filesOf(manifest, ['index.html'])
    for (const file of texts) {
      const text = bytes(file).toString('utf8')
      expect(text.includes('cm-editor'), file).toBe(false)
      expect(text.includes('plot-d6a7b5'), file).toBe(false)
    }
  })
})
