import { Type } from '@sinclair/typebox'
import { exactly, named, next, oneOf, open, optional, text, texts, whole, yesOrNo } from './basics.ts'

const Width = Type.Union([text, exactly({ at1000Rows: text, at10000Rows: text, at100000Rows: text })])
const Accuracy = Type.Array(
  exactly({
    output: text,
    kind: oneOf('guaranteed', 'expected', 'derived'),
    words: text,
    halfWidth95: Type.Optional(Width),
  }),
)
/** Which groups of open keys appear. */
const Selection = exactly({
  channel: whole,
  threshold: text,
  maxGroups: text,
  delta: text,
  hidden: yesOrNo,
  words: text,
})
const privacy = { rho: text, delta: text, epsilon: text, epsilonAtDelta: text }
const MadeOf = exactly({
  channels: Type.Array(whole),
  mechanism: text,
  nano: text,
  ...privacy,
  sigma: optional,
})
const described = {
  product: text,
  contract: text,
  purpose: text,
  sql: text,
  price: text,
  priceOfANewAnswer: text,
  askedBefore: yesOrNo,
  currency: text,
  people: exactly({ share: text, upperBound: text, words: text }),
  privacy: exactly({ ...privacy, nano: text }),
  groups: exactly({
    count: Type.Optional(whole),
    keys: texts,
    open: Type.Optional(texts),
    rule: text,
    selection: Type.Optional(Selection),
  }),
  accuracy: Accuracy,
  bounds: named({
    mode: oneOf('auto', 'named'),
    sums: Type.Array(
      exactly({ sum: text, bound: optional, declared: optional, sql: optional, price: optional, rho: optional }),
    ),
    words: text,
  }),
  topUp: named({ of: text, owned: text, total: text, words: text }),
  channels: Type.Array(
    exactly({
      measure: whole,
      part: text,
      nano: text,
      sensitivitySquared: text,
      sigma2: text,
      outputs: texts,
      mechanism: text,
      rho: text,
      share: text,
      sigma: optional,
      width: whole,
      epsilon: optional,
    }),
  ),
  outputs: Type.Array(exactly({ name: text, noise: Type.Optional(MadeOf) })),
  plan: exactly({ path: oneOf('records', 'flat', 'two-level'), words: text }),
  limitClassesUsedUp: texts,
  period: text,
  validUntil: text,
  limitations: text,
}
const Suggestions = Type.Array(
  exactly({
    kind: oneOf('without-group', 'alone', 'sum-instead', 'clamp', 'another-quantile', 'average-too'),
    subject: text,
    at: optional,
    sql: optional,
    outputs: Type.Array(exactly({ output: text, before: optional, after: optional, times: optional })),
    groups: named({ before: whole, after: whole }),
    words: text,
  }),
)
export const Quote = exactly({ quote: text, ...described, suggestions: Suggestions })

const previewed = {
  ...described,
  words: exactly({ line: text, price: text, privacy: text, accuracy: texts, groups: text, again: text }),
  alternatives: Type.Array(
    exactly({
      people: whole,
      is: oneOf('cheaper', 'the same', 'more precise'),
      rho: text,
      price: text,
      accuracy: Accuracy,
      threshold: optional,
      unavailable: optional,
    }),
  ),
  expected: Type.Array(
    exactly({ output: text, halfWidth95: text, evenShare: text, atLeastPercent: text, warning: optional }),
  ),
  left: exactly({ questions: text, words: text }),
}
const Preview = exactly(previewed)
export const Explained = exactly({
  ...previewed,
  time: exactly({ every: text, least: text, deadline: text, words: text }),
  suggestions: Suggestions,
})
/** What a quote would be, or why there is none; the problem has no instance, because nothing was refused. */
export const Previewed = Type.Union([
  exactly({ ok: Type.Literal(true), quote: Preview }),
  exactly({
    ok: Type.Literal(false),
    problem: exactly({
      type: text,
      title: text,
      status: whole,
      detail: text,
      code: text,
      hint: optional,
      position: named({ offset: whole, line: whole, column: whole }),
      reasons: Type.Optional(
        Type.Array(exactly({ rule: text, layer: oneOf('law', 'house', 'person'), citation: text, text })),
      ),
      spent: exactly({ price: text, rho: text }),
    }),
  }),
])

const Cell = exactly({
  value: Type.Union([text, Type.Null()]),
  low: optional,
  high: optional,
  interval: Type.Optional(oneOf('exact', 'delta', 'fieller', 'approximate')),
  word: Type.Optional(oneOf('solid', 'rough', 'noise')),
  insufficient: Type.Optional(Type.Literal(true)),
})
const shown = {
  columns: Type.Array(exactly({ name: text, kind: oneOf('group', 'value'), noise: Type.Optional(MadeOf) })),
  rows: Type.Array(Type.Array(Cell)),
  notes: texts,
}
/** Of an answer, what a person in it is shown. */
export const ShownAnswer = exactly(shown)
const Answer = exactly({
  release: text,
  product: text,
  contract: text,
  purpose: text,
  sql: text,
  period: text,
  chargedAt: text,
  nano: text,
  privacy: exactly(privacy),
  price: text,
  paid: text,
  currency: text,
  upperBound: text,
  ...shown,
  released: Type.Optional(Type.Array(texts)),
  combined: named({
    of: texts,
    nano: text,
    rho: text,
    epsilon: text,
    channels: Type.Array(exactly({ nano: text, sigma2: text, width: whole })),
    values: Type.Array(texts),
  }),
  method: Type.Array(
    exactly({
      measure: whole,
      part: text,
      mechanism: oneOf('discrete Gaussian', 'exponential'),
      sensitivitySquared: text,
      sigma2: text,
      epsilon: optional,
    }),
  ),
  selection: Type.Optional(Selection),
})
/** docs/receipt.md says what is in the leaf. */
export const Receipt = exactly({
  format: Type.Literal('usufruct-receipt/v1'),
  origin: text,
  release: open,
  plan: text,
  answer: Answer,
  resultSalt: text,
  proof: text,
})
const Graded = exactly({
  method: oneOf('exact', 'approximate'),
  intervals: Type.Array(exactly({ level: whole, low: text, high: text })),
})
export const GradedAnswer = exactly({
  answer: Answer,
  graded: Type.Array(Type.Array(Type.Union([Graded, Type.Null()]))),
})

export const Release = exactly({
  id: text,
  state: oneOf('charged', 'released', 'burned'),
  product: text,
  purpose: text,
  sql: optional,
  rho: text,
  price: text,
  period: text,
  chargedAt: text,
  settledAt: optional,
  leafIndex: optional,
})
export const Releases = exactly({ releases: Type.Array(Release), ...next })
