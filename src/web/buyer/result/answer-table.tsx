import { texts, useText } from '../../i18n/language.tsx'
import { type Column, DataTable } from '../../ui/table.tsx'
import { QualityWord, Tag, Value } from '../../ui/value.tsx'
import type { Row, Shown } from './cells.ts'

/** Every value with its interval and its word. What is mostly noise is lighter, and there. */
export function AnswerTable({ shown }: { readonly shown: Shown }) {
  const words = useText(text)
  const several = shown.values.length > 1
  const columns: Column<Row>[] = [
    ...(shown.groups.length === 0
      ? [{ title: words.who, cell: () => words.all }]
      : shown.groups.map(({ name, at }) => ({
          title: name,
          cell: (row: Row) => row.cells[at]?.value ?? words.missing,
        }))),
    ...shown.values.flatMap(({ name, at }): Column<Row>[] => [
      {
        title: name,
        right: true,
        cell: (row) => {
          const cell = row.cells[at]
          return <Value value={cell?.value ?? null} low={cell?.low} high={cell?.high} />
        },
      },
      {
        title: several ? words.wordOf(name) : words.word,
        cell: (row) =>
          row.cells[at]?.insufficient ? <Tag>{words.tooFew}</Tag> : <QualityWord word={row.cells[at]?.word} />,
      },
    ]),
  ]
  return (
    <DataTable
      caption={words.caption}
      rows={shown.rows}
      keyOf={(row, index) => `${index} ${row.label}`}
      quiet={(row) => shown.values.every(({ at }) => row.cells[at]?.word === 'noise')}
      columns={columns}
    />
  )
}

const text = texts({
  en: {
    caption: 'In brackets: where the value without noise lies with 95 % certainty.',
    who: 'Group',
    all: 'all together',
    missing: 'missing',
    word: 'How sure',
    wordOf: (name: string) => `How sure: ${name}`,
    tooFew: 'too few',
  },
  de: {
    caption: 'In Klammern: wo der Wert ohne Rauschen mit 95 % Sicherheit liegt.',
    who: 'Gruppe',
    all: 'alle zusammen',
    missing: 'fehlt',
    word: 'Wie sicher',
    wordOf: (name: string) => `Wie sicher: ${name}`,
    tooFew: 'zu wenige',
  },
})
