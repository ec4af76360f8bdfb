import { Broken } from './arithmetic.ts'
import { isArray, member, type ObjectValue, textOf, type Value } from './json.ts'

/** Members that an answer need not have, but that must be the release's where it has them as texts. */
const shared = [
  'product',
  'contract',
  'purpose',
  'delta',
  'period',
  'upperBound',
  'rate',
  'price',
  'planHash',
  'chargedAt',
]

/**
 * What the answer says of its own release must be what the log says: "release" and "nano" always; the shared members, the delta under "privacy" and
 * the noise under "method" and of each column where the answer has them. Gives the words, or throws Broken.
 */
export function answerAgrees(answer: Value | undefined, release: ObjectValue): string {
  for (const [name, value] of [
    ['release', textOf(release, 'id')],
    ['nano', textOf(release, 'nano')],
  ] as const)
    if (value === '' || textOf(answer, name) !== value) throw differs(name)
  for (const name of shared) agree(answer, release, name)
  agree(member(answer, 'privacy'), release, 'delta')
  deltasAgree(answer, release)

  const method = member(answer, 'method')
  if (isArray(method)) {
    const channels = member(release, 'channels')
    if (!isArray(channels) || channels.length !== method.length) throw differs('method')
    for (const [i, channel] of channels.entries()) if (noiseOf(method[i]) !== noiseOf(channel)) throw differs('method')
  }
  const columns = member(answer, 'columns')
  if (isArray(columns)) for (const column of columns) columnAgrees(member(column, 'noise'), member(release, 'channels'))
  return 'What the answer says of itself is what the log says.'
}

/** Epsilon is stated at what was charged and 10^-9 more, and groups were chosen by thresholding with the delta that was charged. */
function deltasAgree(answer: Value | undefined, release: ObjectValue): void {
  const charged = /^(0|[1-9]\d{0,15})$/.test(textOf(release, 'delta')) ? BigInt(textOf(release, 'delta')) : undefined
  const stated = member(member(answer, 'privacy'), 'epsilonAtDelta')
  if (typeof stated === 'string' && (charged === undefined || trillionths(stated) !== charged + 1_000n))
    throw differs('epsilonAtDelta')
  const selection = member(answer, 'selection')
  if (selection !== undefined && (charged === undefined || trillionths(textOf(selection, 'delta')) !== charged))
    throw differs('selection')
}

/** A decimal between 0 and 1 of at most twelve places, in units of 10^-12. */
function trillionths(text: string): bigint | undefined {
  const places = /^0(?:\.(\d{1,12}))?$/.exec(text)
  return places ? BigInt((places[1] ?? '').padEnd(12, '0')) : undefined
}

function agree(part: Value | undefined, release: ObjectValue, name: string): void {
  const said = member(part, name)
  if (typeof said === 'string' && said !== textOf(release, name)) throw differs(name)
}

/** A column costs what the channels cost from which it follows. */
function columnAgrees(noise: Value | undefined, channels: Value | undefined): void {
  if (noise === undefined) return
  const places = member(noise, 'channels')
  if (!isArray(places) || !isArray(channels)) throw differs('columns')
  const nano = places.map((place) => textOf(typeof place === 'number' ? channels[place] : undefined, 'nano'))
  if (new Set(places).size !== places.length || !nano.every((one) => /^\d{1,30}$/.test(one))) throw differs('columns')
  const sum = nano.reduce((all, one) => all + BigInt(one), 0n)
  if (`${sum}` !== textOf(noise, 'nano')) throw differs('columns')
}

/** Whole fractions may be written "n" or "n/1". */
const noiseOf = (channel: Value | undefined): string =>
  [
    String(member(channel, 'measure')),
    textOf(channel, 'part'),
    textOf(channel, 'sensitivitySquared'),
    textOf(channel, 'sigma2').replace(/\/1$/, ''),
    textOf(channel, 'epsilon'),
  ].join(' ')

const differs = (name: string): Broken => new Broken(`The answer's "${name}" is not that of the release.`)
