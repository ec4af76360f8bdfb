import { amountText } from '../../money/amount.ts'
import type { LeafOf } from '../../tlog/leaves.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Sheet } from '../ui/page.tsx'
import { DataTable } from '../ui/table.tsx'
import { money, pay, rho } from './numbers.ts'

/** Who paid what to whom. Each amount is the leaf's; the sum and one person's pay are computed here. */
export function ReleaseSplit({ leaf, currency }: { readonly leaf: LeafOf<'release'>; readonly currency: string }) {
  const words = useText(text)
  const format = useFormat()
  const parts = [
    [words.pool, leaf.pool],
    [words.steward, leaf.shares.steward],
    [words.operator, leaf.shares.operator],
    [words.reserve, leaf.shares.reserve],
  ] as const
  const price = BigInt(leaf.price)
  const sum = parts.reduce((total, [, amount]) => total + BigInt(amount), 0n)
  const shareOf = (amount: bigint): string => format.percent(Number((amount * 10_000n) / (price || 1n)) / 10_000, 1)
  const amount = (micro: bigint): string => format.money(amountText(micro), currency, 6)
  return (
    <Sheet title={words.title}>
      <p>{words.what(money(leaf.price, format, currency))}</p>
      <DataTable
        caption={words.caption}
        rows={[...parts.map(([name, text]) => ({ name, amount: BigInt(text) })), { name: words.sum, amount: sum }]}
        keyOf={({ name }) => name}
        columns={[
          { title: words.to, cell: ({ name }) => name },
          { title: words.amount, right: true, cell: (row) => amount(row.amount) },
          { title: words.share, right: true, cell: (row) => shareOf(row.amount) },
        ]}
      />
      <p>
        {words.each(
          pay(BigInt(leaf.rate) * BigInt(leaf.nano), format, currency),
          money(leaf.rate, format, currency),
          rho(leaf.nano, format),
        )}
      </p>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Money',
    what: (price: string) => `The buyer paid ${price}. It went to:`,
    caption: 'How the price was split',
    to: 'To',
    amount: 'Amount',
    share: 'Share of the price',
    pool: "the people's pool",
    steward: 'the steward',
    operator: 'the operator',
    reserve: 'the reserve',
    sum: 'together',
    each: (pay: string, rate: string, rho: string) =>
      `Everybody who was in it was credited ${pay}: ${rate} for each 0.001 of privacy loss, times ${rho}. Whether a person matched the question plays no part.`,
  },
  de: {
    title: 'Geld',
    what: (price: string) => `Der Käufer zahlte ${price}. Es ging an:`,
    caption: 'Wie der Preis aufgeteilt wurde',
    to: 'An',
    amount: 'Betrag',
    share: 'Anteil am Preis',
    pool: 'den Topf der Menschen',
    steward: 'den Verwalter',
    operator: 'den Betreiber',
    reserve: 'die Rücklage',
    sum: 'zusammen',
    each: (pay: string, rate: string, rho: string) =>
      `Jedem Menschen darin wurden ${pay} gutgeschrieben: ${rate} je 0,001 Privatheitsverlust, mal ${rho}. Ob jemand auf die Frage passte, spielt keine Rolle.`,
  },
})
