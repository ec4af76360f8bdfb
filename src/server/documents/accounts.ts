import { Type } from '@sinclair/typebox'
import { exactly, Limit, oneOf, optional, ShortPeriod, text, texts, whole, yesOrNo } from './basics.ts'

export const Buyer = exactly({ id: text, name: text, purposes: texts, prepaid: text, pending: text })
export const Buyers = exactly({ buyers: Type.Array(Buyer) })

const role = oneOf('steward', 'buyer', 'person')
const key = { id: text, role, subject: text, label: text, createdAt: text, revokedAt: optional }
export const Key = exactly(key)
export const Keys = exactly({ keys: Type.Array(Key) })
export const KeyWithSecret = exactly({ ...key, secret: text })

const Spent = exactly({ releases: whole, price: text, rho: text })
export const Account = exactly({
  id: text,
  name: text,
  purposes: texts,
  currency: text,
  prepaid: text,
  pending: text,
  spent: exactly({ period: Type.Optional(Spent), last365Days: Spent, ever: Spent }),
  period: ShortPeriod,
  products: Type.Array(
    exactly({
      product: text,
      title: text,
      purposes: texts,
      questionsLeft: text,
      fitsOn: optional,
      limits: Type.Array(Limit),
      words: text,
    }),
  ),
})

export const Who = exactly({
  role,
  subject: text,
  name: text,
  via: oneOf('key', 'session'),
  expiresAt: optional,
})
export const Ended = exactly({ ended: text })
export const Sessions = exactly({
  sessions: Type.Array(
    exactly({
      id: text,
      role,
      subject: text,
      login: optional,
      createdAt: text,
      idleUntil: text,
      expiresAt: text,
      agent: text,
      current: yesOrNo,
    }),
  ),
})
export const LookedAtLink = exactly({ person: text, expiresAt: text })
/** The token signs in once, at the path. */
export const Link = exactly({ person: text, token: text, path: text, expiresAt: text })
