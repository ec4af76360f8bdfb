import type { AttackWorld } from './support/world.ts'

/** What an attack found out: a number, in words and with its unit. */
export interface Lost {
  readonly number: number
  readonly words: string
}

export interface Finding {
  /** The same attack on a system without the protection that it is about: measured, not supposed. */
  readonly unprotected: Lost
  readonly here: Lost
  /** What `here` may be at most, and why. */
  readonly limit: Lost
  readonly held: boolean
  readonly details: readonly string[]
}

/**
 * One attack: who does it, knowing what, wanting what. It goes through real doors where it can; where a bound is statistical it repeats the noise on the exact
 * rows of the real engine, because thousands of releases are more than any limit would sell.
 */
export interface Attack {
  readonly name: string
  /** Of the specification: differential-privacy.md, or of docs/threat-model.md. */
  readonly section: string
  readonly knows: string
  readonly wants: string
  run(world: AttackWorld): Promise<Finding>
}

/** An attack that counts broken rules: none may be. */
export const counted = (
  unprotected: Lost,
  broken: readonly string[],
  words: string,
  details: readonly string[] = [],
): Finding => ({
  unprotected,
  here: { number: broken.length, words },
  limit: { number: 0, words: 'nothing at all' },
  held: broken.length === 0,
  details: [...broken.map((one) => `BROKEN: ${one}`), ...details],
})
