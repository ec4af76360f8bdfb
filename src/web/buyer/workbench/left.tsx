import { Link } from '@tanstack/react-router'
import type { AccountView } from '../../../house/views/account.ts'
import type { Preview } from '../../../release/preview.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Details, Sheet } from '../../ui/page.tsx'
import type { ProductView } from '../read.ts'
import styles from './workbench.module.css'

/** What is left, in both currencies, and the names of the contract. */
export function Left({
  mine,
  product,
  quote,
}: {
  readonly mine: AccountView
  readonly product: ProductView
  readonly quote: Preview | undefined
}) {
  const words = useText(text)
  const format = useFormat()
  const { left } = product.facts
  const questions = quote?.left.questions ?? left.questions
  return (
    <aside className={styles.side} aria-label={words.title}>
      <Sheet title={words.title}>
        <Meter limits={left.limits} />
        <p>
          {quote === undefined ? words.cheapest(format.number(questions)) : words.likeThis(format.number(questions))}
        </p>
        <p>{words.money(format.money(mine.prepaid, mine.currency))}</p>
        <Link to="/buy/balance">{words.more}</Link>
      </Sheet>
      <Sheet title={words.names}>
        {product.tables.map((table) => (
          <Details key={table.name} summary={<code>{table.name}</code>}>
            <ul className={styles.names}>
              {table.columns
                .filter((column) => column.offered || column.name === table.personColumn)
                .map((column) => (
                  <li key={column.name}>
                    <code>{column.name}</code> <span className="u-soft">{column.type}</span>
                  </li>
                ))}
            </ul>
          </Details>
        ))}
        <Link to="/buy/products/$product" params={{ product: product.product }}>
          {words.contract}
        </Link>
      </Sheet>
    </aside>
  )
}

/** How much of the tightest public limit is used. */
export function Meter({ limits }: { readonly limits: ProductView['facts']['left']['limits'] }) {
  const words = useText(text)
  const used = Math.min(100, Math.max(0, ...limits.map((one) => Number(one.usedPercent.replace(/[^\d.]/g, '')))))
  return (
    <>
      <div className={styles.meter} role="img" aria-label={words.used(used)}>
        <span style={{ width: `${used}%` }} />
      </div>
      <p className="u-small u-soft">{words.used(used)}</p>
    </>
  )
}

const text = texts({
  en: {
    title: 'What is left',
    used: (percent: number) => `${percent} % of the tightest public limit is used, by all buyers together`,
    likeThis: (n: string) => `Room for about ${n} questions like this one.`,
    cheapest: (n: string) => `Room for about ${n} questions of the cheapest tier.`,
    money: (money: string) => `${money} prepaid.`,
    more: 'Balance and limits',
    names: 'Names to use',
    contract: 'The contract in words',
  },
  de: {
    title: 'Was übrig ist',
    used: (percent: number) =>
      `${percent.toLocaleString('de')} % der engsten öffentlichen Grenze sind verbraucht, von allen Käufern zusammen`,
    likeThis: (n: string) => `Platz für etwa ${n} Fragen wie diese.`,
    cheapest: (n: string) => `Platz für etwa ${n} Fragen der günstigsten Stufe.`,
    money: (money: string) => `${money} eingezahlt.`,
    more: 'Guthaben und Grenzen',
    names: 'Verwendbare Namen',
    contract: 'Der Vertrag in Worten',
  },
})
