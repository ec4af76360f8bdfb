import type { LimitClass } from '../../privacy/limits.ts'

/** How much privacy loss a person allows; losses in rho as decimal texts. */
export type MyLimits = {
  readonly class: LimitClass
  /** The person's own lower limit for life, if one was set. */
  readonly lifeRho?: string | undefined
  readonly spentRho: string
  /** Charged by answers with open groups; 0 when there was none. */
  readonly spentDelta: string
  /** What each class means in numbers; the house's medium, a fifth of it, and twice. */
  readonly classes?: Readonly<Record<LimitClass, ClassLimits>> | undefined
  readonly medium?: ClassLimits | undefined
  readonly words: string
}
export type ClassLimits = {
  readonly windows: readonly { readonly days: number; readonly rho: string }[]
  readonly lifeRho: string
  /** Lower limits for life to choose from: a half, a quarter and a tenth of the class's own. */
  readonly lower: readonly string[]
}
