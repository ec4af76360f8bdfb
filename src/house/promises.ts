import type { CheckName } from '../verify/index.ts'
import type { Found } from './audit.ts'
import type { ClaimCounts } from './views/audit.ts'

/** The ten promises, and how a run looks at each. Without `holds` a run cannot: then `how` says who can. */
export interface PromiseMade {
  readonly number: number
  readonly words: string
  readonly how: string
  /** The part that no run can show, and what does. */
  readonly beyond?: string
  readonly holds?: (found: Found) => boolean
  readonly scope?: (found: Found) => string
  readonly counts?: (found: Found) => ClaimCounts
}

const good = (found: Found, ...names: readonly CheckName[]): boolean =>
  names.every((name) => !found.failedChecks.has(name))
const releases = ({ releases }: Found): string => `${releases} ${releases === 1 ? 'release' : 'releases'}`
const ofReleases = ({ releases }: Found): ClaimCounts => ({ releases })
const leaves = ({ leaves, batches }: Found): string => `${leaves} entries of the log, ${batches} batches of choices`

export const promises: readonly PromiseMade[] = [
  {
    number: 1,
    words:
      'No record of a person enters an answer unless that person’s consent for that purpose is in force. A withdrawal holds from the next release on.',
    how: 'The books are worked out again from every choice and every charge: who was in a release is who had said yes and not left.',
    holds: (found) => found.books,
    scope: releases,
    counts: ofReleases,
  },
  {
    number: 2,
    words:
      'Every number that leaves is differentially private with respect to one person’s whole record set, at the rho and delta on its receipt.',
    how: 'Each receipt: the noise follows from the privacy charge, and the log committed to it.',
    beyond: 'That the noise was drawn so is shown by the published source and its tests.',
    holds: (found) => good(found, 'noise', 'inclusion'),
    scope: releases,
    counts: ofReleases,
  },
  {
    number: 3,
    words:
      'Nobody’s total loss passes their limits: in 30 days, in 365, for life. Charges precede noise and never come back.',
    how: 'The books add up every charge to everybody again and hold it against every limit.',
    holds: (found) => found.books,
    scope: releases,
    counts: ofReleases,
  },
  {
    number: 4,
    words:
      'Everything decided before the noise depends on public facts only: refusals, quotes, prices, timing, error messages.',
    how: 'Each receipt: the price follows from the tariff, the published bound and the charge.',
    beyond: 'Refusals and timing are shown by the tests of the published source.',
    holds: (found) => good(found, 'price'),
    scope: releases,
    counts: ofReleases,
  },
  {
    number: 5,
    words: 'Price and pay follow rho alone. Money in equals money out plus money held, at every moment.',
    how: 'Each receipt: rate, pool, shares and the public indices. The books: debits equal credits, and the pool covers what is owed.',
    holds: (found) => found.books && good(found, 'price', 'pay'),
    scope: releases,
    counts: ofReleases,
  },
  {
    number: 6,
    words:
      'The same buyer’s same question in the same period gets the same answer, free of further loss, whoever has left since.',
    how: 'No question was answered twice for one buyer in one period.',
    holds: (found) => found.onceEach,
    scope: releases,
    counts: ofReleases,
  },
  {
    number: 7,
    words: 'No law, no consent, no budget or no funds: no answer. Every no says why.',
    how: 'In the log, each release comes after the contract and the notice for its purpose, inside an open period, and names the rules that judged it.',
    holds: (found) => found.lawful,
    scope: releases,
    counts: ofReleases,
  },
  {
    number: 8,
    words:
      'Every release, charge, batch of choices, notice and rule pack is committed in an append-only log that others can witness; nothing in it moves visibly when one person leaves.',
    how: 'The tree is computed again from its entries and compared with everything that was signed; every release has its entry and its receipt.',
    holds: (found) =>
      found.log &&
      found.unproved === 0 &&
      good(found, 'readable', 'checkpoint', 'proof', 'inclusion', 'result', 'plan', 'answer'),
    scope: leaves,
    counts: ({ leaves, batches }) => ({ entries: leaves, batches }),
  },
  {
    number: 9,
    words: 'A person erased is gone from every file, and what stays proves nothing about anybody.',
    how: 'This version does not erase yet, so there is nothing to check.',
  },
  {
    number: 10,
    words:
      'The product gives no role a way to see an exact answer or to switch a protection off; every setting that matters is in the log.',
    how: 'The settings in force are those in the log.',
    beyond:
      'Nobody is protected from a steward who copies its own data or runs altered code: for that there are witnesses, and auditors on site.',
    holds: (found) => found.settings,
    scope: () => 'the settings',
  },
]
