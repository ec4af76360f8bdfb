import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'

export type Word = 'solid' | 'rough' | 'noise' | 'insufficient'

/** A number of an answer with its interval beside it, in the same size and lighter: never the one without the other. */
export function Value({
  value,
  low,
  high,
  unit = '',
}: {
  readonly value: string | null
  readonly low?: string | undefined
  readonly high?: string | undefined
  readonly unit?: string
}) {
  const format = useFormat()
  const words = useText(text)
  if (value === null) return <span className="u-soft">{words.none}</span>
  return (
    <span className="u-value u-number">
      {format.number(value)}
      {unit}
      {low === undefined || high === undefined ? null : (
        <span className="u-interval">
          {' '}
          ({words.from} {format.number(low)} {words.to} {format.number(high)})
        </span>
      )}
    </span>
  )
}

/** Solid, rough or noise: how far the noise reaches beside the value. */
export function QualityWord({ word }: { readonly word: string | undefined }) {
  const words = useText(text)
  if (word === undefined) return null
  const tone = word === 'solid' ? 'good' : word === 'rough' ? 'rough' : 'quiet'
  return <Tag tone={tone}>{words.quality[word as Word] ?? word}</Tag>
}

export const Tag = ({
  tone = 'quiet',
  children,
}: {
  readonly tone?: 'good' | 'rough' | 'stop' | 'quiet'
  readonly children: string
}) => (
  <span className="u-word" data-tone={tone}>
    {children}
  </span>
)

const text = texts({
  en: {
    none: 'none',
    from: '95 %:',
    to: 'to',
    quality: { solid: 'solid', rough: 'rough', noise: 'noise', insufficient: 'too few' } as Record<Word, string>,
  },
  de: {
    none: 'keiner',
    from: '95 %:',
    to: 'bis',
    quality: { solid: 'belastbar', rough: 'grob', noise: 'Rauschen', insufficient: 'zu wenige' } as Record<
      Word,
      string
    >,
  },
})
