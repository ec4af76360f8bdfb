import { Button, NativeSelect } from '@mantine/core'
import { lazy, Suspense, useMemo, useState } from 'react'
import type { AccountView } from '../../../house/views/account.ts'
import { withoutExplain } from '../../../query/explain.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Failure } from '../../ui/states.tsx'
import type { ProductView } from '../read.ts'
import { personsIn, useWords } from '../words.ts'
import { Accuracy, type Precision } from './accuracy.tsx'
import { ChosenBounds } from './bounds.tsx'
import type { Trouble } from './editor.tsx'
import { Left } from './left.tsx'
import { QuoteLine } from './quote-line.tsx'
import { useAsk } from './use-ask.ts'
import { type Quoted, useQuote, type Wish } from './use-quote.ts'
import { Warnings } from './warnings.tsx'
import styles from './workbench.module.css'

const Editor = lazy(() => import('./editor.tsx'))
const HowComputed = lazy(() => import('./explained.tsx'))
const MeasurePicker = lazy(() => import('./measure-picker.tsx'))

/** Editor, the line that is kept current, and the one button that asks. */
export function Bench({
  mine,
  products,
  begin,
}: {
  readonly mine: AccountView
  readonly products: readonly ProductView[]
  readonly begin: {
    readonly product: ProductView
    readonly sql: string
    readonly purpose: string
    readonly rho: string | undefined
  }
}) {
  const words = useText(text)
  const shared = useWords()
  const format = useFormat()
  const [product, setProduct] = useState(begin.product)
  const [purpose, setPurpose] = useState(begin.purpose)
  const [sql, setSql] = useState(begin.sql)
  const [precision, setPrecision] = useState<Precision>(begin.rho === undefined ? {} : { rho: begin.rho })
  const [auto, setAuto] = useState(false)
  const wish: Wish | undefined =
    sql.trim() === ''
      ? undefined
      : { product: product.product, purpose, sql, ...precision, ...(auto ? { bounds: 'auto' as const } : {}) }
  const { quoted, current, again } = useQuote(wish)
  const quote = quoted.kind === 'quote' ? quoted.quote : undefined
  const ask = useAsk()
  const explaining = withoutExplain(sql).explain
  const run = () => {
    if (quoted.kind === 'quote' && current && !ask.isPending && !explaining)
      ask.mutate({ wish: quoted.wish, maxPrice: quoted.quote.price })
  }
  const tables = useMemo(
    () =>
      Object.fromEntries(
        product.tables.map((table) => [
          table.name,
          table.columns
            .filter((column) => column.offered || column.name === table.personColumn)
            .map((column) => column.name),
        ]),
      ),
    [product],
  )
  const trouble = useMemo(() => troubleOf(quoted), [quoted])
  const begun = product.facts.questions.find((one) => one.sql === sql)
  return (
    <div className={styles.bench}>
      <div className={styles.work}>
        <div className={styles.choices}>
          <NativeSelect
            className={styles.start as string}
            label={words.start}
            value={begun?.id ?? ''}
            onChange={(event) => {
              const chosen = product.facts.questions.find((one) => one.id === event.currentTarget.value)
              if (chosen) setSql(chosen.sql)
            }}
          >
            <option value="">{words.own}</option>
            {product.facts.questions.map((one) => (
              <option key={one.id} value={one.id}>
                {shared.starter(one, personsIn(product))}
              </option>
            ))}
          </NativeSelect>
          <NativeSelect
            label={words.product}
            value={product.product}
            onChange={(event) => {
              const chosen = products.find((one) => one.product === event.currentTarget.value)
              if (chosen) setProduct(chosen)
            }}
            data={products.map((one) => ({ value: one.product, label: one.title }))}
          />
          <NativeSelect
            label={words.purpose}
            value={purpose}
            onChange={(event) => setPurpose(event.currentTarget.value)}
            data={product.purposes.map((one) => ({
              value: one,
              label: mine.purposes.includes(one) ? shared.purpose(one) : words.notApproved(shared.purpose(one)),
            }))}
          />
        </div>
        <Suspense fallback={null}>
          <MeasurePicker key={product.product} product={product.product} write={setSql} />
        </Suspense>
        <Suspense fallback={<div className={styles.waiting}>{words.waiting}</div>}>
          <Editor value={sql} label={words.editor} tables={tables} trouble={trouble} onChange={setSql} onAsk={run} />
        </Suspense>
        <QuoteLine quoted={quoted} current={current} again={again} />
        {quote === undefined ? null : (
          <Warnings quote={quote} prepaid={mine.prepaid} approved={mine.purposes.includes(purpose)} />
        )}
        {auto || hasSum.test(sql) ? <ChosenBounds quote={quote} auto={auto} choose={setAuto} /> : null}
        <div className={styles.acts}>
          {quote === undefined ? null : <Accuracy quote={quote} precision={precision} choose={setPrecision} />}
          <Button onClick={run} loading={ask.isPending} disabled={quote === undefined || !current || explaining}>
            {explaining
              ? words.explained
              : quote === undefined
                ? words.ask
                : quote.askedBefore
                  ? words.askFree
                  : words.askFor(format.money(quote.price, quote.currency))}
          </Button>
        </div>
        {ask.isError ? <Failure cause={ask.error} retry={run} /> : null}
        {quoted.kind === 'quote' ? (
          <Suspense fallback={null}>
            <HowComputed wish={quoted.wish} open={explaining} use={setSql} />
          </Suspense>
        ) : null}
        <p className="u-small u-soft">{words.keys}</p>
      </div>
      <Left mine={mine} product={product} quote={quote} />
    </div>
  )
}

/** Where there may be a sum, there may be a bound to choose; the house says exactly. */
const hasSum = /\bsum\s*\(/i

/** Only what has a place in the text is shown in it. */
function troubleOf(quoted: Quoted): Trouble | undefined {
  if (quoted.kind !== 'refused' || quoted.problem.position === undefined) return undefined
  const { code, message, hint, position } = quoted.problem
  return { offset: position.offset, code, message, hint }
}

const text = texts({
  en: {
    start: 'Begin with a question',
    own: 'my own question',
    product: 'Data product',
    purpose: 'Purpose',
    notApproved: (purpose: string) => `${purpose} (not approved for you)`,
    waiting: 'The editor is loading.',
    editor: 'Question in SQL',
    ask: 'Ask',
    askFor: (price: string) => `Ask for ${price}`,
    askFree: 'Show the answer again, free',
    explained: 'Explained below, not asked',
    keys: 'Ctrl-Enter asks, Ctrl-Space completes names, Tab leaves the editor. EXPLAIN PRIVACY before a question explains it. Nothing is paid before you ask, and never more than the price on the button.',
  },
  de: {
    start: 'Mit einer Frage beginnen',
    own: 'meine eigene Frage',
    product: 'Datenprodukt',
    purpose: 'Zweck',
    notApproved: (purpose: string) => `${purpose} (für Sie nicht zugelassen)`,
    waiting: 'Der Editor wird geladen.',
    editor: 'Frage in SQL',
    ask: 'Fragen',
    askFor: (price: string) => `Für ${price} fragen`,
    askFree: 'Antwort noch einmal zeigen, kostenlos',
    explained: 'Unten erklärt, nicht gefragt',
    keys: 'Strg-Eingabe fragt, Strg-Leertaste ergänzt Namen, Tabulator verlässt den Editor. EXPLAIN PRIVACY vor einer Frage erklärt sie. Nichts wird bezahlt, bevor Sie fragen, und nie mehr als der Preis auf der Taste.',
  },
})
