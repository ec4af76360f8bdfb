import type { LimitView } from '../../../house/views/limit.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'

/** A limit in one sentence: how much, in which time, what is used, and when it binds. */
export function useLimitWords(): {
  readonly span: (limit: Pick<LimitView, 'days'>) => string
  say(limit: LimitView): string
} {
  const words = useText(text)
  const format = useFormat()
  const span = ({ days }: Pick<LimitView, 'days'>) => (days === undefined ? words.forEver : words.days(days))
  return {
    span,
    say: (limit) => {
      const end = limit.bindsOn === undefined ? words.lasts : words.binds(format.day(limit.bindsOn))
      return words.say(format.number(limit.used), format.number(limit.limit), percent(limit), span(limit), end)
    },
  }
}

const percent = ({ usedPercent }: LimitView): string => usedPercent.replace(/ ?%$/, '')

const text = texts({
  en: {
    forEver: 'for ever',
    days: (days: number) => (days === 1 ? 'in any one day' : `in any ${days} days`),
    say: (used: string, limit: string, percent: string, span: string, end: string) =>
      `Rho ${used} of ${limit} is used (${percent} %), ${span}. ${end}`,
    lasts: 'At the present pace it does not run out within ten years.',
    binds: (day: string) => `At the present pace no further question fits from ${day}.`,
  },
  de: {
    forEver: 'auf Dauer',
    days: (days: number) => (days === 1 ? 'an jedem einzelnen Tag' : `in je ${days} Tagen`),
    say: (used: string, limit: string, percent: string, span: string, end: string) =>
      `Rho ${used} von ${limit} ist verbraucht (${percent} %), ${span}. ${end}`,
    lasts: 'Beim jetzigen Tempo reicht es länger als zehn Jahre.',
    binds: (day: string) => `Beim jetzigen Tempo passt ab dem ${day} keine weitere Frage mehr.`,
  },
})
