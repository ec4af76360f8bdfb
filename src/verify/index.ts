/**
 * The offline verifier: what an auditor, a buyer or anybody's nephew needs to check a receipt against a log's public key. It imports nothing
 * outside this folder, runs in browsers and in Node 20 (WebCrypto with SHA-256 and Ed25519), and shares no code with the house that it checks.
 */
export { Broken, noiseFollows, payFollows, priceFollows } from './arithmetic.ts'
export {
  type CheckpointVerdict,
  type GrowingTree,
  growTree,
  type SignedTree,
  verifyCheckpoint,
  verifyConsistencyProof,
  verifyInclusionProof,
} from './checkpoint.ts'
export type { Check, CheckName } from './checks.ts'
export { type CombinedVerdict, verifyCombined } from './combined.ts'
export { type ConsentVerdict, consentFormat, verifyConsentReceipt } from './consent.ts'
export { Unreadable } from './facts.ts'
export { type ObjectValue, readJson, writeJson } from './json.ts'
export { type Verdict, verifyReceipt } from './receipt.ts'
