import type { Catalogue, Table } from '../../contract/catalogue.ts'
import type { LoadEntry, PersonRecords } from '../../release/ports.ts'
import { csvText } from '../csv.ts'
import { timeText } from './time.ts'

/** What is held about a person, by topic: a product's tables with the columns in the contract's words. */
export type MyData = { readonly topics: readonly Topic[] }
export type Topic = {
  readonly product: string
  readonly title: string
  readonly table: string
  readonly words: string
  /** When these data were loaded from their source. */
  readonly asOf: string
  readonly keptFor?: string | undefined
  readonly columns: readonly { readonly name: string; readonly words: string; readonly type: string }[]
  readonly rows: readonly Readonly<Record<string, string | boolean | null>>[]
}

export function topicsOf(catalogue: Catalogue, load: LoadEntry, records: PersonRecords): readonly Topic[] {
  return records.tables.flatMap(({ table: name, rows }) => {
    const table = catalogue.tables.find((one) => one.name === name)
    return table === undefined ? [] : [topicOf(catalogue, load, table, rows)]
  })
}

const topicOf = (catalogue: Catalogue, load: LoadEntry, table: Table, rows: Topic['rows']): Topic => ({
  product: catalogue.product,
  title: catalogue.title,
  table: table.name,
  words:
    table.kind === 'persons'
      ? 'What is known of you yourself.'
      : `${rows.length} ${rows.length === 1 ? 'entry' : 'entries'} in ${spaced(table.name)}.`,
  asOf: timeText(load.loadedAt),
  keptFor: catalogue.retention && `${catalogue.retention.count} ${catalogue.retention.unit}`,
  columns: table.columns
    .filter((column) => table.kind === 'persons' || column.name !== table.personColumn)
    .map((column) => ({
      name: column.name,
      words: column.description === '' ? spaced(column.name) : column.description,
      type: column.type,
    })),
  rows,
})

/** One topic as a table, or all of them with a line for each value. */
export function dataCsv(data: MyData, topic: string | undefined): string | undefined {
  if (topic === undefined)
    return csvText([
      ['product', 'table', 'entry', 'column', 'value'],
      ...data.topics.flatMap(({ product, table, columns, rows }) =>
        rows.flatMap((row, index) => columns.map(({ name }) => [product, table, `${index + 1}`, name, row[name]])),
      ),
    ])
  const found = data.topics.find((one) => `${one.product}.${one.table}` === topic)
  if (found === undefined) return undefined
  const names = found.columns.map((column) => column.name)
  return csvText([names, ...found.rows.map((row) => names.map((name) => row[name]))])
}

const spaced = (name: string): string => name.replaceAll('_', ' ')
