import type { Choice, Offer, OfferedParameter } from '../../../measures/offer.ts'

/** What is chosen in the form of a measure. A parameter that depends on another is shown when that one has a value. */
export interface Picked {
  readonly measure: string
  readonly values: Readonly<Record<string, string>>
}

export const isShown = ({ of }: OfferedParameter, { values }: Picked): boolean =>
  of === undefined || (values[of] ?? '') !== ''

/** What may be chosen now; undefined where it is written: a list that is cut off, a column without a domain. */
export function choicesFor(parameter: OfferedParameter, { values }: Picked): readonly Choice[] | undefined {
  if (parameter.choices === undefined) return undefined
  const when = parameter.of === undefined ? '' : (values[parameter.of] ?? '')
  const found = parameter.choices.find((one) => one.when === when)
  if (found === undefined) return parameter.type === 'value' ? undefined : []
  return found.more === undefined ? found.choices : undefined
}

/** Defaults, and what can only be chosen one way. An option that states a fact is never chosen for the reader. */
export function beginWith(offer: Offer): Picked {
  return settle(offer, { measure: offer.measure, values: {} })
}

export function pick(offer: Offer, { measure, values }: Picked, name: string, value: string): Picked {
  return settle(offer, { measure, values: { ...values, [name]: value } })
}

/** Needed, shown, and without a value: nothing is asked before these are chosen. */
export const stillToChoose = (offer: Offer, picked: Picked): readonly OfferedParameter[] =>
  offer.parameters.filter((one) => one.required && isShown(one, picked) && (picked.values[one.name] ?? '') === '')

/** Takes out what no longer fits what it depends on, and fills in what can only be one thing. */
function settle(offer: Offer, { measure, values: given }: Picked): Picked {
  const values: Record<string, string> = {}
  for (const parameter of offer.parameters) {
    const before = { measure, values }
    if (!isShown(parameter, before)) continue
    const choices = choicesFor(parameter, before)
    const value = given[parameter.name]
    const fits = value !== undefined && (value === '' || choices?.some((one) => one.value === value) !== false)
    const only =
      parameter.required && parameter.type !== 'option' && choices?.length === 1 ? choices[0]?.value : undefined
    const next = fits ? value : (parameter.default ?? only)
    if (next !== undefined) values[parameter.name] = next
  }
  return { measure, values }
}
