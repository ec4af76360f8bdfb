/** Who acts: staff of the house, a buyer, or a person whose records are here. Auditors need no role: what they read is public. */
export type Role = 'steward' | 'buyer' | 'person'

/**
 * What each role may do, for every door. A route names its permission; what it then shows is still the caller's own: a buyer sees its own releases, a
 * person its own records. docs/access.md shows this table.
 */
export const permissions = {
  // Whoever is signed in.
  'session.own': ['steward', 'buyer', 'person'],
  // A person, about itself.
  'me.see': ['person'],
  'me.choose': ['person'],
  // A buyer, and for reading also the steward.
  'quote.ask': ['buyer'],
  'quote.see': ['buyer', 'steward'],
  'release.ask': ['buyer'],
  'release.see': ['buyer', 'steward'],
  'account.see': ['buyer'],
  'account.manage': ['buyer'],
  // The steward.
  'house.see': ['steward'],
  'house.manage': ['steward'],
  'contract.manage': ['steward'],
  'load.see': ['steward'],
  'buyer.see': ['steward'],
  'buyer.manage': ['steward'],
  'choice.record': ['steward'],
  'person.see': ['steward'],
  'person.link': ['steward'],
  'key.manage': ['steward'],
  'period.manage': ['steward'],
} as const satisfies Readonly<Record<string, readonly Role[]>>

export type Permission = keyof typeof permissions
/** What a route says of itself: open to everybody, or the one permission that it takes. */
export type Access = 'public' | Permission

/** The roles that a route of this access lets in. */
export const rolesOf = (access: Access): 'public' | readonly Role[] =>
  access === 'public' ? 'public' : permissions[access]

/** Not by the type alone: a route can be registered from anywhere. */
export const isAccess = (access: unknown): access is Access =>
  access === 'public' || (typeof access === 'string' && Object.hasOwn(permissions, access))
