import fc from 'fast-check'

/** What happens to a release on its way; `at` counts stages, or steps of the disk while the log is written. */
export type Fate =
  | { readonly kind: 'none' }
  | { readonly kind: 'failure'; readonly at: number }
  | { readonly kind: 'crash'; readonly at: number }
  | { readonly kind: 'crash of the disk'; readonly at: number; readonly keeps: number }

export type WayStep =
  | { readonly kind: 'join'; readonly person: number; readonly purpose: number }
  | { readonly kind: 'leave'; readonly person: number; readonly purpose: number }
  | { readonly kind: 'low limits'; readonly person: number }
  | {
      readonly kind: 'ask'
      readonly buyer: number
      readonly purpose: number
      readonly question: number
      readonly nano: number
      readonly fate: Fate
    }
  | { readonly kind: 'ask again'; readonly index: number }
  | { readonly kind: 'fund'; readonly buyer: number; readonly amount: number }
  | { readonly kind: 'days'; readonly days: number }
  | { readonly kind: 'open' }

export const wayPersons = Array.from({ length: 9 }, (_, n) => `p${n}`)
export const wayPurposes = ['product-statistics', 'scientific-research'] as const
export const wayBuyers = ['rich', 'poor'] as const
/** The stages at which a failure leads to a burned release, then those that come after it is released. */
export const failing = ['rewrite', 'engine', 'noise', 'post'] as const
export const stages = ['charge', ...failing, 'log', 'receipt'] as const
export const nanos = [500_000n, 2_000_000n, 5_000_000n] as const
export const questions = [
  'SELECT COUNT(DISTINCT person) AS people FROM people',
  'SELECT area, COUNT(DISTINCT person) AS people FROM people GROUP BY area',
  'SELECT area, COUNT(DISTINCT person) AS people, SUM(spent) AS spent FROM visits JOIN people USING (person) GROUP BY area',
  'SELECT spent, COUNT(DISTINCT person) AS people, AVG(spent) AS mean FROM visits GROUP BY spent',
] as const

const small = (max: number) => fc.nat({ max })
const person = small(wayPersons.length - 1)
const purpose = small(wayPurposes.length - 1)
const buyer = fc.constantFrom(0, 0, 0, 1)
const fate: fc.Arbitrary<Fate> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'none' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('failure' as const), at: small(failing.length - 1) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('crash' as const), at: small(stages.length - 1) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('crash of the disk' as const), at: small(12), keeps: small(255) }),
  },
)

export const wayHistories = (atMost: number): fc.Arbitrary<readonly WayStep[]> =>
  fc.array(
    fc.oneof(
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('join' as const), person, purpose }) },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('leave' as const), person, purpose }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('low limits' as const), person }) },
      {
        weight: 12,
        arbitrary: fc.record({
          kind: fc.constant('ask' as const),
          buyer,
          purpose,
          question: small(questions.length - 1),
          nano: small(nanos.length - 1),
          fate,
        }),
      },
      { weight: 3, arbitrary: fc.record({ kind: fc.constant('ask again' as const), index: small(20) }) },
      { weight: 1, arbitrary: fc.record({ kind: fc.constant('fund' as const), buyer, amount: small(5_000_000) }) },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('days' as const), days: fc.integer({ min: 1, max: 9 }) }) },
      { weight: 3, arbitrary: fc.constant({ kind: 'open' as const }) },
    ),
    { minLength: 4, maxLength: atMost, size: 'max' },
  )
