import { Broken } from './arithmetic.ts'
import { type Bytes, fromDecimal, fromHex, sha256, utf8 } from './bytes.ts'
import { hashOf } from './checkpoint.ts'
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
import { isArray, isObject, member, type ObjectValue, readJson, textOf, type Value, writeJson } from './json.ts'
import { includes, leafHash } from './merkle.ts'

export interface ConsentVerdict {
  /** True only if every check holds. */
  readonly valid: boolean
  /** In a sceptic's order; always the same checks, also when an early one fails. */
  readonly checks: readonly Check[]
  /** The act as the receipt states it, when it could be read: to be believed only if valid. */
  readonly consent?: ObjectValue
}

/**
 * Checks the receipt of one act of consent against the public key of a log: that the log committed to exactly this record, in a batch that it signed.
 * Needs nothing else, and never throws on any text.
 */
export async function verifyConsentReceipt(text: string, logKey: string): Promise<ConsentVerdict> {
  const value = text.length <= maxLength ? readJson(text) : undefined
  const consent = objectOf(value, 'consent')
  const batch = objectOf(value, 'batch')
  const proof = textOf(value, 'proof')
  const checks = [
    await check('readable', () => readable(text, value, consent, batch)),
    await check('log key', () => keyReadable(logKey)),
    await check('checkpoint', () => checkpointSigned(proof, textOf(value, 'origin'), logKey)),
    await check('proof', () => proofWellFormed(proof)),
    await check('inclusion', () => leafIncluded(proof, batch, 'batch')),
    await check('batch', () => inBatch(value, consent, batch)),
    await check('consent', () => saysOneThing(consent)),
  ]
  const valid = checks.every(({ holds }) => holds)
  return { valid, checks, ...(isObject(member(value, 'consent')) && { consent }) }
}

export const consentFormat = 'usufruct-consent-receipt/v1'
const members = ['batch', 'consent', 'format', 'origin', 'path', 'proof', 'salt', 'slot']

function readable(text: string, value: Value | undefined, consent: ObjectValue, batch: ObjectValue): string {
  isCanonical(text, value, { format: consentFormat, members })
  if (textOf(batch, 'kind') !== 'consent-batch') throw new Broken('The receipt names no batch of the log.')
  if (textOf(consent, 'receipt_id') === '') throw new Broken('The receipt holds no act of consent.')
  return `The receipt of the act ${textOf(consent, 'receipt_id')} is complete and spelled as it must be.`
}

/** The slot holds SHA256(domain || salt || canonical record), and the batch's root holds the slot. */
async function inBatch(value: Value | undefined, consent: ObjectValue, batch: ObjectValue): Promise<string> {
  const salt = fromHex(textOf(value, 'salt'), 32)
  const root = fromHex(textOf(batch, 'root'), 32)
  const index = fromDecimal(textOf(value, 'slot'))
  const size = fromDecimal(textOf(batch, 'capacity'))
  const path = hashes(member(value, 'path'))
  if (!salt || !root || index === undefined || size === undefined || !path)
    throw new Broken('The receipt lacks the salt, the slot or the path of its batch, or one is misspelled.')
  const commitment = await sha256(utf8('usufruct/consent/v1'), salt, utf8(writeJson(consent)))
  if (!(await includes({ size, root }, { hash: await leafHash(commitment), index, path })))
    throw new Broken('The batch does not hold this act as it is stated here.')
  return `This act, exactly as stated here, is in one of the ${size} slots of the batch of ${textOf(batch, 'day')}.`
}

/** The two ways in which the record states what was decided must agree. */
function saysOneThing(consent: ObjectValue): string {
  const event = objectOf(consent, 'event')
  const status = textOf(event, 'status')
  const state = Object.hasOwn(states, status) ? states[status] : undefined
  if (state === undefined || textOf(event, 'event_state') !== `https://w3id.org/dpv#${state}`)
    throw new Broken('The record does not say one thing about what was decided.')
  const purpose = textOf(member(consent, 'purpose'), 'id')
  return `On ${textOf(event, 'event_time').slice(0, 10)} consent for ${purpose} was ${status}.`
}

const states: Readonly<Record<string, string>> = {
  given: 'ConsentGiven',
  refused: 'ConsentRefused',
  withdrawn: 'ConsentWithdrawn',
  revoked: 'ConsentRevoked',
  expired: 'ConsentExpired',
}

function objectOf(parent: Value | undefined, name: string): ObjectValue {
  const value = member(parent, name)
  return isObject(value) ? value : {}
}

function hashes(value: Value | undefined): readonly Bytes[] | undefined {
  if (!isArray(value) || value.length > 63) return undefined
  const path = value.map((hash) => (typeof hash === 'string' ? hashOf(hash) : undefined))
  return path.every((hash) => hash !== undefined) ? path : undefined
}
