import { Checkbox } from '@mantine/core'
import type { Preview } from '../../../release/preview.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'

/** Whether bounds of one person's sums are chosen for the buyer, and what that means for this question. */
export function ChosenBounds({
  quote,
  auto,
  choose,
}: {
  readonly quote: Preview | undefined
  readonly auto: boolean
  readonly choose: (auto: boolean) => void
}) {
  const words = useText(text)
  const format = useFormat()
  const bounds = auto ? quote?.bounds : undefined
  return (
    <div className="u-stack" data-part="bounds">
      <Checkbox
        checked={auto}
        onChange={(event) => choose(event.currentTarget.checked)}
        label={words.label}
        description={words.what}
      />
      {bounds === undefined ? null : (
        <ul className="u-small u-soft">
          {bounds.sums.map((one) => (
            <li key={one.sum}>
              {one.bound === undefined
                ? words.missing(
                    one.sum,
                    format.number(one.declared ?? ''),
                    format.money(one.price ?? '0', quote?.currency ?? ''),
                  )
                : words.known(one.sum, format.number(one.bound))}
            </li>
          ))}
          {bounds.sums.length === 0 ? <li>{words.none}</li> : null}
        </ul>
      )}
    </div>
  )
}

const text = texts({
  en: {
    label: 'Choose the bounds of sums for me',
    what: 'A release of its own finds how much of one person should count, for a tenth of the loss. Smaller bounds mean less noise.',
    missing: (sum: string, declared: string, price: string) =>
      `${sum}: to be chosen first, at most ${declared}; ${price} of the price. The widths shown are those of the declared bound, the answer’s follow from the chosen one.`,
    known: (sum: string, bound: string) =>
      `${sum}: at most ${bound} of one person counts; chosen before in this period, free.`,
    none: 'No sum in this question has a bound that could be chosen.',
  },
  de: {
    label: 'Die Schranken der Summen für mich wählen',
    what: 'Eine eigene Antwort findet heraus, wie viel von einem Menschen zählen soll, für ein Zehntel des Verlusts. Kleinere Schranken heißen weniger Rauschen.',
    missing: (sum: string, declared: string, price: string) =>
      `${sum}: wird zuerst gewählt, höchstens ${declared}; ${price} vom Preis. Die gezeigten Breiten gelten für die vereinbarte Schranke, die der Antwort folgen aus der gewählten.`,
    known: (sum: string, bound: string) =>
      `${sum}: höchstens ${bound} von einem Menschen zählt; in diesem Zeitraum schon gewählt, kostenlos.`,
    none: 'Keine Summe dieser Frage hat eine Schranke, die gewählt werden könnte.',
  },
})
