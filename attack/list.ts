import type { Attack } from './attack.ts'
import { averaging } from './averaging.ts'
import { differencing } from './differencing.ts'
import { errors } from './errors.ts'
import { groupKeys } from './group-keys.ts'
import { membership } from './membership.ts'
import { racing } from './racing.ts'
import { reconstruction } from './reconstruction.ts'

/** Every attack, in the order in which they are told. */
export const attacks: readonly Attack[] = [
  differencing,
  averaging,
  membership,
  reconstruction,
  racing,
  groupKeys,
  errors,
]
