import { accept } from '../base/refusal.ts'
import { compared, dateColumn, entriesOf, events, from, peopleWords, several, to } from './common.ts'
import { affinityFigures } from './figures/overlap.ts'
import type { Measure } from './measure.ts'
import { chosen } from './overlap.ts'
import { statement, stepName } from './sql.ts'
import { inQuotes, listed, onOneLine, spaced } from './text.ts'

/** Per person: the one, the other, both, neither. Each person is in one cell: sensitivity 1. */
export const affinity: Measure = {
  id: 'basket-affinity',
  title: { en: 'Basket affinity', de: 'Warenkorb-Affinität' },
  question: {
    en: 'Do people who buy the one buy the other more often than by chance?',
    de: 'Kaufen Menschen, die das eine kaufen, das andere öfter als zufällig?',
  },
  parameters: [events, compared, ...several.slice(0, 2), dateColumn, from, to],
  means: {
    en: 'Lift 1 means that the two have nothing to do with each other; above 1 they go together, below 1 they stand for each other. Confidence is the share of those with the first who have the second too.',
    de: 'Lift 1 heißt, dass die beiden nichts miteinander zu tun haben; über 1 gehen sie zusammen, unter 1 ersetzen sie einander. Konfidenz ist der Anteil derer mit dem ersten, die auch das zweite haben.',
  },
  caveats: [
    {
      en: 'Counted are people over the whole time, not single baskets: each person is in one cell, however many baskets.',
      de: 'Gezählt werden Menschen über die ganze Zeit, nicht einzelne Warenkörbe: Jeder Mensch steht in einer Zelle, gleich wie viele Körbe.',
    },
    {
      en: 'People who buy much buy most things: an affinity above 1 is partly that.',
      de: 'Wer viel kauft, kauft fast alles: Eine Affinität über 1 ist zum Teil das.',
    },
  ],
  cells: { en: 'both / only the one / only the other / neither', de: 'beides / nur eines / nur das andere / keines' },
  compile: (values, catalogue, language) => {
    const about = values.place('item')
    const entries = entriesOf(values, language, { item: false, places: [about] })
    if (!entries.ok) return entries
    const members = chosen(values)
    if (!members.ok) return members
    const { scope, where, words } = entries.value
    const column = scope.name(about)
    const baskets = stepName('baskets', catalogue)
    const [first, second] = members.value
    const sql = statement({
      steps: [
        {
          name: baskets,
          select: [
            scope.person,
            `BOOL_OR(${column} = ${first?.member.sql}) AS first`,
            `BOOL_OR(${column} = ${second?.member.sql}) AS second`,
          ],
          from: scope.from,
          where,
          groupBy: scope.person,
        },
      ],
      select: ['COALESCE(first, FALSE) AS first', 'COALESCE(second, FALSE) AS second', 'COUNT(*) AS people'],
      from: [`FROM ${baskets}`],
      groupBy: '1, 2',
    })
    const who = peopleWords(catalogue)
    const pair = listed(
      [first, second].map((one) => inQuotes(one?.member.text ?? '', language)),
      language,
    )
    const what = `${spaced(about.column.name)} ${pair}`
    return accept({
      sql,
      words: onOneLine(
        language === 'de'
          ? `Wie oft gehen bei ${who} mit ${words} ${what} zusammen?`
          : `How often do ${what} go together among ${who} with ${words}?`,
      ),
    })
  },
  figures: affinityFigures,
}
