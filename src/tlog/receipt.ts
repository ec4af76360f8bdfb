import { canonical, type Json } from '../base/canonical.ts'
import type { ReleaseLeaf } from './leaves.ts'

/** Format name in the first member of every receipt; docs/receipt.md describes it, src/verify checks it. */
export const receiptFormat = 'usufruct-receipt/v1'

/** What a receipt holds: everything that a stranger with the log's public key needs. */
export interface ReceiptParts {
  /** The leaf exactly as it is in the log. */
  readonly release: ReleaseLeaf
  /** The plan's canonical text, whose hash is in the leaf. */
  readonly plan: string
  /** Must have members "release" (the id) and "nano". */
  readonly answer: Json
  /** 64 lower-case hex digits. */
  readonly resultSalt: string
  /** Text of formatProof(). */
  readonly proof: string
  readonly origin: string
}

/** The receipt's text: canonical JSON and a newline. The same parts always give the same bytes. */
export function receiptText(parts: ReceiptParts): string {
  const { release, plan, answer, resultSalt, proof, origin } = parts
  if (!/^[0-9a-f]{64}$/.test(resultSalt)) throw new RangeError('receiptText: the salt must be 64 lower-case hex digits')
  const receipt = {
    format: receiptFormat,
    origin,
    release,
    plan,
    answer,
    resultSalt,
    proof,
  }
  return `${canonical(receipt)}\n`
}
