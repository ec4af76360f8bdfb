import { NativeSelect } from '@mantine/core'
import { useId, useState } from 'react'
import { gapProbability } from '../../../privacy/interval.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Sheet } from '../../ui/page.tsx'
import { units } from '../decimal.ts'
import type { Comparable } from './cells.ts'

/** Is the difference of two values more than noise? Computed here, from the noise that the receipt states. */
export function Gap({ values, chosen }: { readonly values: readonly Comparable[]; readonly chosen: boolean }) {
  const words = useText(text)
  const format = useFormat()
  const [first, setFirst] = useState(values[0]?.id ?? '')
  const [second, setSecond] = useState('')
  const said = useId()
  const a = values.find((one) => one.id === first) ?? values[0]
  const others = values.filter((one) => one.id !== a?.id && one.scale === a?.scale)
  const b = others.find((one) => one.id === second) ?? others[0]
  if (a === undefined || b === undefined) return null
  const difference = units(a.value, a.scale) - units(b.value, b.scale)
  const chance = gapProbability(a.sigma2, b.sigma2, difference < 0n ? -difference : difference)
  const share =
    chance < 0.001 ? words.below(format.percent(0.001, 1)) : words.about(format.percent(chance, chance < 0.1 ? 1 : 0))
  const options = (list: readonly Comparable[]) =>
    list.map((one) => ({ value: one.id, label: `${one.label}: ${format.number(one.value)}` }))
  return (
    <Sheet title={words.title}>
      <div className="u-grid">
        <NativeSelect
          label={words.first}
          aria-describedby={said}
          value={a.id}
          onChange={(event) => setFirst(event.currentTarget.value)}
          data={options(values)}
        />
        <NativeSelect
          label={words.second}
          aria-describedby={said}
          value={b.id}
          onChange={(event) => setSecond(event.currentTarget.value)}
          data={options(others)}
        />
      </div>
      <p id={said} role="status">
        {words.sentence(a.label, b.label, share)} {chance < 0.05 ? words.real : words.noise}
      </p>
      {chosen ? <p className="u-small u-soft">{words.chosen}</p> : null}
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Compare two values',
    first: 'A',
    second: 'B',
    about: (percent: string) => `in ${percent} of cases`,
    below: (percent: string) => `in fewer than ${percent} of cases`,
    sentence: (a: string, b: string, share: string) =>
      `If “${a}” and “${b}” were equal, the noise alone would show a gap this large ${share}.`,
    real: 'The gap is hardly noise alone.',
    noise: 'The gap may well be noise.',
    chosen:
      'Rows of this answer were chosen by their noisy values; after such a choice gaps look larger than they are.',
  },
  de: {
    title: 'Zwei Werte vergleichen',
    first: 'A',
    second: 'B',
    about: (percent: string) => `in ${percent} der Fälle`,
    below: (percent: string) => `in weniger als ${percent} der Fälle`,
    sentence: (a: string, b: string, share: string) =>
      `Wären „${a}“ und „${b}“ gleich, zeigte das Rauschen allein ${share} einen so großen Unterschied.`,
    real: 'Der Unterschied ist kaum nur Rauschen.',
    noise: 'Der Unterschied kann gut Rauschen sein.',
    chosen:
      'Zeilen dieser Antwort wurden nach ihren verrauschten Werten ausgewählt; nach einer solchen Auswahl sehen Unterschiede größer aus, als sie sind.',
  },
})
