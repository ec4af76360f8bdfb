import type { Attack } from './attack.ts'
import { averaging } from './averaging.ts'
import { differencing } from './differencing.ts'
import { errors } from './errors.ts'
import { groupKeys } from './group-keys.ts'
import { insiders } from './insiders.ts'
import { membership } from './membership.ts'
import { oracles } from './oracles.ts'
import { order } from './order.ts'
import { racing } from './racing.ts'
import { reconstruction } from './reconstruction.ts'
import { rejoining } from './rejoining.ts'
import { timing } from './timing.ts'

/** On the noise and on how much of it is sold. */
export const noiseAttacks: readonly Attack[] = [
  differencing,
  averaging,
  membership,
  reconstruction,
  groupKeys,
  timing,
  insiders,
]
/** On the doors, in two worlds or by many at once. */
export const doorAttacks: readonly Attack[] = [racing, errors, order, oracles, rejoining]

/** Every attack, in the order in which they are told. */
export const attacks: readonly Attack[] = [...noiseAttacks, ...doorAttacks]
