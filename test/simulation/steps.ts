import fc from 'fast-check'
import { startOfDay } from '../../src/base/instant.ts'
import type { HouseSettings, LimitClass, Limits, PersonFacts } from '../../src/release/ports.ts'
import { firstDay, settingsWith } from '../store/book-world.ts'

/** One thing that happens in a house. Numbers are chosen freely; the story reads them modulo what exists. */
export type Step =
  | {
      readonly kind: 'give'
      readonly person: number
      readonly purpose: number
      readonly days: number
      readonly late: number
    }
  | {
      readonly kind: 'leave'
      readonly person: number
      readonly purpose: number
      readonly status: number
      readonly late: number
    }
  | {
      readonly kind: 'ask'
      readonly buyer: number
      readonly purpose: number
      readonly nano: number
      readonly delta: number
      readonly price: number
      readonly question: number
      readonly keyed: boolean
      readonly then: 'post' | 'burn' | 'crash' | 'wait'
    }
  | { readonly kind: 'retry'; readonly index: number; readonly how: 'same' | 'conflict' | 'memo' }
  | { readonly kind: 'fund'; readonly buyer: number; readonly amount: number }
  | { readonly kind: 'approve'; readonly buyer: number; readonly purpose: number }
  | { readonly kind: 'open'; readonly days: number; readonly rate: number; readonly crash: boolean }
  | { readonly kind: 'close' }
  | {
      readonly kind: 'limits'
      readonly person: number
      readonly to: LimitClass | 'life' | 'no life'
      readonly life: number
    }
  | { readonly kind: 'time'; readonly days: number; readonly hours: number }
  | { readonly kind: 'load'; readonly absent: number; readonly shift: number }
  | { readonly kind: 'statement'; readonly person: number }
  | { readonly kind: 'batch'; readonly most: number }
  | { readonly kind: 'crash' }

export interface History {
  /** Public caps that are never in the way, or those that keep the house within the medium limits. */
  readonly wideCaps: boolean
  /** Per person, the purposes said yes to before the first opening, as bits. */
  readonly yes: readonly number[]
  readonly steps: readonly Step[]
}

export const purposes = ['research', 'statistics', 'quality'] as const
export const buyers = ['b0', 'b1'] as const
export const persons = Array.from({ length: 12 }, (_, n) => `p${n}`)

/** Limits that a dozen questions reach. */
export const limits: Limits = {
  windows: [
    { days: 3, nano: 100n, delta: 20n },
    { days: 10, nano: 260n, delta: 45n },
  ],
  life: { nano: 700n, delta: 150n },
  houseShare: 15n,
  maxPerRelease: 40n,
  headCount: 5n,
}
export const settings: HouseSettings = settingsWith(limits)

/** Mostly adults; the last but one comes of age during the story, of the last one nobody knows the age. */
export function factsOf(person: string, shift = 0): PersonFacts {
  const n = persons.indexOf(person)
  if (n === 11) return { person }
  if (n === 10) return { person, adultOn: firstDay + 3 + shift, place: 'somewhere' }
  return { person, adultOn: 10_000, place: 'somewhere' }
}

export const start = startOfDay(firstDay) + 3_600_000_000n

const small = (max: number) => fc.nat({ max })
const person = small(persons.length - 1)
const purpose = small(purposes.length - 1)
const buyer = small(buyers.length - 1)
const late = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: small(5) },
  { weight: 1, arbitrary: fc.constant(6) },
)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('give' as const),
      person,
      purpose,
      days: fc.oneof(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 30 })),
      late,
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('leave' as const), person, purpose, status: small(3), late }) },
  {
    weight: 24,
    arbitrary: fc.record({
      kind: fc.constant('ask' as const),
      buyer,
      purpose,
      nano: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 10, max: 41 })),
      delta: fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: small(12) }),
      price: small(2_000),
      question: small(4),
      keyed: fc.boolean(),
      // biome-ignore lint/suspicious/noThenProperty: a step is data, never awaited
      then: fc.constantFrom('post' as const, 'post' as const, 'burn' as const, 'crash' as const, 'wait' as const),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('retry' as const),
      index: small(30),
      how: fc.constantFrom('same' as const, 'conflict' as const, 'memo' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('fund' as const), buyer, amount: small(5_000) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('approve' as const), buyer, purpose }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('open' as const),
      days: fc.integer({ min: 2, max: 20 }),
      rate: fc.integer({ min: 1, max: 3_000 }),
      crash: fc.constantFrom(false, false, false, true),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'close' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('limits' as const),
      person,
      to: fc.constantFrom('low' as const, 'medium' as const, 'high' as const, 'life' as const, 'no life' as const),
      life: small(200),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      days: fc.oneof(
        { weight: 4, arbitrary: fc.constant(0) },
        { weight: 5, arbitrary: fc.integer({ min: 1, max: 4 }) },
        { weight: 1, arbitrary: fc.integer({ min: 5, max: 40 }) },
      ),
      hours: small(9),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('load' as const), absent: small(4095), shift: small(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('statement' as const), person }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('batch' as const), most: small(8) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'crash' as const }) },
)

export const histories = (atMost: number): fc.Arbitrary<History> =>
  fc.record({
    wideCaps: fc.boolean(),
    yes: fc.array(small(7), { minLength: persons.length, maxLength: persons.length }),
    steps: fc.array(step, { minLength: 1, maxLength: atMost, size: 'max' }),
  })
