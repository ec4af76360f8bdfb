/**
 * The offline verifier: what an auditor, a buyer or anybody's nephew needs to check a receipt against a log's public key. It imports nothing
 * outside this folder, runs in browsers and in Node 20 (WebCrypto with SHA-256 and Ed25519), and shares no code with the house that it checks.
 */
export { type CheckpointVerdict, type SignedTree, verifyCheckpoint, verifyConsistencyProof } from './checkpoint.ts'
export type { Check, CheckName } from './checks.ts'
export { type ConsentVerdict, consentFormat, verifyConsentReceipt } from './consent.ts'
export { type Verdict, verifyReceipt } from './receipt.ts'
