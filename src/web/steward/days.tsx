import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { texts, useText } from '../i18n/language.tsx'
import { useRead } from './api.ts'

const spans = [30, 90, 365] as const
interface Days {
  readonly from: string
  readonly to: string
}

/**
 * The last 30, 90 or 365 days of something that is counted by day. Which day is today is the server's to say: its own answer for the last 30 days tells it.
 */
export function useDays<T extends Days>(path: string) {
  const words = useText(text)
  const [span, setSpan] = useState<(typeof spans)[number]>(30)
  const newest = useRead<T>(path)
  const to = newest.data?.to
  const longer = useRead<T>(`${path}?from=${to === undefined ? '' : before(to, span)}&to=${to}`, {
    keep: true,
    enabled: span !== 30 && to !== undefined,
  })
  return {
    query: span === 30 ? newest : longer,
    span,
    choice: (
      <NativeSelect
        label={words.days}
        value={String(span)}
        data={spans.map((one) => ({ value: String(one), label: words.last(one) }))}
        onChange={(event) => setSpan(Number(event.currentTarget.value) as (typeof spans)[number])}
        w={220}
      />
    ),
  }
}

const day = 86_400_000
const before = (to: string, days: number): string => new Date(Date.parse(to) - days * day).toISOString().slice(0, 10)

const lengthOf = ({ from, to }: Days): number => Math.round((Date.parse(to) - Date.parse(from)) / day) + 1
/** Whether a course of so many days is drawn week by week. */
export const weekly = (days: Days): boolean => lengthOf(days) > 120

/** Every day from the first to the last, so that a day without anything is a nought and no gap. Weeks when there are many. */
export function courseOf(
  { from, to }: Days,
  count: (day: string) => number,
): readonly { readonly at: string; readonly value: number }[] {
  const first = Date.parse(from)
  const days = lengthOf({ from, to })
  const step = weekly({ from, to }) ? 7 : 1
  return Array.from({ length: Math.floor(days / step) }, (_, at) => {
    let value = 0
    for (let nth = 0; nth < step; nth++)
      value += count(new Date(first + (at * step + nth) * day).toISOString().slice(0, 10))
    return { at: new Date(first + at * step * day).toISOString().slice(0, 10), value }
  })
}

const text = texts({
  en: { days: 'Days', last: (days: number) => (days === 365 ? 'the last year' : `the last ${days} days`) },
  de: { days: 'Tage', last: (days: number) => (days === 365 ? 'das letzte Jahr' : `die letzten ${days} Tage`) },
})
