import { randomBytes } from 'node:crypto'
import { chooseBound } from '../../privacy/exponential.ts'
import { addNoise, releaseOpenGroups } from '../../privacy/noise.ts'
import { planOf } from '../../query/plan.ts'
import { printPlanned } from '../../query/print/planned.ts'
import type { BoundedSql, SealedRows } from '../ports.ts'
import type { World } from '../world.ts'
import { cellIndex, isOpenKey, keyOrder } from './cells.ts'
import type { Funded } from './market.ts'

declare const bounded: unique symbol
/** Funded, with the one statement that bounds every person's contribution. Made by `rewrite` alone. */
export interface Bounded extends Funded {
  readonly [bounded]: true
  readonly statement: BoundedSql
}

declare const exact: unique symbol
/** Funded, with exact bounded integers that cannot be printed. Made by `engine` alone. */
export interface Exact extends Bounded {
  readonly [exact]: true
  readonly rows: SealedRows
}

declare const noisy: unique symbol
/** Noisy integers: cell by cell in the order of the declared domains (or released group by group), channel by channel. From here on everything is post-processing. */
export interface Noisy extends Funded {
  readonly [noisy]: true
  readonly values: readonly (readonly bigint[])[]
  /** Of open keys: the released groups' keys, in their public order. */
  readonly keys?: readonly (readonly (string | null)[])[] | undefined
}

/**
 * Query → bounded SQL of the engine, with a fresh salt for the order in which a heavy person's groups are kept. Which people are heavy may be looked up in the
 * stored whole records if the load that wrote them went by the very contract that the question goes by.
 */
export async function rewrite(question: Funded, world: World): Promise<Bounded> {
  const bits = await world.books.purposeBits()
  const purposeBit = bits[question.purpose]
  if (purposeBit === undefined) throw new Error('the purpose has no bit in the mask')
  const { query, catalogue } = question
  const stored = (await (await world.data(question.load)).recordsOf()) === catalogue.hash
  const printed = printPlanned(query, catalogue, planOf(query, catalogue, stored), { purposeBit, stored })
  return {
    ...question,
    statement: { ...printed, parameters: { salt: randomBytes(16).toString('hex') } },
  } as unknown as Bounded
}

/** Brings the mask to exactly the sequence of the charge, then computes: the people read are the people charged. */
export async function engine(question: Bounded, world: World, signal?: AbortSignal): Promise<Exact> {
  const data = await world.data(question.load)
  await bringUp(data, question.charged.release.sequence, world)
  return { ...question, rows: await data.run(question.statement, signal) } as Exact
}

/**
 * Exact → noisy: discrete Gaussian noise on every cell of the public domain, seen or not; of open keys, on the groups with enough noisy people; or the one
 * choice that the question is about.
 */
export function noise(question: Exact, world: World): Noisy {
  const { rows, statement: _, ...rest } = question
  const { groups } = question.query
  const [only] = question.noise.channels
  if (only?.choice) {
    const chosen = chooseBound(rows, only.choice, world.random)
    return { ...rest, values: [[chosen]] } as unknown as Noisy
  }
  if (question.cells === undefined) {
    const open = releaseOpenGroups(rows, question.noise, isOpenKey(groups), keyOrder(groups), world.random)
    return {
      ...rest,
      values: open.map((group) => group.values),
      keys: open.map(({ keys }) => keys),
    } as unknown as Noisy
  }
  const values = addNoise(rows, question.noise, question.cells, cellIndex(groups), world.random)
  return { ...rest, values } as unknown as Noisy
}

async function bringUp(data: Awaited<ReturnType<World['data']>>, sequence: bigint, world: World): Promise<void> {
  const stored = await data.maskSequence()
  if (stored > sequence) throw new Error('the mask is ahead of the charge')
  if (stored < sequence) await data.applyStanding(world.books.standingChanges(stored, sequence), sequence)
}
