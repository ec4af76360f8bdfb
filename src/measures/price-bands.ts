import { accept } from '../base/refusal.ts'
import { dateColumn, entriesOf, events, from, is, item, peopleWords, to } from './common.ts'
import { bandFigures } from './figures/bands.ts'
import type { Measure } from './measure.ts'
import { cases, literal, statement, stepName } from './sql.ts'
import { onOneLine, spaced } from './text.ts'

/** Per person: average of a row, or total, in public bands. Each person is in one cell: sensitivity 1. */
export const priceBands: Measure = {
  id: 'price-bands',
  title: { en: 'Price bands', de: 'Preisklassen' },
  question: {
    en: 'How are people spread over bands of what they pay?',
    de: 'Wie verteilen sich Menschen auf Klassen dessen, was sie zahlen?',
  },
  parameters: [
    events,
    {
      name: 'amount',
      type: 'number column',
      of: 'events',
      title: { en: 'Amount', de: 'Betrag' },
      required: true,
    },
    {
      name: 'each',
      type: 'option',
      title: { en: 'Of each person', de: 'Von jeder Person' },
      required: true,
      default: 'average',
      options: [
        { value: 'average', label: { en: 'the average of a row', de: 'der Durchschnitt einer Zeile' } },
        { value: 'total', label: { en: 'the total', de: 'die Summe' } },
      ],
    },
    {
      name: 'edges',
      type: 'edges',
      title: { en: 'Bands begin at', de: 'Klassen beginnen bei' },
      help: { en: 'Rising numbers with commas between.', de: 'Steigende Zahlen mit Kommas dazwischen.' },
      required: true,
      default: '1, 2, 5, 10, 20',
    },
    item,
    is,
    dateColumn,
    from,
    to,
  ],
  means: {
    en: 'Everybody with rows stands in one band. Shares are of these people; adding bands up from below gives the share that pays less.',
    de: 'Wer Zeilen hat, steht in einer Klasse. Anteile beziehen sich auf diese Menschen; von unten addiert ergeben die Klassen den Anteil, der weniger zahlt.',
  },
  caveats: [
    {
      en: 'Each person counts once with the own average or total, however many rows.',
      de: 'Jeder Mensch zählt einmal mit dem eigenen Durchschnitt oder der eigenen Summe, gleich wie viele Zeilen.',
    },
  ],
  cells: { en: 'band', de: 'Klasse' },
  compile: (values, catalogue, language) => {
    const amount = values.place('amount')
    const entries = entriesOf(values, language, { places: [amount] })
    if (!entries.ok) return entries
    const { scope, where, words } = entries.value
    const column = scope.name(amount)
    const paid = stepName('paid', catalogue)
    const each = values.option('each')
    const edges = values.edges('edges')
    const bands = edges.map((edge, index) => [`paid < ${edge}`, literal(bandName(edges, index))] as const)
    const sql = statement({
      steps: [
        {
          name: paid,
          select: [scope.person, `${each === 'total' ? 'SUM' : 'AVG'}(${column}) AS paid`],
          from: scope.from,
          where: [...where, `${column} IS NOT NULL`],
          groupBy: scope.person,
        },
      ],
      select: [`${cases(bands, literal(bandName(edges, edges.length)))} AS band`, 'COUNT(*) AS people'],
      from: [`FROM ${paid}`],
      groupBy: '1',
    })
    const what = spaced(amount.column.name)
    const which =
      each === 'total' ? (language === 'de' ? 'Summe' : 'total') : language === 'de' ? 'Durchschnitt' : 'average'
    return accept({
      sql,
      words: onOneLine(
        language === 'de'
          ? `Wie verteilen sich ${peopleWords(catalogue)} auf Klassen von ${what} (${which}) in ${words}?`
          : `How are ${peopleWords(catalogue)} spread over bands of ${what} (${which}) in ${words}?`,
      ),
    })
  },
  figures: bandFigures,
}

/** "below 1", "1 to below 2", "2 and more". */
export function bandName(edges: readonly string[], index: number): string {
  if (index === 0) return `below ${edges[0]}`
  return index === edges.length ? `${edges[index - 1]} and more` : `${edges[index - 1]} to below ${edges[index]}`
}
