import { decimalText } from '../base/rational.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Micro, NanoRho, Pico } from '../base/units.ts'

const decimal = /^(\d{1,15})(?:\.(\d{1,9}))?$/

/** Reads "12.50" as micro-units. Refuses market.amount_invalid unless it is positive with at most six decimals. */
export function parseAmount(text: string): Outcome<Micro> {
  const m = decimal.exec(text.trim())
  const value = m && (m[2] ?? '').length <= 6 ? BigInt(`${m[1]}${(m[2] ?? '').padEnd(6, '0')}`) : 0n
  if (value <= 0n)
    return refuse('market.amount_invalid', `"${text.slice(0, 40)}" is not an amount of money`, {
      hint: 'write a positive number such as 250 or 12.50',
    })
  return accept(value)
}

/** Reads the most that somebody pays as micro-units; "0" takes only what is free. Refuses market.amount_invalid. */
export const parseLimit = (text: string): Outcome<Micro> =>
  /^0(\.0{1,6})?$/.test(text.trim()) ? accept(0n) : parseAmount(text)

/** Reads "0.0005" as nano-rho. Refuses privacy.rho_out_of_range unless it is positive with at most nine decimals. */
export function parseRho(text: string): Outcome<NanoRho> {
  const m = decimal.exec(text.trim())
  const value = m ? BigInt(`${m[1]}${(m[2] ?? '').padEnd(9, '0')}`) : 0n
  if (value <= 0n)
    return refuse('privacy.rho_out_of_range', `"${text.slice(0, 40)}" is not a privacy loss`, {
      hint: 'write rho as a positive decimal such as 0.0005 (at most nine decimals)',
    })
  return accept(value)
}

/** "12.50": at least two decimals, no more than needed, up to the micro-unit. */
export const amountText = (amount: Micro): string => trim(decimalText(amount, 6), 2)
/** Pay is shown to the pico-unit where there is so little of it. */
export const payText = (amount: Pico): string => trim(decimalText(amount, 12), 2)
/** "0.0005". */
export const rhoText = (nano: NanoRho): string => trim(decimalText(nano, 9), 0)

function trim(text: string, least: number): string {
  const [whole = '0', fraction = ''] = text.split('.')
  const kept = fraction.replace(/0+$/, '').padEnd(least, '0')
  return kept === '' ? whole : `${whole}.${kept}`
}
