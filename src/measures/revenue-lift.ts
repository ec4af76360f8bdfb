import { accept } from '../base/refusal.ts'
import { dateColumn, entriesOf, events, from, is, item, to } from './common.ts'
import { revenueLiftFigures } from './figures/lift.ts'
import { armOf, arms, armWords, randomAssignment } from './lift.ts'
import type { Measure } from './measure.ts'
import { fromPeople, statement, stepName } from './sql.ts'
import { spaced } from './text.ts'

/**
 * Per person: arm, and the amount brought between 0 and the cap. Each person is in one of two groups: one row (sensitivity 1), the centred amount (at most half the cap)
 * and its centred square.
 */
export const revenueLift: Measure = {
  id: 'revenue-lift',
  title: { en: 'Revenue lift (test and control)', de: 'Umsatz-Lift (Test und Kontrolle)' },
  question: {
    en: 'Did a person in the test arm bring more than one in the control arm?',
    de: 'Brachte eine Person im Testarm mehr als eine im Kontrollarm?',
  },
  parameters: [
    ...arms,
    events,
    {
      name: 'amount',
      type: 'number column',
      of: 'events',
      title: { en: 'Amount', de: 'Betrag' },
      required: true,
    },
    {
      name: 'cap',
      type: 'amount',
      title: { en: 'One person counts with at most', de: 'Eine Person zählt mit höchstens' },
      help: {
        en: 'A lower cap means less noise and cuts off more of those who bring most.',
        de: 'Eine niedrigere Grenze heißt weniger Rauschen und schneidet bei denen mehr ab, die am meisten bringen.',
      },
      required: true,
    },
    item,
    is,
    dateColumn,
    from,
    to,
  ],
  means: {
    en: 'The mean amount of a person in the test arm less that in the control arm, people without any counted as 0. Interval and p-value hold chance among people and the noise of privacy together.',
    de: 'Der mittlere Betrag einer Person im Testarm abzüglich dessen im Kontrollarm; wer nichts hat, zählt als 0. Intervall und p-Wert enthalten den Zufall unter den Menschen und das Rauschen der Privatheit zusammen.',
  },
  caveats: [
    randomAssignment,
    {
      en: 'Amounts below 0 count as 0 and amounts above the cap as the cap, in both arms alike.',
      de: 'Beträge unter 0 zählen als 0 und Beträge über der Grenze als die Grenze, in beiden Armen gleich.',
    },
  ],
  cells: { en: 'arm: people, mean, variance', de: 'Arm: Menschen, Mittel, Varianz' },
  compile: (values, catalogue, language) => {
    const amount = values.place('amount')
    const entries = entriesOf(values, language, { places: [amount] })
    if (!entries.ok) return entries
    const arm = armOf(values, catalogue)
    if (!arm.ok) return arm
    const { table, scope, where } = entries.value
    const spent = stepName('spent', catalogue)
    const capped = `LEAST(GREATEST(COALESCE(${spent}.total, 0), 0), ${values.amount('cap')})`
    const sql = statement({
      steps: [
        {
          name: spent,
          select: [scope.person, `SUM(${scope.name(amount)}) AS total`],
          from: scope.from,
          where,
          groupBy: scope.person,
        },
      ],
      select: [
        `${arm.value.sql} AS arm`,
        'COUNT(*) AS people',
        `AVG(${capped}) AS mean`,
        `VAR_SAMP(${capped}) AS variance`,
      ],
      from: fromPeople(catalogue, [{ name: spent, person: table.personColumn ?? '' }]),
      where: [arm.value.both],
      groupBy: '1',
    })
    const { test, control } = armWords(values, catalogue, language)
    const what = `${spaced(amount.column.name)} ${language === 'de' ? 'aus' : 'from'} ${entries.value.words}`
    return accept({
      sql,
      words:
        language === 'de'
          ? `Wie viel mehr ${what} bringt eine Person von ${test} als eine ${control}?`
          : `How much more ${what} does one of ${test} bring than one ${control}?`,
    })
  },
  figures: revenueLiftFigures,
}
