import type { Node } from '../walls/source.ts'
import { literalText, walk } from '../walls/source.ts'

/** A text of a screen, in both languages; `path` is where it stands in the words. */
export interface Pair {
  readonly path: string
  readonly en: string
  readonly de: string
}

/** Every text inside texts({ en, de }), English beside German. Where one has no partner, the other is "". */
export function pairsIn(tree: Node): readonly Pair[] {
  const pairs: Pair[] = []
  walk(tree, (node) => {
    if (node.type !== 'CallExpression' || (node.callee as Node).name !== 'texts') return
    const [words] = node.arguments as readonly Node[]
    pair(memberOf(words, 'en'), memberOf(words, 'de'), '', pairs)
  })
  return pairs
}

function pair(en: Node | undefined, de: Node | undefined, path: string, pairs: Pair[]): void {
  const [left, right] = [bare(en), bare(de)]
  if (left === undefined || right === undefined) {
    pairs.push({ path, en: left ? '(there)' : '', de: right ? '(there)' : '' })
  } else if (left.type === 'ObjectExpression' && right.type === 'ObjectExpression') {
    for (const name of new Set([...namesOf(left), ...namesOf(right)]))
      pair(memberOf(left, name), memberOf(right, name), path === '' ? name : `${path}.${name}`, pairs)
  } else if (left.type === 'ArrayExpression' && right.type === 'ArrayExpression') {
    const [one, other] = [left.elements as readonly Node[], right.elements as readonly Node[]]
    for (let i = 0; i < Math.max(one.length, other.length); i++) pair(one[i], other[i], `${path}[${i}]`, pairs)
  } else pairs.push({ path, en: lettersOf(left), de: lettersOf(right) })
}

/** Without "as", "satisfies" and brackets around it. */
function bare(node: Node | undefined): Node | undefined {
  let one = node
  while (one && ['TSAsExpression', 'TSSatisfiesExpression', 'ParenthesizedExpression'].includes(one.type))
    one = one.expression as Node
  return one
}

const namesOf = (node: Node): readonly string[] =>
  (node.properties as readonly Node[]).map((property) => nameOf(property.key as Node))
const nameOf = (key: Node): string => literalText(key) ?? String(key.name ?? key.value)

function memberOf(node: Node | undefined, name: string): Node | undefined {
  const object = bare(node)
  if (object?.type !== 'ObjectExpression') return undefined
  const found = (object.properties as readonly Node[]).find((one) => nameOf(one.key as Node) === name)
  return found?.value as Node | undefined
}

/** All that a reader sees of a text, a template or a function that makes one: the literals in it. */
function lettersOf(node: Node): string {
  const parts: string[] = []
  walk(node, (one) => {
    if (one.type === 'TemplateElement') parts.push((one.value as { readonly cooked: string }).cooked)
    else if (one.type === 'Literal' && typeof one.value === 'string') parts.push(one.value)
    else if (one.type === 'JSXText') parts.push(one.value as string)
  })
  return parts.join('|')
}

/** Attributes whose value people read or hear. */
const spoken = ['title', 'label', 'aria-label', 'placeholder', 'alt', 'description', 'lead', 'caption', 'summary']
/** Elements that show what is the same in every language: code, keys, the program's own name. */
const verbatim = ['code', 'Code', 'kbd', 'pre', 'samp']

/** Words that stand in a screen itself, where no language can reach them. */
export function fixedWords(tree: Node): readonly string[] {
  const found: string[] = []
  const visit = (node: Node): void => {
    if (node.type === 'JSXElement' && verbatim.includes(elementName(node))) return
    if (node.type === 'JSXText' && isWord(node.value)) found.push(String(node.value).trim())
    if (node.type === 'JSXAttribute' && spoken.includes(attributeName(node)) && isWord(literalText(node.value)))
      found.push(`${attributeName(node)}="${literalText(node.value)}"`)
    for (const child of childrenOf(node)) visit(child)
  }
  visit(tree)
  return found
}

const elementName = (node: Node): string => String(((node.openingElement as Node).name as Node).name)
const attributeName = (node: Node): string => String((node.name as Node).name)
const isWord = (text: unknown): boolean => typeof text === 'string' && /\p{L}{2,}/u.test(text)

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node).flatMap((value) =>
    (Array.isArray(value) ? value : [value]).filter(
      (one): one is Node => typeof one === 'object' && one !== null && typeof (one as Node).type === 'string',
    ),
  )
}
