import { Type } from '@sinclair/typebox'
import { exactly, named, next, oneOf, open, optional, ShortPeriod, text, texts, whole, yesOrNo } from './basics.ts'
import { ShownAnswer } from './releases.ts'

const status = oneOf('given', 'refused', 'withdrawn', 'revoked', 'expired')
const NoticeNamed = named({ id: text, version: text, language: optional, hash: optional })
const limitClass = oneOf('low', 'medium', 'high')

// ── one person, as the steward sees it ───────────────────────────────────────────────────────────────────────────
export const Choices = exactly({
  person: text,
  limitClass,
  lifeRho: optional,
  standing: Type.Array(
    exactly({ purpose: text, status, since: text, validUntil: optional, inForce: yesOrNo, note: optional }),
  ),
  events: Type.Array(
    exactly({
      id: text,
      purpose: text,
      status,
      at: text,
      entity: text,
      notice: NoticeNamed,
      evidence: Type.Optional(open),
    }),
  ),
})
export const Recorded = exactly({ recorded: whole, skipped: whole })

export const Statement = exactly({
  person: text,
  currency: text,
  earned: text,
  spentRho: text,
  spentDelta: text,
  spentEpsilon: text,
  epsilonAtDelta: text,
  stints: Type.Array(exactly({ purposes: texts, from: text, to: optional, earned: text, spentRho: text })),
  releases: Type.Array(
    exactly({
      release: text,
      at: text,
      buyer: text,
      product: text,
      purpose: text,
      rho: text,
      ratePerMilliRho: text,
      earned: text,
    }),
  ),
})

// ── a person, about itself ───────────────────────────────────────────────────────────────────────────────────────
const use = {
  release: text,
  at: text,
  kind: oneOf('answer', 'head count', 'failed'),
  buyer: text,
  product: optional,
  purpose: optional,
  question: exactly({
    words: text,
    by: oneOf('buyer', 'us'),
    plain: optional,
    parts: Type.Optional(
      exactly({
        measures: Type.Array(exactly({ kind: text, column: optional })),
        tables: texts,
        groups: texts,
        filtered: yesOrNo,
      }),
    ),
    sql: optional,
  }),
  answer: Type.Optional(ShownAnswer),
  eligible: optional,
  eligibleWords: text,
  rho: text,
  delta: optional,
  ratePerMilliRho: text,
  earned: text,
  paidToPeople: optional,
}
export const MyUses = exactly({ uses: Type.Array(exactly(use)), ...next, total: whole })
export const MyUse = exactly({ ...use, receipt: optional })
export const MyHome = exactly({
  house: text,
  currency: text,
  allowed: exactly({ inForce: whole, waiting: whole, of: whole }),
  questions: exactly({ count: whole, since: optional }),
  earned: text,
  lastUses: Type.Array(exactly(use)),
  period: ShortPeriod,
  nextPeriodAt: optional,
})

const choice = {
  purpose: text,
  title: text,
  sentence: text,
  example: text,
  status: oneOf('given', 'refused', 'withdrawn', 'revoked', 'expired', 'none'),
  since: optional,
  validUntil: optional,
  inForce: yesOrNo,
  note: optional,
  joinsAt: optional,
  notice: named({ id: text, version: text, language: text, hash: text, url: text, text }),
  history: Type.Array(
    exactly({
      id: text,
      status,
      at: text,
      tookEffectAt: optional,
      entity: text,
      notice: NoticeNamed,
      receipt: text,
    }),
  ),
}
const choices = { inForce: whole, purposes: Type.Array(exactly(choice)) }
export const MyChoices = exactly(choices)
export const MyChoice = exactly({ ...choice, tookEffectAt: optional })
export const Stopped = exactly({ ...choices, stopped: texts, tookEffectAt: text })
/** docs/receipt.md says what is in record and batch. */
export const ConsentReceipt = exactly({
  format: Type.Literal('usufruct-consent-receipt/v1'),
  origin: text,
  consent: open,
  salt: text,
  slot: text,
  path: texts,
  batch: open,
  proof: text,
})
export const PendingReceipt = exactly({ state: Type.Literal('pending'), until: text })

export const MyMoney = exactly({
  currency: text,
  estimated: exactly({
    purposes: texts,
    low: text,
    high: text,
    words: text,
    lines: Type.Array(
      exactly({
        bound: oneOf('low', 'high'),
        about: Type.Union([
          exactly({ kind: oneOf('answers'), purpose: text, count: text }),
          exactly({ kind: oneOf('head counts'), count: text }),
          exactly({ kind: oneOf('budget'), title: text }),
        ]),
        words: text,
        rho: text,
        ratePerMilliRho: optional,
        amount: text,
      }),
    ),
  }),
  earned: exactly({
    amount: text,
    lines: Type.Array(
      exactly({
        release: text,
        at: text,
        buyer: text,
        purpose: text,
        ratePerMilliRho: text,
        rho: text,
        amount: text,
      }),
    ),
    words: text,
  }),
  payable: exactly({ amount: text, least: text, words: text }),
  paid: exactly({ amount: text, words: text }),
})
export const MyData = exactly({
  topics: Type.Array(
    exactly({
      product: text,
      title: text,
      table: text,
      words: text,
      asOf: text,
      keptFor: optional,
      columns: Type.Array(exactly({ name: text, words: text, type: text })),
      rows: Type.Array(Type.Record(text, Type.Union([text, yesOrNo, Type.Null()]))),
    }),
  ),
})
const classLimits = exactly({
  windows: Type.Array(exactly({ days: whole, rho: text })),
  lifeRho: text,
  lower: texts,
})
export const MyLimits = exactly({
  class: limitClass,
  lifeRho: optional,
  spentRho: text,
  spentDelta: text,
  classes: Type.Optional(exactly({ low: classLimits, medium: classLimits, high: classLimits })),
  medium: Type.Optional(classLimits),
  words: text,
})
export const MyProof = exactly({
  logKey: text,
  origin: text,
  checkpoint: optional,
  releases: Type.Array(exactly({ release: text, at: text, url: text })),
  choices: Type.Array(exactly({ act: text, purpose: text, status, at: text, url: text })),
})

// ── what people are shown ────────────────────────────────────────────────────────────────────────────────────────
const notice = {
  id: text,
  version: text,
  language: text,
  purposes: texts,
  hash: text,
  publishedAt: text,
  url: text,
}
export const Notices = exactly({ notices: Type.Array(exactly(notice)) })
export const Notice = exactly({ ...notice, text })
