import type { NanoRho } from '../base/units.ts'
import { defaultNano } from './world.ts'

/** The plain tiers in which accuracy is sold: a count of people to within so many, and the privacy loss of such a question. */
export const tiers: readonly { readonly people: number; readonly nano: NanoRho }[] = Object.freeze([
  { people: 62, nano: defaultNano },
  { people: 20, nano: 5_000_000n },
  { people: 14, nano: 10_000_000n },
])
