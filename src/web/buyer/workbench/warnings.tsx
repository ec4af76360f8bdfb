import type { Preview } from '../../../release/preview.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Message } from '../../ui/states.tsx'
import { isLess } from '../decimal.ts'

/** What is known to go wrong before anybody pays, from public facts alone. */
export function Warnings({
  quote,
  prepaid,
  approved,
}: {
  readonly quote: Preview
  readonly prepaid: string
  readonly approved: boolean
}) {
  const words = useText(text)
  const format = useFormat()
  const noisy = quote.expected.filter((one) => one.warning !== undefined)
  const poor = isLess(prepaid, quote.price)
  return (
    <>
      {noisy.length === 0 ? null : (
        <Message tone="rough" title={words.noise}>
          {noisy.map((one) => (
            <p key={one.output}>
              {words.why(
                one.output,
                format.number(quote.groups.count ?? 0),
                format.number(one.evenShare),
                format.number(one.halfWidth95),
                one.atLeastPercent,
              )}
            </p>
          ))}
        </Message>
      )}
      {quote.limitClassesUsedUp.length === 0 ? null : <p className="u-small u-soft">{words.usedUp}</p>}
      {approved ? null : (
        <Message tone="stop" title={words.notApproved}>
          <p>{words.notApprovedWhy}</p>
        </Message>
      )}
      {poor ? (
        <Message tone="stop" title={words.poor}>
          <p>{words.poorWhy(format.money(prepaid, quote.currency), format.money(quote.price, quote.currency))}</p>
        </Message>
      ) : null}
    </>
  )
}

const text = texts({
  en: {
    noise: 'Some groups will probably be noise',
    why: (output: string, groups: string, share: string, half: string, percent: string) =>
      `Spread evenly over ${groups} groups, “${output}” would be at most about ${share} in each; ±${half} is ${percent === 'over 100' ? 'more than all' : `${percent} %`} of that. Ask for fewer groups, or with more precision.`,
    usedUp:
      'People who set a stricter limit of their own are not in this answer: their limit is used up, by the public ledger.',
    notApproved: 'You are not approved for this purpose',
    notApprovedWhy: 'Ask the house to approve you; until then the question is refused, and costs nothing.',
    poor: 'Your balance does not cover this',
    poorWhy: (prepaid: string, price: string) =>
      `${prepaid} is prepaid, this costs ${price}. Ask the house to add to your balance, or take less precision.`,
  },
  de: {
    noise: 'Manche Gruppen werden wahrscheinlich Rauschen sein',
    why: (output: string, groups: string, share: string, half: string, percent: string) =>
      `Gleichmäßig auf ${groups} Gruppen verteilt wäre „${output}“ in jeder höchstens etwa ${share}; ±${half} sind davon ${percent === 'over 100' ? 'mehr als alles' : `${percent} %`}. Fragen Sie nach weniger Gruppen oder genauer.`,
    usedUp:
      'Wer sich selbst eine strengere Grenze gesetzt hat, ist in dieser Antwort nicht dabei: Die Grenze ist laut öffentlichem Buch ausgeschöpft.',
    notApproved: 'Für diesen Zweck sind Sie nicht zugelassen',
    notApprovedWhy: 'Bitten Sie das Haus um Zulassung; bis dahin wird die Frage abgelehnt und kostet nichts.',
    poor: 'Ihr Guthaben reicht dafür nicht',
    poorWhy: (prepaid: string, price: string) =>
      `${prepaid} sind eingezahlt, dies kostet ${price}. Bitten Sie das Haus, Ihr Guthaben zu erhöhen, oder nehmen Sie weniger Genauigkeit.`,
  },
})
