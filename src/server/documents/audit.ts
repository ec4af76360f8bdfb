import { Type } from '@sinclair/typebox'
import { exactly, next, oneOf, open, optional, ShortPeriod, text, texts, whole } from './basics.ts'

export const Claims = exactly({
  claims: Type.Array(
    exactly({
      number: whole,
      words: text,
      how: text,
      result: oneOf('holds', 'fails', 'not run yet', 'not checked here'),
      beyond: optional,
      scope: optional,
      counts: Type.Optional(
        exactly({ releases: Type.Optional(whole), entries: Type.Optional(whole), batches: Type.Optional(whole) }),
      ),
    }),
  ),
  ranAt: optional,
  nextRunFrom: optional,
})
/** docs/receipt.md and src/tlog/leaves.ts say what is in a leaf. */
export const AuditedRelease = exactly({
  release: text,
  index: text,
  leaf: open,
  postings: Type.Array(exactly({ account: text, amount: text, words: text })),
  currency: text,
  period: ShortPeriod,
  upperBound: optional,
  proof: text,
})
export const LogPage = exactly({
  size: text,
  entries: Type.Array(exactly({ index: text, kind: text, leaf: open })),
  ...next,
})
export const Checkpoints = exactly({
  checkpoints: Type.Array(exactly({ size: text, root: text, note: text, at: text })),
  ...next,
})
export const InclusionProof = exactly({ index: text, size: text, path: texts, checkpoint: optional })
export const ConsistencyProof = exactly({ from: text, to: text, path: texts, older: optional, newer: optional })
export const LogKey = exactly({ key: text })
