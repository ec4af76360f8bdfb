import { Button, NativeSelect } from '@mantine/core'
import { useState } from 'react'
import type { AnswerDocument } from '../../../release/document.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Sheet } from '../../ui/page.tsx'
import { Failure } from '../../ui/states.tsx'
import { times } from '../decimal.ts'
import { QuoteLine } from '../workbench/quote-line.tsx'
import { useAsk } from '../workbench/use-ask.ts'
import { useQuote, type Wish } from '../workbench/use-quote.ts'

/** Widths become that much smaller when the loss is its square. */
const factors = [2, 3, 4] as const

/** The same question for the difference, combined with what the buyer has. */
export function TopUp({ answer }: { readonly answer: AnswerDocument }) {
  const words = useText(text)
  const [open, setOpen] = useState(false)
  if (answer.released === undefined) return null
  return (
    <Sheet title={words.title}>
      <p>{words.what}</p>
      {open ? (
        <Offer answer={answer} />
      ) : (
        <Button variant="default" onClick={() => setOpen(true)}>
          {words.open}
        </Button>
      )}
    </Sheet>
  )
}

function Offer({ answer }: { readonly answer: AnswerDocument }) {
  const words = useText(text)
  const format = useFormat()
  const [factor, setFactor] = useState<number>(2)
  const wish: Wish = {
    product: answer.product,
    purpose: answer.purpose,
    sql: answer.sql,
    rho: times(answer.combined?.rho ?? answer.privacy.rho, factor * factor),
    topUpOf: answer.release,
  }
  const { quoted, current, again } = useQuote(wish)
  const ask = useAsk()
  const quote = quoted.kind === 'quote' ? quoted.quote : undefined
  const run = () => {
    if (quoted.kind === 'quote' && current && !ask.isPending)
      ask.mutate({ wish: quoted.wish, maxPrice: quoted.quote.price })
  }
  return (
    <div className="u-stack">
      <NativeSelect
        label={words.factor}
        value={`${factor}`}
        onChange={(event) => setFactor(Number(event.currentTarget.value))}
        data={factors.map((one) => ({ value: `${one}`, label: words.narrower(one) }))}
      />
      <QuoteLine quoted={quoted} current={current} again={again} />
      <Button onClick={run} loading={ask.isPending} disabled={quote === undefined || !current}>
        {quote === undefined ? words.ask : words.askFor(format.money(quote.price, quote.currency))}
      </Button>
      {ask.isError ? <Failure cause={ask.error} retry={run} /> : null}
    </div>
  )
}

const text = texts({
  en: {
    title: 'More precise',
    what: 'You pay the difference only: a second release of the same question is combined with this one, each weighted by its precision. People may have left in between. It has to be the same period and the same data.',
    open: 'Make this answer more precise',
    factor: 'How much narrower',
    narrower: (n: number) => `intervals ${n} times narrower, ${n * n} times the loss in all`,
    ask: 'Ask for the difference',
    askFor: (price: string) => `Ask for the difference, ${price}`,
  },
  de: {
    title: 'Genauer',
    what: 'Sie zahlen nur den Unterschied: Eine zweite Antwort auf dieselbe Frage wird mit dieser verbunden, jede nach ihrer Genauigkeit gewichtet. Dazwischen können Menschen ausgestiegen sein. Zeitraum und Daten müssen dieselben sein.',
    open: 'Diese Antwort genauer machen',
    factor: 'Wie viel schmaler',
    narrower: (n: number) => `Intervalle ${n}-mal schmaler, insgesamt ${n * n}-facher Verlust`,
    ask: 'Den Unterschied fragen',
    askFor: (price: string) => `Den Unterschied für ${price} fragen`,
  },
})
