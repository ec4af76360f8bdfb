import { Broken } from './arithmetic.ts'
import { utf8 } from './bytes.ts'
import { hashOf, verifyCheckpoint } from './checkpoint.ts'
import { Unreadable } from './facts.ts'
import { isObject, type ObjectValue, textOf, type Value, writeJson } from './json.ts'
import { includes, leafHash } from './merkle.ts'
import { readLogKey } from './note.ts'
import { readProof } from './proof.ts'

/** What the verifiers of both kinds of receipt check alike. */
export interface Check {
  readonly name: CheckName
  readonly holds: boolean
  /** One plain sentence: what holds, or what fails. */
  readonly words: string
}
export type CheckName =
  | 'readable'
  | 'log key'
  | 'checkpoint'
  | 'proof'
  | 'inclusion'
  | 'result'
  | 'plan'
  | 'noise'
  | 'price'
  | 'pay'
  | 'answer'
  | 'batch'
  | 'combined'
  | 'consent'

/** Longer texts are refused unread: hostile input. */
export const maxLength = 64 * 1024 * 1024

/** The text is the one canonical spelling of an object of this format with these members and no other: nothing in it escapes the checks. */
export function isCanonical(
  text: string,
  value: Value | undefined,
  form: { readonly format: string; readonly members: readonly string[] },
): asserts value is ObjectValue {
  if (!isObject(value)) throw new Broken('This is not a receipt: it cannot be read as JSON.')
  const canonical = writeJson(value)
  if (text !== canonical && text !== `${canonical}\n`)
    throw new Broken('The text was changed: it is not spelled the one way that a receipt is.')
  if (textOf(value, 'format') !== form.format) throw new Broken(`The receipt is not of the format ${form.format}.`)
  const names = Object.keys(value).sort()
  if (names.join(' ') !== form.members.join(' '))
    throw new Broken(`A receipt has the members ${form.members.join(', ')}.`)
}

export async function keyReadable(logKey: string): Promise<string> {
  const key = await readLogKey(logKey)
  if (key === undefined) throw new Broken('The log key cannot be read: it must be "name+id+key" and fit its own id.')
  return `The log key of ${key.name} is well formed.`
}

export async function checkpointSigned(proof: string, origin: string, logKey: string): Promise<string> {
  const checkpoint = await verifyCheckpoint(checkpointOf(proof), logKey, origin)
  if (!checkpoint.ok) throw new Broken(`The checkpoint does not verify: ${checkpoint.words}.`)
  return `The log ${checkpoint.origin} signed this checkpoint over ${checkpoint.size} entries.`
}

export function proofWellFormed(text: string): string {
  const proof = readProof(text)
  if (typeof proof === 'string') throw new Broken(`The proof is not well formed: ${proof}.`)
  return `The proof for entry ${proof.index} is well formed.`
}

/** Against the root that the checkpoint states; that the log signed it is another check. `what`: what the leaf is, "release". */
export async function leafIncluded(text: string, leaf: ObjectValue, what: string): Promise<string> {
  const proof = readProof(text)
  const [, size = '', root = ''] = checkpointOf(text).split('\n')
  const tree = { size: /^[0-9]{1,19}$/.test(size) ? BigInt(size) : 0n, root: hashOf(root) }
  if (typeof proof === 'string' || tree.root === undefined)
    throw new Broken(`Without a well-formed proof it cannot be checked whether the log holds this ${what}.`)
  const hash = await leafHash(utf8(writeJson(leaf)))
  const { index, path } = proof
  if (!(await includes({ size: tree.size, root: tree.root }, { hash, index, path })))
    throw new Broken(`The log does not hold this ${what} as it is stated here.`)
  return `The ${what}, exactly as stated here, is entry ${index} of the log.`
}

/** The checkpoint begins after the first empty line, also where the rest of the proof is malformed. */
function checkpointOf(proof: string): string {
  const end = proof.indexOf('\n\n')
  return end < 0 ? '' : proof.slice(end + 2)
}

export async function check(name: CheckName, work: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, holds: true, words: await work() }
  } catch (failure) {
    if (failure instanceof Broken || failure instanceof Unreadable)
      return { name, holds: false, words: failure.message }
    throw failure
  }
}
