/**
 * The library: what the command line and the HTTP API are made of, for programs that keep a house of their own.
 *
 *     import { openHouse, quote, answer, verifyReceipt } from 'usufruct'
 *     const house = await openHouse('/srv/coop')
 *     const quoted = await quote({ buyer: 'mill', product: 'visits', purpose: 'product-statistics', sql, wish: undefined }, house.world)
 *
 * Functions return an Outcome: a value, or a refusal with a stable code (docs/refusals.md). Faults, the world failing, are thrown. Amounts are bigint:
 * micro-units of the currency, nano-rho, microseconds since 1970 UTC.
 */

export { Fault } from './base/fault.ts'
export type { Clock } from './base/instant.ts'
export { expectAccepted, type Outcome, type Refusal, type RefusalCode, Refused, refusals } from './base/refusal.ts'
export { createKey } from './house/access.ts'
export { changeAnswerRules } from './house/answers.ts'
export { choose, importChoices, publishNotice } from './house/choices.ts'
export { applyContract } from './house/contracts.ts'
export type { House, Source } from './house/house.ts'
export { loadProduct } from './house/loads.ts'
export { initHouse, type OpenOptions, openHouse, restoreHouse } from './main.ts'
export { compileMeasure } from './measures/compile.ts'
export type { Figure, Figures } from './measures/figures/answer.ts'
export { figuresOf } from './measures/figures.ts'
export type { Compiled, Given } from './measures/measure.ts'
export { type Offer, offers as offeredMeasures } from './measures/offer.ts'
export { type Answered, answer } from './release/answer.ts'
export type { AnswerDocument } from './release/document.ts'
export { type Explained, explain } from './release/explain.ts'
export { closePeriod, openPeriod } from './release/period.ts'
export { preview } from './release/preview.ts'
export { type Quoted, quote } from './release/quote.ts'
export type { Question } from './release/world.ts'
export { startServer } from './server/start.ts'
export {
  verifyCheckpoint,
  verifyCombined,
  verifyConsentReceipt,
  verifyConsistencyProof,
  verifyReceipt,
} from './verify/index.ts'
