import { accept } from '../base/refusal.ts'
import { personsTable } from '../contract/catalogue.ts'
import { sqlName } from '../contract/names.ts'
import { by, byWords, dayOfColumn, entriesOf, events, from, is, item, neededDate, peopleWords, to } from './common.ts'
import { repeatFigures } from './figures/shares.ts'
import type { Measure } from './measure.ts'
import { cases, fromPeople, outputName, statement, stepName } from './sql.ts'

/** Per person: on how many days. Each person is in one of three cells: sensitivity 1. */
export const repeatRate: Measure = {
  id: 'repeat-rate',
  title: { en: 'Repeat rate', de: 'Wiederkaufrate' },
  question: {
    en: 'Of those who did it, what share did it again on another day?',
    de: 'Welcher Anteil derer, die es taten, tat es an einem anderen Tag wieder?',
  },
  parameters: [
    events,
    item,
    is,
    neededDate,
    from,
    to,
    {
      name: 'times',
      type: 'whole number',
      title: { en: 'Again means at least so many days', de: 'Wieder heißt an mindestens so vielen Tagen' },
      required: true,
      default: '2',
      minimum: 2,
      maximum: 50,
    },
    by,
  ],
  means: {
    en: 'Everybody stands in one of three cells: never did it, did it on fewer days, did it on at least so many days. The rate is the third divided by the second and third.',
    de: 'Alle stehen in einer von drei Zellen: nie, an weniger Tagen, an mindestens so vielen Tagen. Die Rate ist die dritte, geteilt durch die zweite und dritte.',
  },
  caveats: [
    {
      en: 'Several rows on one day are one day.',
      de: 'Mehrere Zeilen an einem Tag sind ein Tag.',
    },
    {
      en: 'Whoever began late in the time had less time to come back.',
      de: 'Wer spät im Zeitraum begann, hatte weniger Zeit, wiederzukommen.',
    },
  ],
  cells: { en: 'never / fewer days / again', de: 'nie / weniger Tage / wieder' },
  compile: (values, catalogue, language) => {
    const entries = entriesOf(values, language)
    if (!entries.ok) return entries
    const { table, scope, where, words } = entries.value
    const doers = stepName('doers', catalogue)
    const day = dayOfColumn(scope, values.place('date'))
    const times = values.whole('times')
    const group = values.placeIf('by')
    const people = personsTable(catalogue)
    const own = group ? [`${sqlName(people.name)}.${sqlName(group.column.name)}`] : []
    const taken = group ? [group.column.name] : []
    const sql = statement({
      steps: [
        {
          name: doers,
          select: [scope.person, `COUNT(DISTINCT ${day}) AS days`],
          from: scope.from,
          where,
          groupBy: scope.person,
        },
      ],
      select: [
        ...own,
        `${cases(
          [
            [`${doers}.days IS NULL`, "'never'"],
            [`${doers}.days < ${times}`, "'fewer'"],
          ],
          "'again'",
        )} AS ${outputName('did_it', taken)}`,
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
          ? `Welcher Anteil von ${who} mit ${words} hat sie an mindestens ${times} Tagen${byWords(values, language)}?`
          : `What share of ${who} with ${words} has them on at least ${times} days${byWords(values, language)}?`,
    })
  },
  figures: repeatFigures,
}
