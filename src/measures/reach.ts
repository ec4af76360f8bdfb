import { accept } from '../base/refusal.ts'
import { dateColumn, entriesOf, events, from, is, item, peopleWords, to } from './common.ts'
import { reachFigures } from './figures/reach.ts'
import type { Measure } from './measure.ts'
import { fromPeople, statement, stepName } from './sql.ts'

/** Per person: min(count, cap). Each person is in one cell: sensitivity 1. */
export const reach: Measure = {
  id: 'reach-frequency',
  title: { en: 'Reach and frequency', de: 'Reichweite und Kontakthäufigkeit' },
  question: {
    en: 'How many people were reached, and how often?',
    de: 'Wie viele Menschen wurden erreicht, und wie oft?',
  },
  parameters: [
    events,
    item,
    is,
    dateColumn,
    from,
    to,
    {
      name: 'cap',
      type: 'whole number',
      title: { en: 'Count up to', de: 'Zählen bis' },
      help: { en: 'Whoever has more counts as that many.', de: 'Wer mehr hat, zählt mit so vielen.' },
      required: true,
      default: '5',
      minimum: 2,
      maximum: 50,
    },
  ],
  means: {
    en: 'People by how many rows they have, up to the cap. Reach(k+) adds up the cells from k on; the average frequency divides the contacts by the people reached.',
    de: 'Menschen nach der Zahl ihrer Zeilen, bis zur Grenze. Reichweite(k+) addiert die Zellen ab k; die mittlere Häufigkeit teilt die Kontakte durch die Erreichten.',
  },
  caveats: [
    {
      en: 'The last cell means that many or more, so the average frequency is of capped counts.',
      de: 'Die letzte Zelle heißt so viele oder mehr; die mittlere Häufigkeit ist also die der begrenzten Zählung.',
    },
  ],
  cells: { en: '0, 1, …, cap or more', de: '0, 1, …, Grenze oder mehr' },
  compile: (values, catalogue, language) => {
    const entries = entriesOf(values, language)
    if (!entries.ok) return entries
    const { table, scope, where, words } = entries.value
    const contacts = stepName('contacts', catalogue)
    const cap = values.whole('cap')
    const sql = statement({
      steps: [
        {
          name: contacts,
          select: [scope.person, 'COUNT(*) AS times'],
          from: scope.from,
          where,
          groupBy: scope.person,
        },
      ],
      // LEAST(times, cap), as a function whose values are known beforehand.
      select: [`WIDTH_BUCKET(COALESCE(${contacts}.times, 0), 1, ${cap}, ${cap - 1}) AS times`, 'COUNT(*) AS people'],
      from: fromPeople(catalogue, [{ name: contacts, person: table.personColumn ?? '' }]),
      groupBy: '1',
    })
    const who = peopleWords(catalogue)
    return accept({
      sql,
      words:
        language === 'de'
          ? `Wie viele von ${who} haben ${words}, und wie oft (bis ${cap})?`
          : `How many of ${who} have ${words}, and how often (up to ${cap})?`,
    })
  },
  figures: reachFigures,
}
