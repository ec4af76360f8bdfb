import { approximate, parseRational } from '../../../base/rational.ts'
import type { AnswerDocument } from '../../../release/document.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Code, Facts, Sheet } from '../../ui/page.tsx'
import type { ReleaseView } from '../read.ts'

/** How the numbers came about, for whoever has to answer for them. */
export function Method({ answer, release }: { readonly answer: AnswerDocument; readonly release: ReleaseView }) {
  const words = useText(text)
  const format = useFormat()
  const sigma = (text: string): string => {
    const sigma2 = parseRational(text)
    return sigma2 === undefined ? text : format.number(Math.sqrt(approximate(sigma2)), 0, 2)
  }
  const fraction = (text: string): string => format.number(approximate(parseRational(text) ?? { n: 0n, d: 1n }), 0, 6)
  return (
    <Sheet title={words.title}>
      <Facts
        items={[
          ...answer.method.map(
            (one, index) =>
              [
                words.noise(index + 1, answer.method.length),
                one.epsilon === undefined
                  ? words.mechanism(words.parts[one.part] ?? one.part, sigma(one.sigma2), one.sensitivitySquared)
                  : words.choice(words.parts[one.part] ?? one.part, fraction(one.epsilon)),
              ] as const,
          ),
          ...(answer.selection === undefined
            ? []
            : [
                [
                  words.groups,
                  words.chosen(
                    format.number(answer.selection.threshold),
                    format.number(answer.selection.maxGroups),
                    format.number(answer.selection.delta),
                    answer.selection.channel + 1,
                  ),
                ] as const,
              ]),
          [words.rho, format.number(answer.privacy.rho)],
          [words.epsilon, words.atDelta(format.number(answer.privacy.epsilon), answer.privacy.epsilonAtDelta)],
          [words.people, words.bound(format.number(answer.upperBound))],
          [words.period, <code key="period">{answer.period}</code>],
          [words.contract, `${answer.product} ${answer.contract}`],
          [words.price, format.money(answer.paid, answer.currency, 6)],
          [words.at, format.time(answer.chargedAt, true)],
          [words.release, <code key="release">{release.id}</code>],
        ]}
      />
      <ul>
        {words.notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
        {answer.notes.slice(2).map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
      <Code>{answer.sql}</Code>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Method',
    noise: (n: number, all: number) => (all === 1 ? 'Noise' : `Noise ${n}`),
    parts: {
      persons: 'count of people',
      rows: 'count of rows',
      sum: 'sum',
      centred: 'centred sum of an average',
      count: 'count of an average',
      squares: 'centred sum of squares',
      distribution: 'distribution over ranges',
      distinct: 'count of different values',
      bound: 'bound of one person’s sum',
      cells: 'counts of people in disjoint cells',
    } as Record<string, string>,
    mechanism: (part: string, sigma: string, sensitivity: string) =>
      `discrete Gaussian, sigma ${sigma}, on the ${part} (squared sensitivity ${sensitivity})`,
    choice: (part: string, epsilon: string) => `exponential mechanism, epsilon ${epsilon}, chooses the ${part}`,
    groups: 'Which groups appear',
    chosen: (threshold: string, most: string, delta: string, noise: number) =>
      `those in which the noisy number of people (noise ${noise}) is at least ${threshold}; one person counts in at most ${most} of them; delta ${delta}. Which others there are, and how many, is not told; intervals do not hold after that choice.`,
    rho: 'Privacy loss (rho, zCDP)',
    epsilon: 'The same as epsilon',
    atDelta: (epsilon: string, delta: string) => `${epsilon} at delta ${delta}`,
    people: 'People counted from',
    bound: (n: string) => `about ${n} or fewer (a noisy upper bound, fixed for the period)`,
    period: 'Period',
    contract: 'Contract',
    price: 'Price',
    at: 'Charged at',
    release: 'Release',
    notes: [
      'Counts people who said yes to this purpose; it is not weighted to all customers.',
      'The interval is of the privacy noise alone, around the answer in which one person’s contribution is bounded (clipped) as the contract says.',
    ],
  },
  de: {
    title: 'Methode',
    noise: (n: number, all: number) => (all === 1 ? 'Rauschen' : `Rauschen ${n}`),
    parts: {
      persons: 'Anzahl der Personen',
      rows: 'Anzahl der Zeilen',
      sum: 'Summe',
      centred: 'zentrierte Summe eines Durchschnitts',
      count: 'Anzahl eines Durchschnitts',
      squares: 'zentrierte Summe der Quadrate',
      distribution: 'Verteilung auf Bereiche',
      distinct: 'Anzahl verschiedener Werte',
      bound: 'Schranke der Summe eines Menschen',
      cells: 'Anzahlen von Menschen in getrennten Zellen',
    } as Record<string, string>,
    mechanism: (part: string, sigma: string, sensitivity: string) =>
      `diskrete Gauß-Verteilung, Sigma ${sigma}, auf: ${part} (Quadrat der Empfindlichkeit ${sensitivity})`,
    choice: (part: string, epsilon: string) => `Exponentialmechanismus, Epsilon ${epsilon}, wählt: ${part}`,
    groups: 'Welche Gruppen erscheinen',
    chosen: (threshold: string, most: string, delta: string, noise: number) =>
      `solche, in denen die verrauschte Zahl der Personen (Rauschen ${noise}) mindestens ${threshold} ist; eine Person zählt in höchstens ${most} davon; Delta ${delta}. Welche es sonst gibt und wie viele, wird nicht gesagt; nach dieser Auswahl gelten die Intervalle nicht mehr.`,
    rho: 'Privatheitsverlust (rho, zCDP)',
    epsilon: 'Dasselbe als Epsilon',
    atDelta: (epsilon: string, delta: string) => `${epsilon} bei Delta ${delta}`,
    people: 'Gezählt aus',
    bound: (n: string) => `etwa ${n} Personen oder weniger (eine verrauschte obere Schranke, für den Zeitraum fest)`,
    period: 'Zeitraum',
    contract: 'Vertrag',
    price: 'Preis',
    at: 'Belastet am',
    release: 'Antwort',
    notes: [
      'Gezählt sind Menschen, die zu diesem Zweck Ja gesagt haben; es ist nicht auf alle hochgerechnet.',
      'Das Intervall betrifft allein das Rauschen zum Schutz, um die Antwort, in der der Beitrag einer Person begrenzt (gekappt) ist, wie der Vertrag es sagt.',
    ],
  },
})
