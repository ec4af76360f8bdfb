/**
 * The units in which the house counts. All are integers held in `bigint`; no `number` ever holds money or privacy loss.
 * On the wire and in canonical JSON they are decimal strings.
 */

/** Money: 10^-6 of the house's currency. */
export type Micro = bigint
/** Pay, kept so that no division ever rounds: 10^-12 of the currency = rate (micro-units per milli-rho) times nano-rho. */
export type Pico = bigint
/** Privacy loss: 10^-9 of a unit of zCDP rho, rounded up. */
export type NanoRho = bigint
/** Failure probability of approximate zCDP: 10^-12, rounded up. */
export type PicoDelta = bigint
/** A moment: microseconds since 1970-01-01T00:00:00Z. */
export type Instant = bigint
/** A whole UTC day: days since 1970-01-01. */
export type Day = number

/** pico-units of money in one micro-unit. */
export const picoPerMicro = 1_000_000n
/** nano-rho in one milli-rho, the unit of the posted rate. */
export const nanoPerMilliRho = 1_000_000n
export const nanoPerRho = 1_000_000_000n
