import { roomOf } from './imports.ts'
import { lineOf, literalText, type Node, type Source, walk } from './source.ts'

/** The only callers of the functions that open exact results. */
const opensExact = ['privacy/exact.ts', 'privacy/noise.ts', 'privacy/exponential.ts']
const openers = ['openRows', 'openCounts', 'openExact']
/** The one place that reads the machine's clock, and the one that measures how long something takes. */
const clocks = ['system.ts', 'base/elapsed.ts']
/** Epsilon is computed in doubles, rounded up, for people to read; nothing is decided by it. */
const showsDoubles = ['privacy/accounting.ts']
/** Names that hold money or privacy loss: bigint only. Ends of names, so that `rhoText` and `micros` (of time) are not meant. */
const exactName = /(?:^|[a-z_])(?:nano|micro|pico|rho)$|(?:Nano|Micro|Pico|Rho)$/

/** One sentence for each banned call or use. */
export function bannedUses(source: Source): readonly string[] {
  const found: string[] = []
  const say = (node: Node, what: string) => found.push(`src/${source.path}:${lineOf(source.text, node.start)} ${what}`)
  walk(source.tree, (node, parent) => {
    const name = dotted(node)
    if (name === 'Math.random') say(node, 'uses Math.random: randomness is passed in')
    if (name === 'Date.now') say(node, 'uses Date.now: time is passed in')
    if (name === 'performance.now' && !clocks.includes(source.path))
      say(node, 'uses performance.now: time is passed in')
    if (name?.startsWith('console.') && roomOf(source.path) !== 'cli') say(node, `uses ${name}`)
    if (isNewOrCall(node)) bannedCall(node, (what) => say(node, what))
    if (node.type === 'Identifier' && openers.includes(node.name as string) && !opensExact.includes(source.path))
      say(node, `names ${node.name}: only the noise opens an exact result`)
    const lossy = showsDoubles.includes(source.path) ? undefined : lossyNumber(node, parent)
    if (lossy) say(node, `makes a number of ${lossy}: money and privacy loss are bigint`)
  })
  return found
}

function bannedCall(node: Node, say: (what: string) => void): void {
  const callee = dotted(node.callee as Node)
  const count = (node.arguments as readonly Node[]).length
  if (callee === 'Date' && (count === 0 || node.type === 'CallExpression')) say('asks Date for the time')
  if (callee === 'parseFloat' || callee === 'Number.parseFloat') say('calls parseFloat')
  if (callee === 'eval') say('calls eval')
  if (callee === 'Function') say('makes a function of text')
}

/** The name that becomes a number, where that can be seen: Number(x), +x, x * 2, x: number. */
function lossyNumber(node: Node, parent: Node | undefined): string | undefined {
  if (node.type === 'CallExpression' && dotted(node.callee as Node) === 'Number')
    return exactIn((node.arguments as readonly Node[])[0])
  if (node.type === 'UnaryExpression' && node.operator === '+') return exactIn(node.argument as Node)
  if (node.type === 'BinaryExpression' && ['+', '-', '*', '/', '%', '**'].includes(node.operator as string)) {
    const [left, right] = [node.left as Node, node.right as Node]
    if (isNumber(right)) return exactIn(left)
    if (isNumber(left)) return exactIn(right)
  }
  const annotation = (node.typeAnnotation as Node | undefined)?.typeAnnotation as Node | undefined
  if (annotation?.type !== 'TSNumberKeyword') return undefined
  const key = node.type === 'Identifier' ? node : (node.key as Node | undefined)
  return parent && key ? exactIn(key) : undefined
}

function exactIn(node: Node | undefined): string | undefined {
  if (!node) return undefined
  if (node.type === 'MemberExpression') return exactIn(node.property as Node)
  if (node.type === 'BinaryExpression') return exactIn(node.left as Node) ?? exactIn(node.right as Node)
  if (node.type === 'Identifier' && exactName.test(node.name as string)) return node.name as string
  return undefined
}

const isNumber = (node: Node): boolean => node.type === 'Literal' && typeof node.value === 'number'
const isNewOrCall = (node: Node): boolean => node.type === 'NewExpression' || node.type === 'CallExpression'

/** "Math.random" for the member expression, also through globalThis and by a text key; "eval" for the identifier. */
function dotted(node: Node): string | undefined {
  if (node.type === 'Identifier') return node.name as string
  if (node.type !== 'MemberExpression') return undefined
  const object = dotted(node.object as Node)
  const key = node.computed ? literalText(node.property) : ((node.property as Node).name as string | undefined)
  if (object === undefined || key === undefined) return undefined
  return object === 'globalThis' ? key : `${object}.${key}`
}

/** First arguments wherever a function or class of this name, imported from base, is called. Undefined where it is not a plain text. */
export function firstArguments(source: Source, callee: string): readonly { code: string | undefined; line: number }[] {
  const found: { code: string | undefined; line: number }[] = []
  if (!source.imports.some((one) => one.path?.startsWith('base/') && one.names.includes(callee))) return found
  walk(source.tree, (node) => {
    if (!isNewOrCall(node) || dotted(node.callee as Node) !== callee) return
    const first = (node.arguments as readonly Node[])[0]
    const line = lineOf(source.text, node.start)
    for (const branch of first?.type === 'ConditionalExpression' ? [first.consequent, first.alternate] : [first])
      found.push({ code: literalText(branch), line })
  })
  return found
}
