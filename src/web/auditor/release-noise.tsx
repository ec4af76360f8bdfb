import type { LeafOf } from '../../tlog/leaves.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Sheet } from '../ui/page.tsx'
import { DataTable } from '../ui/table.tsx'
import { rho } from './numbers.ts'

/** How far each number of the answer is off, and why: the standard deviation follows from the charge. */
export function ReleaseNoise({ leaf }: { readonly leaf: LeafOf<'release'> }) {
  const words = useText(text)
  const format = useFormat()
  return (
    <Sheet title={words.title}>
      <p>{words.what}</p>
      <DataTable
        caption={words.caption}
        rows={leaf.channels}
        keyOf={(_, index) => `${index}`}
        columns={[
          { title: words.number, cell: ({ measure, part }) => words.part(measure + 1, words.parts[part] ?? part) },
          { title: words.loss, right: true, cell: (channel) => rho(channel.nano, format) },
          {
            title: words.change,
            right: true,
            cell: (channel) => format.number(root(channel.sensitivitySquared), 0, 2),
          },
          {
            title: words.sigma,
            right: true,
            cell: (channel) => (channel.epsilon === undefined ? format.number(root(channel.sigma2), 0, 2) : '–'),
          },
        ]}
      />
    </Sheet>
  )
}

/** Square root of "n/d" for people to read. */
function root(fraction: string): number {
  const [n = '0', d = '1'] = fraction.split('/')
  return Math.sqrt(Number(n) / Number(d))
}

const text = texts({
  en: {
    title: 'Noise',
    what: 'Each number was made inexact on purpose. The noise follows from the most that one person can change it and from the privacy loss that was paid for: sigma² = change² / (2 · loss).',
    caption: 'The noisy numbers of the answer',
    number: 'Number',
    part: (measure: number, part: string) => `${measure}: ${part}`,
    parts: {
      rows: 'count of rows',
      persons: 'count of people',
      sum: 'sum',
      count: 'count under an average',
      centred: 'centred sum of an average',
      squares: 'centred sum of squares',
      distribution: 'distribution over a grid',
      distinct: 'count of different values',
      bound: 'choice of a bound (no noise: the mechanism chooses at random)',
      cells: 'counts of people in disjoint cells',
    } as Record<string, string>,
    loss: 'Privacy loss (rho)',
    change: 'One person changes it by at most',
    sigma: 'Sigma of the noise',
  },
  de: {
    title: 'Rauschen',
    what: 'Jede Zahl wurde absichtlich ungenau gemacht. Das Rauschen folgt daraus, wie weit ein Mensch sie höchstens ändern kann, und aus dem bezahlten Privatheitsverlust: sigma² = Änderung² / (2 · Verlust).',
    caption: 'Die verrauschten Zahlen der Antwort',
    number: 'Zahl',
    part: (measure: number, part: string) => `${measure}: ${part}`,
    parts: {
      rows: 'Anzahl von Zeilen',
      persons: 'Anzahl von Menschen',
      sum: 'Summe',
      count: 'Anzahl unter einem Durchschnitt',
      centred: 'zentrierte Summe eines Durchschnitts',
      squares: 'zentrierte Summe von Quadraten',
      distribution: 'Verteilung über ein Raster',
      distinct: 'Anzahl verschiedener Werte',
      bound: 'Wahl einer Schranke (ohne Rauschen: gewählt wird mit Zufall)',
      cells: 'Anzahlen von Menschen in getrennten Zellen',
    } as Record<string, string>,
    loss: 'Privatheitsverlust (rho)',
    change: 'Ein Mensch ändert sie um höchstens',
    sigma: 'Sigma des Rauschens',
  },
})
