import { accept } from '../base/refusal.ts'
import { personsTable } from '../contract/catalogue.ts'
import { sqlName } from '../contract/names.ts'
import { by, byWords, dateColumn, entriesOf, events, from, is, item, peopleWords, to } from './common.ts'
import { penetrationFigures } from './figures/shares.ts'
import type { Measure } from './measure.ts'
import { cases, fromPeople, outputName, statement, stepName } from './sql.ts'

/** Per person: did it at all, or not. Each person is in one cell: sensitivity 1. */
export const penetration: Measure = {
  id: 'penetration',
  title: { en: 'Penetration', de: 'Reichweite (Penetration)' },
  question: { en: 'What share of the people did it at all?', de: 'Welcher Anteil der Menschen tat es überhaupt?' },
  parameters: [events, item, is, dateColumn, from, to, by],
  means: {
    en: 'Everybody who is counted stands in one of two cells: did it at least once, or did not. Penetration is the first divided by both.',
    de: 'Wer gezählt wird, steht in einer von zwei Zellen: tat es mindestens einmal, oder nicht. Die Reichweite ist die erste, geteilt durch beide.',
  },
  caveats: [
    {
      en: 'It is a share of the people who said yes to this purpose, not of all customers.',
      de: 'Es ist ein Anteil der Menschen, die zu diesem Zweck Ja gesagt haben, nicht aller Kunden.',
    },
  ],
  cells: { en: 'did it / did not', de: 'tat es / tat es nicht' },
  compile: (values, catalogue, language) => {
    const entries = entriesOf(values, language)
    if (!entries.ok) return entries
    const { table, scope, where, words } = entries.value
    const doers = stepName('doers', catalogue)
    const group = values.placeIf('by')
    const people = personsTable(catalogue)
    const own = group ? [`${sqlName(people.name)}.${sqlName(group.column.name)}`] : []
    const taken = group ? [group.column.name] : []
    const sql = statement({
      steps: [
        {
          name: doers,
          select: [scope.person, 'COUNT(*) AS times'],
          from: scope.from,
          where,
          groupBy: scope.person,
        },
      ],
      select: [
        ...own,
        `${cases([[`${doers}.times IS NULL`, "'no'"]], "'yes'")} AS ${outputName('did_it', taken)}`,
        `COUNT(*) AS ${outputName('people', taken)}`,
      ],
      from: fromPeople(catalogue, [{ name: doers, person: table.personColumn ?? '' }]),
      groupBy: group ? '1, 2' : '1',
    })
    const who = peopleWords(catalogue)
    return accept({
      sql,
      words:
        language === 'de'
          ? `Welcher Anteil von ${who} hat ${words}${byWords(values, language)}?`
          : `What share of ${who} has ${words}${byWords(values, language)}?`,
    })
  },
  figures: penetrationFigures,
}
