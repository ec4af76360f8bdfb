import type { Given } from '../../src/measures/measure.ts'
import type { Offer, OfferedParameter } from '../../src/measures/offer.ts'

/** At most so many choices of one parameter are tried against each other. */
const breadth = 3
/** With USUFRUCT_LONG many more. */
const most = process.env.USUFRUCT_LONG === '1' ? 60 : 8

/** Parameters that fit: for each parameter a few of what may stand in it, and for one that needs not be there also nothing. */
export function fittings(offer: Offer): readonly Given[] {
  let found: Given[] = [{}]
  for (const parameter of offer.parameters) {
    const next = found.flatMap((given) =>
      some(parameter, given).map((value) => (value === undefined ? given : { ...given, [parameter.name]: value })),
    )
    found = spread(next, most)
  }
  return found
}

function some(parameter: OfferedParameter, given: Given): readonly (string | undefined)[] {
  if (parameter.of !== undefined && given[parameter.of] === undefined) return [undefined]
  const values = valuesOf(parameter, given)
  if (values.length === 0 && parameter.required) return []
  return parameter.required ? values : [undefined, ...values]
}

export function valuesOf(parameter: OfferedParameter, given: Given): readonly string[] {
  const used = ['first', 'second', 'third', 'fourth', 'fifth', 'test'].map((name) => given[name])
  if (parameter.choices) {
    const when = parameter.of === undefined ? '' : (given[parameter.of] ?? '')
    const listed = parameter.choices.find((one) => one.when === when)?.choices.map(({ value }) => value)
    if (listed)
      return spread(
        listed.filter((value) => !used.includes(value)),
        breadth,
      )
    if (parameter.type !== 'value') return []
  }
  switch (parameter.type) {
    case 'value':
      return [`${['1', '22', '333', '4444', '55555'].find((value) => !used.includes(value))}`]
    case 'day':
      return [parameter.name === 'to' ? '2025-05-31' : '2025-02-01']
    case 'whole number':
      return [`${parameter.minimum}`, `${parameter.maximum}`]
    case 'amount':
      return ['12.5']
    case 'edges':
      return ['0.5, 2, 10.25']
    default:
      return []
  }
}

/** So many of them, from all over the list. */
const spread = <T>(list: readonly T[], count: number): T[] =>
  list.length <= count
    ? [...list]
    : Array.from({ length: count }, (_, at) => list[Math.floor((at * list.length) / count)] as T)
