import { Broken } from './arithmetic.ts'
import { type Check, check, maxLength } from './checks.ts'
import { readChannels, Unreadable } from './facts.ts'
import { isArray, member, type ObjectValue, readJson, textOf, type Value } from './json.ts'
import { verifyReceipt } from './receipt.ts'

export interface CombinedVerdict {
  readonly valid: boolean
  readonly checks: readonly Check[]
}

/**
 * Checks an answer that is made of several releases against all their receipts, in any order: each verifies by itself, they are releases of one question on one
 * snapshot, and the combined integers are their means, each weighted by its charge. Needs the receipts and the log's key, nothing else. Never throws.
 */
export async function verifyCombined(receipts: readonly string[], logKey: string): Promise<CombinedVerdict> {
  const checks: Check[] = []
  for (const text of receipts) checks.push(...(await verifyReceipt(text, logKey)).checks)
  checks.push(
    await check('combined', () =>
      combinedFollows(receipts.map((text) => (text.length <= maxLength ? readJson(text) : undefined))),
    ),
  )
  return { valid: checks.every(({ holds }) => holds), checks }
}

interface Opened {
  readonly release: ObjectValue
  readonly answer: Value | undefined
}

function combinedFollows(all: readonly (Value | undefined)[]): string {
  const opened = new Map(all.flatMap((value) => open(value)))
  const last = [...opened.values()].find(
    ({ release, answer }) => listOf(member(answer, 'combined'), 'of').length === opened.size && isLast(release, answer),
  )
  if (!last || opened.size < 2) throw new Broken('These are not all the receipts of one combined answer.')
  const combined = member(last.answer, 'combined')
  const parts = listOf(combined, 'of').map((id) => {
    const part = typeof id === 'string' ? opened.get(id) : undefined
    if (!part) throw new Broken('A receipt of the combined answer is missing.')
    return part
  })
  for (const { release } of parts)
    for (const name of ['product', 'purpose', 'planHash', 'contractHash', 'period'])
      if (textOf(release, name) !== textOf(last.release, name))
        throw new Broken(`The releases differ in "${name}": they are not of one question on one snapshot.`)
  const charges = parts.map(({ release }) => readChannels(release))
  const total = charges.reduce((sum, { nano }) => sum + nano, 0n)
  if (textOf(combined, 'nano') !== `${total}`)
    throw new Broken('The loss of the combined answer is not that of its releases.')
  channelsFollow(combined, charges)
  valuesFollow(
    combined,
    parts.map(({ answer }) => tableOf(answer, 'released')),
    charges.map(({ channels }) => channels.map(({ nano }) => nano)),
  )
  return `The combined numbers are the means of ${parts.length} releases, each weighted by its charge.`
}

const isLast = (release: ObjectValue, answer: Value | undefined): boolean =>
  listOf(member(answer, 'combined'), 'of').at(-1) === textOf(release, 'id')

function open(value: Value | undefined): readonly (readonly [string, Opened])[] {
  const release = member(value, 'release') as ObjectValue | undefined
  return release === undefined ? [] : [[textOf(release, 'id'), { release, answer: member(value, 'answer') }]]
}

/** Same sensitivities, charges added up, and sigma2 = sensitivity² 10^9/(2 Σ nano). */
function channelsFollow(combined: Value | undefined, charges: readonly ReturnType<typeof readChannels>[]): void {
  const shown = listOf(combined, 'channels')
  const [first] = charges
  if (!first || shown.length !== first.channels.length)
    throw new Broken('The combined channels are not those of the releases.')
  for (const [i, { sensitivitySquared }] of first.channels.entries()) {
    let nano = 0n
    for (const { channels } of charges) {
      if (channels[i]?.sensitivitySquared !== sensitivitySquared || channels.length !== shown.length)
        throw new Broken(`Channel ${i + 1} is not the same in all releases.`)
      nano += channels[i].nano
    }
    const [n = '', d = '1'] = textOf(shown[i], 'sigma2').split('/')
    const says = textOf(shown[i], 'nano') === `${nano}` && digits.test(n) && digits.test(d)
    if (!says || BigInt(n) * 2n * nano !== sensitivitySquared * 1_000_000_000n * BigInt(d))
      throw new Broken(`The combined variance of channel ${i + 1} does not follow from the charges.`)
  }
}

/** A channel is one integer of each group, or as many as the answer says. */
function valuesFollow(
  combined: Value | undefined,
  released: readonly (readonly (readonly bigint[])[])[],
  charges: readonly (readonly bigint[])[],
): void {
  const channelOf = listOf(combined, 'channels').flatMap((channel, index) => {
    const width = member(channel, 'width')
    if (typeof width !== 'number' || !Number.isInteger(width) || width < 1 || width > 100_000)
      throw new Unreadable('The width of a channel is not a whole number.')
    return Array.from({ length: width }, () => index)
  })
  const values = tableOf(combined, 'values')
  for (const [cell, own] of values.entries())
    for (const [at, value] of own.entries()) {
      let n = 0n
      let d = 0n
      for (const [part, table] of released.entries()) {
        const one = table[cell]?.[at]
        const nano = charges[part]?.[channelOf[at] ?? -1]
        if (one === undefined || table.length !== values.length || table[cell]?.length !== own.length)
          throw new Broken('The releases do not have the same numbers.')
        if (nano === undefined || own.length !== channelOf.length)
          throw new Broken('The numbers do not fit the channels.')
        n += one * nano
        d += nano
      }
      const rounded = (2n * (n < 0n ? -n : n) + d) / (2n * d)
      if ((n < 0n ? -rounded : rounded) !== value)
        throw new Broken(`The combined number ${at + 1} of group ${cell + 1} is not the weighted mean.`)
    }
}

function tableOf(parent: Value | undefined, name: string): readonly (readonly bigint[])[] {
  const rows = listOf(parent, name)
  if (rows.length === 0) throw new Unreadable(`The answer has no "${name}".`)
  return rows.map((row) => {
    if (!isArray(row)) throw new Unreadable(`The answer's "${name}" is not a table.`)
    return row.map((one) => {
      if (typeof one !== 'string' || !whole.test(one))
        throw new Unreadable(`The answer's "${name}" holds no whole number.`)
      return BigInt(one)
    })
  })
}

const listOf = (parent: Value | undefined, name: string): readonly Value[] => {
  const list = member(parent, name)
  return isArray(list) ? list : []
}
// Bounded length: arithmetic on hostile digits must stay fast.
const digits = /^[1-9][0-9]{0,99}$/
const whole = /^(0|-?[1-9][0-9]{0,99})$/
