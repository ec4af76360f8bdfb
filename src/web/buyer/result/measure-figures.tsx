import { useMemo } from 'react'
import type { Figure } from '../../../measures/figures/answer.ts'
import { figuresOf } from '../../../measures/figures.ts'
import type { AnswerDocument } from '../../../release/document.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useLanguage, useText } from '../../i18n/language.tsx'
import { type Estimate, IntervalChart } from '../../ui/chart/interval-chart.tsx'
import { Sheet } from '../../ui/page.tsx'
import { DataTable } from '../../ui/table.tsx'
import { QualityWord, Tag, Value } from '../../ui/value.tsx'

/** What the measure that the question came from says of its answer; nothing for any other question. Computed here, from the receipt. */
export function MeasureFigures({ answer }: { readonly answer: AnswerDocument }) {
  const words = useText(text)
  const { language } = useLanguage()
  const format = useFormat()
  const found = useMemo(() => figuresOf(answer), [answer])
  const drawn = useMemo(() => estimates(found?.figures ?? [], language), [found, language])
  if (found === undefined) return null
  const label = ({ label: one, group }: Figure): string =>
    group === undefined ? one[language] : `${one[language]}, ${group}`
  return (
    <Sheet title={found.title[language]}>
      <DataTable
        caption={found.intervals[language]}
        rows={found.figures}
        keyOf={(one, index) => `${index} ${one.id}`}
        quiet={({ word }) => word === 'noise' || word === 'insufficient'}
        columns={[
          { title: words.figure, cell: label },
          {
            title: words.value,
            right: true,
            cell: (one) =>
              one.unit === 'band' && one.value !== null ? (
                one.value
              ) : one.unit === 'probability' && one.value === '0.0000' ? (
                words.below(format.number('0.0001'))
              ) : (
                <Value {...percent(one)} unit={words.units[one.unit]} />
              ),
          },
          {
            title: words.word,
            cell: ({ word }) =>
              word === 'plain' ? '' : word === 'insufficient' ? <Tag>{words.tooFew}</Tag> : <QualityWord word={word} />,
          },
        ]}
      />
      {drawn.length < 2 ? null : (
        <>
          <IntervalChart title={found.title[language]} estimates={drawn} />
          {drawn[0]?.within === undefined ? null : <p className="u-small u-soft">{words.percent}</p>}
        </>
      )}
      <p>{found.reading.means[language]}</p>
      <ul className="u-small u-soft">
        {found.reading.caveats.map((one) => (
          <li key={one.en}>{one[language]}</li>
        ))}
      </ul>
    </Sheet>
  )
}

const isShare = ({ unit }: Figure): boolean => unit === 'share' || unit === 'points'

/** Shares as percent, exactly: the point goes two places to the right. */
function percent(one: Figure): Pick<Figure, 'value' | 'low' | 'high'> {
  const { value, low, high } = one
  if (!isShare(one)) return { value, low, high }
  const shift = (share: string): string => (Number(share) * 100).toFixed(2)
  return {
    value: value === null ? null : shift(value),
    low: low === undefined ? undefined : shift(low),
    high: high === undefined ? undefined : shift(high),
  }
}

/** The figures that belong into one picture. The bands of 50 and 80 % are those of a normal law. */
function estimates(figures: readonly Figure[], language: 'en' | 'de'): readonly Estimate[] {
  return figures.flatMap((one) => {
    const { value, low, high } = percent(one)
    if (!one.drawn || value === null || low === undefined || high === undefined) return []
    const half = (Number(high) - Number(low)) / 2
    const part = (share: number): string => (half * share).toFixed(2)
    const label = one.group ?? one.label[language]
    const within = one.unit === 'share' ? ([0, 100] as const) : undefined
    return [{ label, value, half50: part(0.3441), half80: part(0.6539), half95: part(1), word: one.word, within }]
  })
}

const text = texts({
  en: {
    figure: 'Figure',
    value: 'Value',
    word: 'How sure',
    tooFew: 'too few to say',
    percent: 'The picture is in percent.',
    below: (least: string) => `below ${least}`,
    units: { share: ' %', points: ' points', people: '', times: '', amount: '', probability: '', band: '' },
  },
  de: {
    figure: 'Kennzahl',
    value: 'Wert',
    word: 'Wie sicher',
    tooFew: 'zu wenige für eine Aussage',
    percent: 'Das Bild zeigt Prozent.',
    below: (least: string) => `unter ${least}`,
    units: { share: ' %', points: ' Punkte', people: '', times: '', amount: '', probability: '', band: '' },
  },
})
