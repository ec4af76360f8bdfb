import { Button, NativeSelect, Popover, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import type { Alternative, Preview } from '../../../release/preview.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useText } from '../../i18n/language.tsx'

/** Neither: the cheapest tier. */
export type Precision = { readonly rho?: string } | { readonly within?: string }

/** Cheaper, more precise, or a precision of one's own. */
export function Accuracy({
  quote,
  precision,
  choose,
}: {
  readonly quote: Preview
  readonly precision: Precision
  readonly choose: (precision: Precision) => void
}) {
  const words = useText(text)
  const format = useFormat()
  const open = quote.alternatives.filter((one) => one.unavailable === undefined)
  const cheaper = open.filter((one) => one.is === 'cheaper').at(-1)
  const finer = open.find((one) => one.is === 'more precise')
  const closed = finer === undefined ? quote.alternatives.find((one) => one.is === 'more precise') : undefined
  const button = (label: string, one: Alternative) => (
    <Button variant="default" onClick={() => choose({ rho: one.rho })}>
      {label}
      {widthOf(one) === undefined ? '' : ` ±${format.number(widthOf(one) ?? '')}`}
      {one.threshold === undefined ? '' : `, ${words.from(format.number(one.threshold))}`}
      {` → ${format.money(one.price, quote.currency)}`}
    </Button>
  )
  return (
    <>
      {cheaper === undefined ? null : button(words.cheaper, cheaper)}
      {finer === undefined ? null : button(words.finer, finer)}
      {closed === undefined ? null : (
        <Button variant="default" disabled>
          {closed.unavailable === 'privacy.budget_used_up' ? words.noRoom : words.overCap}
        </Button>
      )}
      <Own quote={quote} precision={precision} choose={choose} />
    </>
  )
}

function Own({ quote, precision, choose }: Parameters<typeof Accuracy>[0]) {
  const words = useText(text)
  const [only] = quote.accuracy
  // A width is promised for one count or one sum alone.
  const widths = quote.accuracy.length === 1 && only?.kind === 'guaranteed'
  const [opened, setOpened] = useState(false)
  const [kind, setKind] = useState<'within' | 'rho'>('within')
  const [value, setValue] = useState('')
  const chosen = widths ? kind : 'rho'
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const decimal = value.trim().replace(',', '.')
    if (!/^\d{1,15}(\.\d{1,15})?$/.test(decimal)) return
    choose(chosen === 'within' ? { within: decimal } : { rho: decimal })
    setOpened(false)
  }
  return (
    <>
      <Popover opened={opened} onChange={setOpened} trapFocus returnFocus position="bottom-start" withinPortal={false}>
        <Popover.Target>
          <Button variant="default" onClick={() => setOpened((now) => !now)}>
            {words.own}
          </Button>
        </Popover.Target>
        <Popover.Dropdown aria-label={words.own}>
          <form className="u-stack" onSubmit={submit}>
            {widths ? (
              <NativeSelect
                label={words.as}
                value={kind}
                onChange={(event) => setKind(event.currentTarget.value as 'within')}
                data={[
                  { value: 'within', label: words.within(only?.output ?? '') },
                  { value: 'rho', label: words.rho },
                ]}
              />
            ) : null}
            <TextInput
              label={chosen === 'within' ? words.within(only?.output ?? '') : words.rho}
              inputMode="decimal"
              required
              value={value}
              onChange={(event) => setValue(event.currentTarget.value)}
            />
            <Button type="submit" variant="default">
              {words.use}
            </Button>
          </form>
        </Popover.Dropdown>
      </Popover>
      {Object.keys(precision).length === 0 ? null : (
        <Button variant="subtle" onClick={() => choose({})}>
          {words.back}
        </Button>
      )}
    </>
  )
}

/** The width of the one output that has one. */
const widthOf = ({ accuracy }: Alternative): string | undefined => {
  const [only] = accuracy
  return accuracy.length === 1 && typeof only?.halfWidth95 === 'string' ? only.halfWidth95 : undefined
}

const text = texts({
  en: {
    cheaper: 'Cheaper',
    finer: 'More precise',
    from: (people: string) => `groups from ${people} people`,
    noRoom: 'More precise: no room in the public budget',
    overCap: 'More precise: over the cap of one answer',
    own: 'Another precision',
    as: 'Given as',
    within: (output: string) => `${output} to within ±`,
    rho: 'privacy loss (rho)',
    use: 'Use this precision',
    back: 'Cheapest tier',
  },
  de: {
    cheaper: 'Günstiger',
    finer: 'Genauer',
    from: (people: string) => `Gruppen ab ${people} Personen`,
    noRoom: 'Genauer: kein Platz im öffentlichen Budget',
    overCap: 'Genauer: über der Grenze einer Antwort',
    own: 'Andere Genauigkeit',
    as: 'Angegeben als',
    within: (output: string) => `${output} auf ±`,
    rho: 'Privatheitsverlust (rho)',
    use: 'Diese Genauigkeit verwenden',
    back: 'Günstigste Stufe',
  },
})
