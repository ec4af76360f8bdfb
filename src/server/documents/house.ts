import { Type } from '@sinclair/typebox'
import { exactly, Limit, named, next, oneOf, optional, ShortPeriod, text, texts, whole, yesOrNo } from './basics.ts'

export const Period = exactly({
  id: text,
  openedAt: text,
  endsAt: text,
  closedAt: optional,
  ratePerMilliRho: text,
  headCountRho: text,
  upperBounds: Type.Record(text, text),
})
export const Periods = exactly({ periods: Type.Array(Period) })
export const NoPeriod = exactly({ open: Type.Literal(false) })

const Classes = Type.Array(exactly({ path: text, deadline: text, blocked: yesOrNo, blockedSince: optional }))
const rules = { every: text, least: text, classes: Classes, words: text }
export const AnswerRules = exactly(rules)
export const Answers = exactly({
  ...rules,
  failed: Type.Array(exactly({ release: text, at: optional, chargedAt: text, period: text, path: text })),
})

// ── what the steward's screens read ──────────────────────────────────────────────────────────────────────────────
export const StewardHome = exactly({
  house: exactly({ name: text, currency: text, rateLadder: texts, periodDays: whole }),
  period: ShortPeriod,
  revenue: exactly({ month: text, amount: text, releases: whole }),
  owed: exactly({ amount: text, words: text }),
  optedIn: Type.Array(exactly({ purpose: text, title: text, upperBound: text, change: optional, words: text })),
  budget: named({ product: optional, limit: Limit }),
  needsYou: Type.Array(
    exactly({ kind: text, when: oneOf('now', 'soon', 'look'), subject: text, words: text, by: optional }),
  ),
})
const funnelRow = {
  notice: named({ id: text, version: text }),
  purposes: texts,
  shown: whole,
  shownByLanguage: Type.Record(text, whole),
  details: whole,
  yes: whole,
  no: whole,
  withdrawn: whole,
  withdrawnWithin7Days: whole,
}
export const Funnel = exactly({
  from: text,
  to: text,
  notices: Type.Array(exactly(funnelRow)),
  days: Type.Array(exactly({ ...funnelRow, day: text })),
  words: text,
})
export const Refusals = exactly({
  from: text,
  to: text,
  total: whole,
  byCode: Type.Array(exactly({ code: text, meaning: text, count: whole })),
  byBuyer: Type.Array(exactly({ buyer: text, count: whole })),
  byDay: Type.Array(exactly({ day: text, count: whole })),
  recent: Type.Array(
    exactly({
      sequence: text,
      at: text,
      buyer: text,
      act: oneOf('quote', 'ask'),
      code: text,
      meaning: text,
      product: optional,
      purpose: optional,
      position: named({ offset: whole, line: whole, column: whole }),
    }),
  ),
  ...next,
})
const Days = Type.Array(exactly({ day: text, rho: text, inWindow: text }))
export const Budget = exactly({
  cheapest: text,
  products: Type.Array(exactly({ product: text, title: text, limit: Limit, days: Days })),
  house: exactly({
    delta: Type.Array(exactly({ days: Type.Optional(whole), limit: text, used: text })),
    limits: Type.Array(Limit),
    days: Days,
  }),
})
export const BookOfMoney = exactly({
  currency: text,
  accounts: Type.Array(
    exactly({
      account: text,
      kind: oneOf('prepaid', 'pending', 'pool', 'share', 'outside'),
      amount: text,
      words: text,
    }),
  ),
  entries: Type.Array(
    exactly({
      sequence: text,
      kind: text,
      subject: text,
      at: text,
      words: text,
      postings: Type.Array(exactly({ account: text, amount: text })),
    }),
  ),
  ...next,
})
