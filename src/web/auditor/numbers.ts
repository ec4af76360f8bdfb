import { purposeWords } from '../../consent/purpose-words.ts'
import { amountText, payText, rhoText } from '../../money/amount.ts'
import type { Format } from '../i18n/format.ts'
import type { Language } from '../i18n/language.tsx'

/** The leaves' integers for people. A leaf has no currency of its own: an amount without one is a plain number. */
const integer = (text: string): bigint => (/^\d{1,60}$/.test(text) ? BigInt(text) : 0n)

/** Micro-units. */
export const money = (micro: string, format: Format, currency?: string, most = 6): string => {
  const amount = amountText(integer(micro))
  return currency ? format.money(amount, currency, most) : format.number(amount, 0, most)
}
/** Pico-units: a person's pay. */
export const pay = (pico: bigint, format: Format, currency: string): string => format.money(payText(pico), currency, 12)

export const rho = (nano: string, format: Format): string => format.number(rhoText(integer(nano)))

/** A purpose as people read it when they were asked; its identifier where it has no words. */
export const purposeTitle = (purpose: string, language: Language): string =>
  purposeWords(purpose, language)?.title ?? purpose
