import type { ProductFacts } from '../../house/views/product.ts'
import { texts, useText } from '../i18n/language.tsx'
import type { ColumnView, TableView } from './read.ts'

type Starter = ProductFacts['questions'][number]
const spaced = (name: string): string => name.replaceAll('_', ' ')

/** What several screens of the buyer say: purposes, questions to start from, and the contract in words. */
export const useWords = () => useText(text)

/** A question's own first line if it is a comment, else the SQL as it begins. */
export function questionTitle(sql: string | undefined): string {
  const comment = /^\s*--\s*(\S[^\r\n]*)/.exec(sql ?? '')?.[1]?.trim()
  return comment ?? (sql ?? '').replace(/\s+/g, ' ').trim().slice(0, 140)
}

/** The table of the people themselves. */
export const personsIn = ({ tables }: { readonly tables: readonly TableView[] }): string | undefined =>
  tables.find((table) => table.kind === 'persons')?.name

const values = (column: ColumnView): string => (column.domain ?? []).map((one) => String(one ?? '—')).join(', ')

const text = texts({
  en: {
    purpose: (id: string): string =>
      (
        ({
          'product-statistics': 'Product statistics',
          'scientific-research': 'Scientific research',
          'public-statistics': 'Public statistics',
          'service-improvement': 'Service improvement',
        }) as Record<string, string>
      )[id] ?? id,
    starter: ({ kind, table, column, by }: Starter, persons?: string): string => {
      const grouped = by === undefined ? '' : `, by ${spaced(by)}`
      if (kind === 'people' && table === persons) return `How many people are there${grouped}?`
      if (kind === 'people') return `How many people are in ${spaced(table)}${grouped}?`
      if (kind === 'rows') return `How many entries are in ${spaced(table)}${grouped}?`
      if (kind === 'total') return `What does ${spaced(column ?? '')} add up to${grouped}?`
      return `What is ${spaced(column ?? '')} on average${grouped}?`
    },
    people: (bound: string): string => `about ${bound} or fewer`,
    table: ({ kind, maxRowsPerPerson, maxGroupsPerPerson }: TableView): string => {
      if (kind === 'persons') return 'One row for each person. Whether somebody is counted is decided person by person.'
      if (kind === 'public') return 'Says nothing about anybody; may be joined on its key.'
      const rows =
        maxRowsPerPerson === undefined
          ? 'Rows cannot be counted.'
          : `At most ${maxRowsPerPerson} rows of one person count.`
      return `${rows}${maxGroupsPerPerson === undefined ? '' : ` One person counts in at most ${maxGroupsPerPerson} groups.`}`
    },
    column: (column: ColumnView, isPerson: boolean): string => {
      if (isPerson) return 'The person: may be counted and joined on, never shown.'
      if (!column.offered) return 'Never offered.'
      const filters = column.openGroups ? 'Filters; groups of those values with enough people.' : 'Filters.'
      const uses = [column.domain === undefined ? filters : `Filters and groups: ${values(column)}.`]
      if (column.maxSumPerPerson !== undefined) uses.push(`One person adds at most ${column.maxSumPerPerson} to a sum.`)
      if (column.minimum !== undefined && column.maximum !== undefined)
        uses.push(`A row counts from ${column.minimum} to ${column.maximum}.`)
      return uses.join(' ')
    },
    representative:
      'Whoever is counted here said yes. How they differ from all customers is not known to anybody who asks: nobody compared them, because such a comparison would itself be an answer about people. Read an answer as one about those who said yes, and do not scale it up to all customers without a source of your own.',
    state: { charged: 'being computed', released: 'answered', burned: 'failed, money returned' } as Record<
      string,
      string
    >,
    limit: (of: string, days: number | undefined): string =>
      `${of === 'product' ? 'This product' : 'All products'}, ${days === undefined ? 'for ever' : `any ${days} days`}`,
  },
  de: {
    purpose: (id: string): string =>
      (
        ({
          'product-statistics': 'Produktstatistik',
          'scientific-research': 'Wissenschaftliche Forschung',
          'public-statistics': 'Öffentliche Statistik',
          'service-improvement': 'Verbesserung des Angebots',
        }) as Record<string, string>
      )[id] ?? id,
    starter: ({ kind, table, column, by }: Starter, persons?: string): string => {
      const grouped = by === undefined ? '' : `, nach „${spaced(by)}“`
      if (kind === 'people' && table === persons) return `Wie viele Personen gibt es${grouped}?`
      if (kind === 'people') return `Wie viele Personen kommen in „${spaced(table)}“ vor${grouped}?`
      if (kind === 'rows') return `Wie viele Einträge hat „${spaced(table)}“${grouped}?`
      if (kind === 'total') return `Wie groß ist die Summe von „${spaced(column ?? '')}“${grouped}?`
      return `Wie groß ist „${spaced(column ?? '')}“ im Durchschnitt${grouped}?`
    },
    people: (bound: string): string => `etwa ${bound} oder weniger`,
    table: ({ kind, maxRowsPerPerson, maxGroupsPerPerson }: TableView): string => {
      if (kind === 'persons') return 'Eine Zeile je Person. Ob jemand gezählt wird, entscheidet sich Person für Person.'
      if (kind === 'public') return 'Sagt nichts über irgendjemanden; darf über ihren Schlüssel verbunden werden.'
      const rows =
        maxRowsPerPerson === undefined
          ? 'Zeilen können nicht gezählt werden.'
          : `Höchstens ${maxRowsPerPerson} Zeilen einer Person zählen.`
      return `${rows}${maxGroupsPerPerson === undefined ? '' : ` Eine Person zählt in höchstens ${maxGroupsPerPerson} Gruppen.`}`
    },
    column: (column: ColumnView, isPerson: boolean): string => {
      if (isPerson) return 'Die Person: darf gezählt und verbunden, nie gezeigt werden.'
      if (!column.offered) return 'Wird nie angeboten.'
      const filters = column.openGroups ? 'Filter; Gruppen aus den Werten mit genug Personen.' : 'Filter.'
      const uses = [column.domain === undefined ? filters : `Filter und Gruppen: ${values(column)}.`]
      if (column.maxSumPerPerson !== undefined)
        uses.push(`Eine Person trägt zu einer Summe höchstens ${column.maxSumPerPerson} bei.`)
      if (column.minimum !== undefined && column.maximum !== undefined)
        uses.push(`Eine Zeile zählt von ${column.minimum} bis ${column.maximum}.`)
      return uses.join(' ')
    },
    representative:
      'Wer hier gezählt wird, hat Ja gesagt. Wie sich diese Menschen von allen Kundinnen und Kunden unterscheiden, weiß niemand, der fragt: Es hat sie niemand verglichen, denn ein solcher Vergleich wäre selbst eine Antwort über Menschen. Lesen Sie eine Antwort als Antwort über die, die Ja gesagt haben, und rechnen Sie sie nicht ohne eigene Quelle auf alle hoch.',
    state: { charged: 'wird berechnet', released: 'beantwortet', burned: 'fehlgeschlagen, Geld zurück' } as Record<
      string,
      string
    >,
    limit: (of: string, days: number | undefined): string =>
      `${of === 'product' ? 'Dieses Produkt' : 'Alle Produkte'}, ${days === undefined ? 'für immer' : `in je ${days} Tagen`}`,
  },
})
