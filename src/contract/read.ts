import {
  type Alias,
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type Node,
  Parser,
} from 'yaml'
import type { Report } from './finding.ts'
import type { Entry, Part, Place } from './part.ts'

/**
 * Limits on hostile input: bytes of a contract; parts after aliases are followed; items of one list; aliases; nesting; lexemes and the characters of one
 * of them; and nesting of the syntax, which has more levels than the parts.
 */
export const limits = Object.freeze({
  bytes: 1_048_576,
  parts: 200_000,
  listItems: 20_000,
  aliases: 100,
  depth: 64,
  lexemes: 400_000,
  lexeme: 65_536,
  syntaxDepth: 200,
})

/** Reads bytes as one YAML 1.2 document, every part with its place. Undefined, with findings, when it cannot be read. Never throws. */
export function readYaml(source: string | Uint8Array, report: Report): Part | undefined {
  const top: Place = { line: 1, column: 1, path: '' }
  const size = typeof source === 'string' ? Buffer.byteLength(source) : source.byteLength
  if (size > limits.bytes) {
    report('contract.too_large', top, `The contract has ${size} bytes.`, `Keep it under ${limits.bytes} bytes.`)
    return undefined
  }
  const text = decode(source)
  if (text === undefined) {
    report('contract.not_utf8', top, 'The file is not UTF-8 text.', 'Save it as UTF-8.')
    return undefined
  }
  try {
    return parse(text, report)
  } catch (error) {
    // Whatever a parser throws at hostile text, the text is unreadable.
    if (!(error instanceof Unreadable))
      report('contract.yaml', top, `The file cannot be read as YAML (${nameOf(error)}).`, 'Write it more plainly.')
    return undefined
  }
}

function decode(source: string | Uint8Array): string | undefined {
  if (typeof source === 'string') return source.isWellFormed() ? source.replace(/^\uFEFF/, '') : undefined
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(source)
  } catch {
    return undefined
  }
}

/** Ends reading after a finding has said why. */
class Unreadable extends Error {}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')

function parse(text: string, report: Report): Part | undefined {
  const lines = new LineCounter()
  const place = (offset: number, path: string): Place => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(1, line), column: Math.max(1, col), path }
  }
  const document = compose(tokenize(text, lines, place, report), text.length, place, report)
  for (const { message, pos } of [...document.errors, ...document.warnings])
    report('contract.yaml', place(pos[0], ''), `${message.replace(/\.$/, '')}.`, 'Correct the YAML at this place.')
  if (document.directives?.yaml.explicit && document.directives.yaml.version !== '1.2')
    report('contract.yaml', place(0, ''), 'The file asks for another YAML than 1.2.', 'Remove the %YAML directive.')
  if (report.failed()) return undefined
  const root = convert(document.contents, place, report)
  if (root?.kind === 'map') return root
  report('contract.yaml', place(0, ''), 'The file is not a map of keys.', 'Start with `apiVersion: v3.1.0`.')
  return undefined
}

type Placer = (offset: number, path: string) => Place

/**
 * The text as syntax tokens. Nesting is limited here, where the parser keeps its own stack: composing recurses, and a regular expression that is compiled
 * when the call stack is nearly full ends the process instead of throwing.
 */
function tokenize(text: string, lines: LineCounter, place: Placer, report: Report): readonly CST.Token[] {
  const parser = new Parser(lines.addNewLine)
  const tokens: CST.Token[] = []
  const stop = (what: string): never => {
    report(
      'contract.too_many_parts',
      place(parser.offset, ''),
      `The contract has ${what}.`,
      'Write the contract plainly, without it.',
    )
    throw new Unreadable()
  }
  let lexemes = 0
  lines.addNewLine(0)
  for (const lexeme of new Lexer().lex(text)) {
    if (++lexemes > limits.lexemes) stop(`more than ${limits.lexemes} words and signs`)
    if (lexeme.length > limits.lexeme) stop(`a value of more than ${limits.lexeme} characters`)
    for (const token of parser.next(lexeme)) tokens.push(token)
    if (parser.stack.length > limits.syntaxDepth) stop(`more than ${limits.syntaxDepth} levels`)
  }
  for (const token of parser.end()) tokens.push(token)
  return tokens
}

