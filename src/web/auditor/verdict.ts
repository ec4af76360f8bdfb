import {
  type Check,
  consentFormat,
  type ObjectValue,
  readJson,
  verifyConsentReceipt,
  verifyReceipt,
} from '../../verify/index.ts'

/** What a receipt says and whether it holds, whichever of the two kinds it is. */
export type Found = {
  readonly valid: boolean
  readonly checks: readonly Check[]
  readonly text: string
} & (
  | { readonly kind: 'answer'; readonly release?: ObjectValue | undefined }
  | { readonly kind: 'consent'; readonly consent?: ObjectValue | undefined }
)

/** Nothing but the text and the key: no network. */
export async function judge(text: string, key: string): Promise<Found> {
  if (text.includes(`"format":"${consentFormat}"`)) {
    const { valid, checks, consent } = await verifyConsentReceipt(text, key)
    return { kind: 'consent', valid, checks, text, consent }
  }
  const { valid, checks, release } = await verifyReceipt(text, key)
  return { kind: 'answer', valid, checks, text, release }
}

/** A member of the receipt as an object; {} where there is none. */
export function partOf(text: string, name: string): ObjectValue {
  const value = readJson(text)
  const part = typeof value === 'object' && value !== null ? (value as ObjectValue)[name] : undefined
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? (part as ObjectValue) : {}
}
