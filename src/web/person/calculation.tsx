import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'

/** rate × privacy loss = amount, all three exact. The rate is for a thousandth of rho. */
export function Calculation({
  line,
  currency,
}: {
  readonly line: { readonly ratePerMilliRho: string; readonly rho: string; readonly amount: string }
  readonly currency: string
}) {
  const words = useText(text)
  const format = useFormat()
  return (
    <>
      <p className="u-number" style={{ whiteSpace: 'normal' }}>
        {words.rate(format.money(line.ratePerMilliRho, currency, 6))} × {format.number(milli(line.rho))} ={' '}
        {format.money(line.amount, currency, 12)}
      </p>
      <p className="u-small u-soft">{words.what}</p>
    </>
  )
}

/** A decimal text times a thousand, exactly: the point moves three places. */
export function milli(rho: string): string {
  const [whole = '0', part = ''] = rho.split('.')
  const digits = part.padEnd(3, '0')
  const rest = digits.slice(3).replace(/0+$/, '')
  const left = `${whole}${digits.slice(0, 3)}`.replace(/^0+(?=\d)/, '')
  return rest === '' ? left : `${left}.${rest}`
}

const text = texts({
  en: {
    rate: (amount: string) => `${amount} per thousandth of rho`,
    what: 'Rate times privacy loss of that answer, the same for everybody who could be in it. It does not depend on whether you matched.',
  },
  de: {
    rate: (amount: string) => `${amount} je Tausendstel Rho`,
    what: 'Satz mal Privatheitsverlust dieser Antwort, gleich für alle, die darin sein konnten. Es hängt nicht davon ab, ob Sie zutrafen.',
  },
})
