import { type TProperties, Type } from '@sinclair/typebox'

/** The documents that the API answers with, as house/views.ts writes them. Amounts and losses are decimal texts, moments ISO 8601. Nothing else is in them. */

const text = Type.String()
const optional = Type.Optional(Type.String())
const texts = Type.Array(text)
const exactly = <T extends TProperties>(properties: T) => Type.Object(properties, { additionalProperties: false })
const open = Type.Object({}, { additionalProperties: true })

const Notice = exactly({ id: text, version: text })
/** Whatever the steward wrote down as evidence. */
const Evidence = Type.Optional(open)

const Column = exactly({
  name: text,
  type: text,
  scale: Type.Optional(Type.Integer()),
  description: text,
  person: Type.Optional(Type.Boolean()),
  minimum: optional,
  maximum: optional,
  maxSumPerPerson: optional,
  domain: Type.Optional(Type.Array(Type.Union([text, Type.Integer(), Type.Boolean(), Type.Null()]))),
})
export const Product = exactly({
  product: text,
  version: text,
  title: text,
  description: open,
  purposes: texts,
  budget: exactly({ rho: text, days: Type.Integer(), maxPerRelease: text }),
  tables: Type.Array(exactly({ name: text, kind: text, maxRowsPerPerson: optional, columns: Type.Array(Column) })),
})

export const Quote = exactly({
  quote: text,
  product: text,
  contract: text,
  purpose: text,
  sql: text,
  price: text,
  priceOfANewAnswer: text,
  askedBefore: Type.Boolean(),
  currency: text,
  people: exactly({ share: text, upperBound: text, words: text }),
  privacy: exactly({ rho: text, nano: text, delta: text, epsilon: text, epsilonAtDelta: text }),
  groups: exactly({ count: Type.Integer(), keys: texts, rule: text }),
  accuracy: Type.Array(
    exactly({
      output: text,
      kind: text,
      words: text,
      halfWidth95: Type.Optional(
        Type.Union([text, exactly({ at1000Rows: text, at10000Rows: text, at100000Rows: text })]),
      ),
    }),
  ),
  channels: Type.Array(
    exactly({ measure: Type.Integer(), part: text, nano: text, sensitivitySquared: text, sigma2: text }),
  ),
  limitClassesUsedUp: texts,
  period: text,
  validUntil: text,
  limitations: text,
})

/** docs/receipt.md says what is in the parts. */
export const Receipt = exactly({
  format: Type.Literal('usufruct-receipt/v1'),
  origin: text,
  release: open,
  plan: text,
  answer: open,
  resultSalt: text,
  proof: text,
})

export const Release = exactly({
  id: text,
  state: Type.Union([Type.Literal('charged'), Type.Literal('released'), Type.Literal('burned')]),
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
export const Releases = exactly({ releases: Type.Array(Release), next: optional })

export const Choices = exactly({
  person: text,
  limitClass: text,
  lifeRho: optional,
  standing: Type.Array(
    exactly({
      purpose: text,
      status: text,
      since: text,
      validUntil: optional,
      inForce: Type.Boolean(),
      note: optional,
    }),
  ),
  events: Type.Array(
    exactly({
      id: text,
      purpose: text,
      status: text,
      at: text,
      entity: text,
      notice: Type.Optional(Notice),
      evidence: Evidence,
    }),
  ),
})

export const Statement = exactly({
  person: text,
  currency: text,
  earned: text,
  spentRho: text,
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

export const Period = exactly({
  id: text,
  openedAt: text,
  endsAt: text,
  closedAt: optional,
  ratePerMilliRho: text,
  headCountRho: text,
  upperBounds: Type.Record(text, text),
})
export const NoPeriod = exactly({ open: Type.Literal(false) })

export const Buyer = exactly({ id: text, name: text, purposes: texts, prepaid: text, pending: text })

const key = { id: text, role: text, subject: text, label: text, createdAt: text, revokedAt: optional }
export const Key = exactly(key)
export const KeyWithSecret = exactly({ ...key, secret: text })

export const Notices = exactly({
  notices: Type.Array(
    exactly({
      id: text,
      version: text,
      language: text,
      purposes: texts,
      text,
      hash: text,
      publishedAt: text,
    }),
  ),
})

export const Leaves = exactly({
  leaves: Type.Array(exactly({ index: text, leaf: open })),
  size: text,
  next: optional,
})
export const Consistency = exactly({ from: text, to: text, proof: texts, checkpoint: text })