/** The one document of a file. */
function compose(tokens: readonly CST.Token[], length: number, place: Placer, report: Report): Document.Parsed {
  // Keys are compared below, in linear time; the composer's own check is quadratic. The schema is named so that no directive changes it.
  const composer = new Composer({ prettyErrors: false, uniqueKeys: false, schema: 'core', merge: false })
  const documents = composer.compose(tokens, true, length)
  const first = documents.next()
  const second = first.done ? first : documents.next()
  if (!second.done)
    report(
      'contract.yaml',
      place(second.value.range[0], ''),
      'The file holds several documents.',
      'Write one contract in one file.',
    )
  if (first.done) throw new Unreadable()
  return first.value
}

/** The parser's nodes as parts. Aliases are followed here, within the limits, and never into themselves. */
function convert(contents: Node | null, place: Placer, report: Report): Part | undefined {
  const anchors = new Map<string, Node>()
  const open = new Set<Node>()
  let parts = 0
  let aliases = 0
  return contents === null ? undefined : part(contents, '', 0)

  function part(node: Node | null, path: string, depth: number, standIn?: Place): Part {
    const at = standIn ?? place(node?.range?.[0] ?? 0, path)
    if (++parts > limits.parts) stop('contract.too_many_parts', at, `more than ${limits.parts} values`)
    if (depth > limits.depth) stop('contract.too_many_parts', at, `more than ${limits.depth} levels`)
    if (node === null) return { kind: 'scalar', at, value: null, text: '' }
    if (isAlias(node)) return follow(node, path, depth, at)
    if ('anchor' in node && typeof node.anchor === 'string') anchors.set(node.anchor, node)
    if (isScalar(node)) return scalar(node.value, node.source, at)
    open.add(node)
    const result = collection(node, path, depth, at)
    open.delete(node)
    return result
  }

  function collection(node: Node, path: string, depth: number, at: Place): Part {
    if (isSeq(node)) {
      if (node.items.length > limits.listItems)
        stop('contract.too_many_parts', at, `a list of more than ${limits.listItems} items`)
      return { kind: 'list', at, items: node.items.map((item, i) => part(asNode(item), `${path}[${i}]`, depth + 1)) }
    }
    const entries = new Map<string, Entry>()
    if (isMap(node))
      for (const pair of node.items) {
        const key = asNode(pair.key)
        const at = place(key?.range?.[0] ?? node.range?.[0] ?? 0, path)
        if (!isScalar(key) || key.value === null) {
          report('contract.yaml', at, 'A key is not a text.', 'Write keys as plain words.')
          continue
        }
        if (key.anchor !== undefined) anchors.set(key.anchor, key)
        const name = typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
        const inner = path === '' ? name : `${path}.${name}`
        if (entries.has(name))
          report(
            'contract.key_twice',
            { ...at, path: inner },
            `The key ${name} stands here twice.`,
            'Keep one of them.',
          )
        const value = asNode(pair.value)
        entries.set(name, {
          key: { ...at, path: inner },
          // A value left empty has no place of its own: it is where its key is.
          value: part(value, inner, depth + 1, value === null ? { ...at, path: inner } : undefined),
        })
      }
    return { kind: 'map', at, entries }
  }

  function follow(alias: Alias, path: string, depth: number, at: Place): Part {
    const target = anchors.get(alias.source)
    if (++aliases > limits.aliases) stop('contract.alias', at, `more than ${limits.aliases} aliases`)
    if (target === undefined || open.has(target))
      stop('contract.alias', at, `an alias *${alias.source} to nothing before it`)
    return part(target, path, depth + 1)
  }

  function stop(code: 'contract.alias' | 'contract.too_many_parts', at: Place, what: string): never {
    report(code, at, `The contract has ${what}.`, 'Write the contract plainly, without it.')
    throw new Unreadable()
  }
}

const asNode = (value: unknown): Node | null => (value ?? null) as Node | null

function scalar(value: unknown, source: string | undefined, at: Place): Part {
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number' || value === null) {
    return { kind: 'scalar', at, value, text: typeof value === 'string' ? value : (source ?? String(value)) }
  }
  return { kind: 'scalar', at, value: source ?? '', text: source ?? '' }
}
