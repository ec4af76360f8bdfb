import { dayText, parseDay } from '../base/instant.ts'
import { accept } from '../base/refusal.ts'
import type { Day } from '../base/units.ts'
import { events, is, item, neededDate, peopleWords } from './common.ts'
import { retentionFigures } from './figures/funnel.ts'
import type { Measure } from './measure.ts'
import { cases, date, scopeOf, statement, stepName } from './sql.ts'
import { inQuotes, onOneLine, spaced } from './text.ts'

/** Per person: the last active period. Each person is in one cell: sensitivity 1. */
export const retention: Measure = {
  id: 'retention',
  title: { en: 'Retention', de: 'Bindung (Retention)' },
  question: {
    en: 'Of those active in the first period, how many are still active later?',
    de: 'Wie viele derer, die im ersten Abschnitt aktiv waren, sind es später noch?',
  },
  parameters: [
    events,
    item,
    is,
    neededDate,
    {
      name: 'from',
      type: 'day',
      title: { en: 'First day of the first period', de: 'Erster Tag des ersten Abschnitts' },
      required: true,
    },
    {
      name: 'unit',
      type: 'option',
      title: { en: 'A period is a', de: 'Ein Abschnitt ist' },
      required: true,
      default: 'month',
      options: [
        { value: 'week', label: { en: 'week', de: 'eine Woche' } },
        { value: 'month', label: { en: 'month', de: 'ein Monat' } },
        { value: 'quarter', label: { en: 'quarter', de: 'ein Quartal' } },
      ],
    },
    {
      name: 'periods',
      type: 'whole number',
      title: { en: 'How many periods', de: 'Wie viele Abschnitte' },
      required: true,
      default: '6',
      minimum: 2,
      maximum: 24,
    },
  ],
  means: {
    en: 'Whoever was active in the first period stands in one cell: the last period of activity. Still active in a period are those whose last period is this or a later one.',
    de: 'Wer im ersten Abschnitt aktiv war, steht in einer Zelle: dem letzten Abschnitt mit Aktivität. In einem Abschnitt noch aktiv sind die, deren letzter dieser oder ein späterer ist.',
  },
  caveats: [
    {
      en: 'Somebody who paused and came back counts as active throughout; somebody who will come back after the last period counts as gone.',
      de: 'Wer pausierte und wiederkam, zählt durchgehend als aktiv; wer erst nach dem letzten Abschnitt wiederkommt, zählt als verloren.',
    },
    {
      en: 'Active in the first period is not the same as new in it.',
      de: 'Im ersten Abschnitt aktiv heißt nicht: darin neu.',
    },
  ],
  cells: { en: 'last active period: 1, …, n', de: 'letzter aktiver Abschnitt: 1, …, n' },
  compile: (values, catalogue, language) => {
    const table = values.table('events')
    const [about, member, dated] = [values.placeIf('item'), values.valueIf('is'), values.place('date')]
    const scope = scopeOf(table, [about])
    const at = scope.name(dated)
    const periods = values.whole('periods')
    const [start, unit] = [values.day('from'), values.option('unit')]
    const ends = Array.from({ length: periods }, (_, index) => later(start, unit, index + 1))
    const active = stepName('active', catalogue)
    const sql = statement({
      steps: [
        {
          name: active,
          select: [scope.person, `MIN(${at}) AS first_seen`, `MAX(${at}) AS last_seen`],
          from: scope.from,
          where: [
            ...(about && member ? [`${scope.name(about)} = ${member.sql}`] : []),
            `${at} >= ${date(start)}`,
            `${at} < ${date(ends.at(-1) ?? start)}`,
          ],
          groupBy: scope.person,
        },
      ],
      select: [
        `${cases(
          ends.slice(0, -1).map((end, index) => [`last_seen < ${date(end)}`, `${index + 1}`] as const),
          `${periods}`,
        )} AS last_period`,
        'COUNT(*) AS people',
      ],
      from: [`FROM ${active}`],
      where: [`first_seen < ${date(ends[0] ?? start)}`],
      groupBy: '1',
    })
    const named =
      about && member
        ? ` ${language === 'de' ? 'mit' : 'with'} ${spaced(about.column.name)} ${inQuotes(member.text, language)}`
        : ''
    const what = `${spaced(table.name)}${named}`
    const units = { week: ['weeks', 'Wochen'], month: ['months', 'Monate'], quarter: ['quarters', 'Quartale'] }[unit]
    return accept({
      sql,
      words: onOneLine(
        language === 'de'
          ? `Wie viele von ${peopleWords(catalogue)} mit ${what} bleiben über ${periods} ${units?.[1]} ab ${dayText(start)}?`
          : `How many of ${peopleWords(catalogue)} with ${what} stay over ${periods} ${units?.[0]} from ${dayText(start)}?`,
      ),
    })
  },
  figures: retentionFigures,
}

/** So many weeks, months or quarters later; of a month that is shorter, its last day. */
export function later(day: Day, unit: string, count: number): Day {
  if (unit === 'week') return day + 7 * count
  const [year = 0, month = 0, dayOfMonth = 0] = dayText(day).split('-').map(Number)
  const months = year * 12 + month - 1 + count * (unit === 'quarter' ? 3 : 1)
  for (let last = dayOfMonth; last > 0; last--) {
    const text = `${`${Math.floor(months / 12)}`.padStart(4, '0')}-${two((months % 12) + 1)}-${two(last)}`
    const found = parseDay(text)
    if (found !== undefined) return found
  }
  return day
}

const two = (number: number): string => `${number}`.padStart(2, '0')
