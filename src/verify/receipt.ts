import { answerAgrees } from './answer.ts'
import { Broken, noiseFollows, payFollows, priceFollows } from './arithmetic.ts'
import { fromHex, sha256, toHex, utf8 } from './bytes.ts'
import { hashOf, verifyCheckpoint } from './checkpoint.ts'
import { Unreadable } from './facts.ts'
import { isObject, member, type ObjectValue, readJson, textOf, type Value, writeJson } from './json.ts'
import { includes, leafHash } from './merkle.ts'
import { readLogKey } from './note.ts'
import { readProof } from './proof.ts'

export interface Verdict {
  /** True only if every check holds. */
  readonly valid: boolean
  /** In a sceptic's order; always the same checks, also when an early one fails. */
  readonly checks: readonly Check[]
  /** The release as the receipt states it, when it could be read: to be believed only if valid. */
  readonly release?: ObjectValue
}
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

/**
 * Checks a receipt against the public key of a log ("name+keyid+base64"). Needs nothing else: no network, no clock, no code of the house.
 * Never throws on any text, however hostile.
 */
export async function verifyReceipt(text: string, logKey: string): Promise<Verdict> {
  const receipt = open(text)
  const checks = [
    await check('readable', () => readable(text, receipt)),
    await check('log key', () => keyReadable(logKey)),
    await check('checkpoint', () => checkpointSigned(receipt, logKey)),
    await check('proof', () => proofWellFormed(receipt)),
    await check('inclusion', () => leafIncluded(receipt)),
    await check('result', () => resultMatches(receipt)),
    await check('plan', () => planMatches(receipt)),
    await check('noise', () => noiseFollows(receipt.release)),
    await check('price', () => priceFollows(receipt.release)),
    await check('pay', () => payFollows(receipt.release)),
    await check('answer', () => answerAgrees(receipt.answer, receipt.release)),
  ]
  const valid = checks.every(({ holds }) => holds)
  return { valid, checks, ...(isObject(receipt.value) && { release: receipt.release }) }
}

/** A receipt opened as far as it goes: what is missing reads as empty, and the check that needs it fails. */
interface Receipt {
  readonly value: Value | undefined
  readonly origin: string
  readonly release: ObjectValue
  readonly plan: string
  readonly answer: Value | undefined
  readonly resultSalt: string
  readonly proof: string
}

const format = 'usufruct-receipt/v1'
const members = ['answer', 'format', 'origin', 'plan', 'proof', 'release', 'resultSalt']
/** Longer texts are refused unread: hostile input. */
const maxLength = 64 * 1024 * 1024

function open(text: string): Receipt {
  const value = text.length <= maxLength ? readJson(text) : undefined
  const release = member(value, 'release')
  return {
    value,
    origin: textOf(value, 'origin'),
    release: isObject(release) ? release : {},
    plan: textOf(value, 'plan'),
    answer: member(value, 'answer'),
    resultSalt: textOf(value, 'resultSalt'),
    proof: textOf(value, 'proof'),
  }
}

/** The text is the one canonical spelling of a receipt with these members and no other: nothing in it escapes the checks below. */
function readable(text: string, receipt: Receipt): string {
  const { value } = receipt
  if (!isObject(value)) throw new Broken('This is not a receipt: it cannot be read as JSON.')
  const canonical = writeJson(value)
  if (text !== canonical && text !== `${canonical}\n`)
    throw new Broken('The text was changed: it is not spelled the one way that a receipt is.')
  if (textOf(value, 'format') !== format) throw new Broken(`The receipt is not of the format ${format}.`)
  const names = Object.keys(value).sort()
  if (names.join(' ') !== members.join(' ')) throw new Broken(`A receipt has the members ${members.join(', ')}.`)
  if (textOf(receipt.release, 'kind') !== 'release' || textOf(receipt.release, 'id') === '')
    throw new Broken('The receipt holds no release.')
  return `The receipt of release ${textOf(receipt.release, 'id')} is complete and spelled as it must be.`
}

async function keyReadable(logKey: string): Promise<string> {
  const key = await readLogKey(logKey)
  if (key === undefined) throw new Broken('The log key cannot be read: it must be "name+id+key" and fit its own id.')
  return `The log key of ${key.name} is well formed.`
}

async function checkpointSigned(receipt: Receipt, logKey: string): Promise<string> {
  const checkpoint = await verifyCheckpoint(checkpointOf(receipt.proof), logKey, receipt.origin)
  if (!checkpoint.ok) throw new Broken(`The checkpoint does not verify: ${checkpoint.words}.`)
  return `The log ${checkpoint.origin} signed this checkpoint over ${checkpoint.size} entries.`
}

function proofWellFormed(receipt: Receipt): string {
  const proof = readProof(receipt.proof)
  if (typeof proof === 'string') throw new Broken(`The proof is not well formed: ${proof}.`)
  return `The proof for entry ${proof.index} is well formed.`
}

/** Against the root that the checkpoint states; that the log signed it is the check before. */
async function leafIncluded(receipt: Receipt): Promise<string> {
  const proof = readProof(receipt.proof)
  const [, size = '', root = ''] = checkpointOf(receipt.proof).split('\n')
  const tree = { size: /^[0-9]{1,19}$/.test(size) ? BigInt(size) : 0n, root: hashOf(root) }
  if (typeof proof === 'string' || tree.root === undefined)
    throw new Broken('Without a well-formed proof it cannot be checked whether the log holds this release.')
  const hash = await leafHash(utf8(writeJson(receipt.release)))
  const { index, path } = proof
  if (!(await includes({ size: tree.size, root: tree.root }, { hash, index, path })))
    throw new Broken('The log does not hold this release as it is stated here.')
  return `The release, exactly as stated here, is entry ${index} of the log.`
}

async function resultMatches(receipt: Receipt): Promise<string> {
  const salt = fromHex(receipt.resultSalt, 32)
  if (salt === undefined || receipt.answer === undefined)
    throw new Broken('The receipt holds no answer, or no salt of 64 lower-case hex digits.')
  const hash = toHex(await sha256(utf8('usufruct/result/v1'), salt, utf8(writeJson(receipt.answer))))
  if (hash !== textOf(receipt.release, 'result'))
    throw new Broken('The answer is not the one that the log committed to.')
  return 'The answer is the one that the log committed to.'
}

async function planMatches(receipt: Receipt): Promise<string> {
  const hash = toHex(await sha256(utf8(receipt.plan)))
  if (hash !== textOf(receipt.release, 'planHash'))
    throw new Broken('The question is not the one that the log committed to.')
  return 'The question is the one that the log committed to.'
}

/** The checkpoint begins after the first empty line, also where the rest of the proof is malformed. */
function checkpointOf(proof: string): string {
  const end = proof.indexOf('\n\n')
  return end < 0 ? '' : proof.slice(end + 2)
}

async function check(name: CheckName, work: () => string | Promise<string>): Promise<Check> {
  try {
    return { name, holds: true, words: await work() }
  } catch (failure) {
    if (failure instanceof Broken || failure instanceof Unreadable)
      return { name, holds: false, words: failure.message }
    throw failure
  }
}
