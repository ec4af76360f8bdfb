import { affinity } from './affinity.ts'
import { funnel } from './funnel.ts'
import { lastTouch } from './last-touch.ts'
import { lift } from './lift.ts'
import type { Measure } from './measure.ts'
import { overlap } from './overlap.ts'
import { penetration } from './penetration.ts'
import { priceBands } from './price-bands.ts'
import { reach } from './reach.ts'
import { repeatRate } from './repeat-rate.ts'
import { retention } from './retention.ts'
import { revenueLift } from './revenue-lift.ts'

/** Every measure, in the order in which they are offered. */
export const measures: readonly Measure[] = Object.freeze([
  penetration,
  repeatRate,
  reach,
  overlap,
  affinity,
  funnel,
  retention,
  priceBands,
  lift,
  revenueLift,
  lastTouch,
])

export const findMeasure = (id: string): Measure | undefined => measures.find((measure) => measure.id === id)
