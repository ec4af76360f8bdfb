import { answerAgrees } from './answer.ts'
import { Broken, noiseFollows, payFollows, priceFollows } from './arithmetic.ts'
import { fromHex, sha256, toHex, utf8 } from './bytes.ts'
import {
  type Check,
  check,
  checkpointSigned,
  isCanonical,
  keyReadable,
  leafIncluded,
  maxLength,
  proofWellFormed,
} from './checks.ts'
import { isObject, member, type ObjectValue, readJson, textOf, type Value, writeJson } from './json.ts'

export interface Verdict {
  /** True only if every check holds. */
  readonly valid: boolean
  /** In a sceptic's order; always the same checks, also when an early one fails. */
  readonly checks: readonly Check[]
  /** The release as the receipt states it, when it could be read: to be believed only if valid. */
  readonly release?: ObjectValue
}
/**
 * Checks a receipt against the public key of a log ("name+keyid+base64"). Needs nothing else: no network, no clock, no code of the house.
 * Never throws on any text, however hostile.
 */
export async function verifyReceipt(text: string, logKey: string): Promise<Verdict> {
  const receipt = open(text)
  const checks = [
    await check('readable', () => readable(text, receipt)),
    await check('log key', () => keyReadable(logKey)),
    await check('checkpoint', () => checkpointSigned(receipt.proof, receipt.origin, logKey)),
    await check('proof', () => proofWellFormed(receipt.proof)),
    await check('inclusion', () => leafIncluded(receipt.proof, receipt.release, 'release')),
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

function readable(text: string, receipt: Receipt): string {
  isCanonical(text, receipt.value, { format, members })
  if (textOf(receipt.release, 'kind') !== 'release' || textOf(receipt.release, 'id') === '')
    throw new Broken('The receipt holds no release.')
  return `The receipt of release ${textOf(receipt.release, 'id')} is complete and spelled as it must be.`
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
