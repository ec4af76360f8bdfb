import type { Use } from '../../house/views/uses.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Details } from '../ui/page.tsx'
import { DataTable } from '../ui/table.tsx'
import { QualityWord, Value } from '../ui/value.tsx'

type Answer = NonNullable<Use['answer']>

/** The published answer, each number with its interval and its word. A single number stands alone; more make a table. */
export function UseAnswer({ answer }: { readonly answer: Answer }) {
  const words = useText(text)
  const cells = answer.rows.flat()
  const [only] = cells
  const notes =
    answer.notes.length === 0 ? null : (
      <Details summary={words.notes}>
        <ul className="u-small u-soft" lang="en">
          {answer.notes.map((note) => (
            <li key={note}>{note}</li>
          ))}
        </ul>
      </Details>
    )
  if (answer.rows.length === 0) return <p>{words.empty}</p>
  if (cells.length === 1 && only !== undefined)
    return (
      <>
        <p>
          {words.answer} <Value value={only.value} low={only.low} high={only.high} />{' '}
          <QualityWord word={only.insufficient ? 'insufficient' : only.word} />
        </p>
        {notes}
      </>
    )
  return (
    <>
      <DataTable
        caption={words.caption}
        rows={answer.rows}
        keyOf={(_row, index) => String(index)}
        quiet={(row) => row.every((cell) => cell.word === undefined || cell.word === 'noise')}
        columns={answer.columns.map((column, at) => ({
          title: column.name.replaceAll('_', ' '),
          right: column.kind === 'value',
          cell: (row: Answer['rows'][number]) => {
            const cell = row[at]
            if (cell === undefined) return null
            if (column.kind === 'group') return cell.value ?? words.none
            return (
              <span>
                <Value value={cell.value} low={cell.low} high={cell.high} />{' '}
                <QualityWord word={cell.insufficient ? 'insufficient' : cell.word} />
              </span>
            )
          },
        }))}
      />
      {notes}
    </>
  )
}

const text = texts({
  en: {
    caption: 'What came out',
    answer: 'Answer:',
    empty: 'The answer has no rows.',
    none: 'none',
    notes: 'What the answer does not say',
  },
  de: {
    caption: 'Was herauskam',
    answer: 'Antwort:',
    empty: 'Die Antwort hat keine Zeilen.',
    none: 'keine Angabe',
    notes: 'Was die Antwort nicht sagt (englisch)',
  },
})
