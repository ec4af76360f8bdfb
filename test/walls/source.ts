import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseSync } from 'oxc-parser'

/** One file of src/, parsed. Paths are relative to src/, with forward slashes. */
export interface Source {
  readonly path: string
  readonly text: string
  readonly tree: Node
  readonly imports: readonly Import[]
}
export interface Import {
  /** As it is written. */
  readonly specifier: string
  /** Relative imports: the file's path below src/. Undefined for packages. */
  readonly path: string | undefined
  /** Imported names; empty for a namespace, a side effect or a dynamic import. */
  readonly names: readonly string[]
  readonly line: number
}
/** A node of the ESTree that the parser gives; only what is asked of it is known. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly [key: string]: unknown
}

export const sourceFolder = fileURLToPath(new URL('../../src', import.meta.url))

export function readSources(): readonly Source[] {
  return filesBelow(sourceFolder, '').map((path) => parseSource(path, readFileSync(join(sourceFolder, path), 'utf8')))
}

/** Throws when the text is not TypeScript. */
export function parseSource(path: string, text: string): Source {
  const { program, module, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`src/${path}: ${errors[0].message}`)
  const tree = program as unknown as Node
  const found: { specifier: string; names: readonly string[]; at: number }[] = []
  for (const one of module.staticImports)
    found.push({
      specifier: one.moduleRequest.value,
      names: one.entries.flatMap((entry) => entry.importName.name ?? []),
      at: one.start,
    })
  for (const one of module.staticExports)
    for (const entry of one.entries)
      if (entry.moduleRequest)
        found.push({ specifier: entry.moduleRequest.value, names: [entry.importName.name ?? ''], at: one.start })
  walk(tree, (node) => {
    const literal = dynamicTarget(node)
    if (literal !== undefined) found.push({ specifier: literal, names: [], at: node.start })
  })
  const imports = found.map(({ specifier, names, at }) => ({
    specifier,
    path: specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : undefined,
    names,
    line: lineOf(text, at),
  }))
  return { path, text, tree, imports }
}

/** import('…'), import type in a type position, and new URL('./…', import.meta.url), by which workers and assets are named. */
function dynamicTarget(node: Node): string | undefined {
  if (node.type === 'ImportExpression' || node.type === 'TSImportType') return literalText(node.source ?? node.argument)
  if (node.type !== 'NewExpression' || (node.callee as Node).name !== 'URL') return undefined
  const [first, second] = node.arguments as readonly Node[]
  const text = literalText(first)
  return second && text?.startsWith('.') && /\.[cm]?[jt]sx?$/.test(text) ? text : undefined
}

/** The text of a string literal, or of a template without expressions. */
export function literalText(node: unknown): string | undefined {
  const one = node as Node | undefined
  if (one?.type === 'Literal' && typeof one.value === 'string') return one.value
  if (one?.type === 'TSLiteralType') return literalText(one.literal)
  return undefined
}

/** Calls the visitor with every node, parents first. */
export function walk(node: Node, visit: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  visit(node, parent)
  for (const value of Object.values(node))
    for (const child of Array.isArray(value) ? value : [value])
      if (child !== null && typeof child === 'object' && typeof child.type === 'string')
        walk(child as Node, visit, node)
}

export const lineOf = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

function filesBelow(folder: string, path: string): readonly string[] {
  return readdirSync(join(folder, path))
    .sort()
    .flatMap((name) => {
      const inner = path === '' ? name : `${path}/${name}`
      if (statSync(join(folder, inner)).isDirectory()) return filesBelow(folder, inner)
      return /\.[cm]?tsx?$/.test(name) ? [inner] : []
    })
}
