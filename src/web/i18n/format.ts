import { useLanguage } from './language.tsx'

/**
 * Numbers, money and times as a reader's language writes them. Amounts arrive as decimal texts and are never made into floating-point numbers:
 * Intl formats a decimal text exactly (ECMA-402, Intl mathematical values).
 */
export interface Format {
  /** A decimal text with its thousands separated; as many decimals as it has, or at least `places`, at most `most`. */
  number(text: string | number | bigint, places?: number, most?: number): string
  /** Money: at least two decimals, more where they matter (`0.00375`), with its currency. */
  money(text: string, currency: string, most?: number): string
  percent(share: number, places?: number): string
  day(instant: string): string
  /** Day, hour and minute; with `seconds`, to the second. In the reader's own time zone. */
  time(instant: string, seconds?: boolean): string
  list(items: readonly string[]): string
}

export function makeFormat(language: string): Format {
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const exact = (text: string | number | bigint, options: Intl.NumberFormatOptions): string =>
    new Intl.NumberFormat(locale, options).format(text as Intl.StringNumericLiteral)
  const decimals = (text: string): number => text.split('.')[1]?.length ?? 0
  return {
    number: (text, places = 0, most = Math.max(places, Math.min(20, decimals(String(text))))) =>
      exact(text, { minimumFractionDigits: places, maximumFractionDigits: Math.max(places, most) }),
    money: (text, currency, most = 2) =>
      exact(text, {
        style: 'currency',
        currency: currency || 'EUR',
        minimumFractionDigits: 2,
        maximumFractionDigits: Math.max(2, most),
      }),
    percent: (share, places = 0) =>
      exact(share, { style: 'percent', minimumFractionDigits: places, maximumFractionDigits: places }),
    day: (instant) =>
      new Intl.DateTimeFormat(locale, {
        day: 'numeric',
        month: 'long',
        year: 'numeric',
        timeZone: zoneOf(instant),
      }).format(new Date(instant)),
    time: (instant, seconds = false) =>
      new Intl.DateTimeFormat(locale, {
        day: 'numeric',
        month: 'short',
        year: 'numeric',
        hour: '2-digit',
        minute: '2-digit',
        ...(seconds ? { second: '2-digit' } : {}),
      }).format(new Date(instant)),
    list: (items) => new Intl.ListFormat(locale).format(items),
  }
}

/** A bare date is a day everywhere; an instant is shown where the reader is. */
const zoneOf = (text: string): string | undefined => (/^\d{4}-\d{2}-\d{2}$/.test(text) ? 'UTC' : undefined)

export const useFormat = (): Format => formats[useLanguage().language]
const formats = { en: makeFormat('en'), de: makeFormat('de') }
