import type { PrintedSql } from '../../src/query/print/duckdb.ts'
import type { Cell, Data, Engine } from './engine.ts'

/**
 * All worlds that lack one person, by the mask: purpose bit 0 is in force for everybody who is in the world, bit i for everybody of them but the
 * i-th. So one filling of the tables serves for up to thirty people and any number of questions.
 */
export interface Crowd {
  readonly data: Data
  /** Those in force, in the order of their bits: 1, 2, … */
  readonly people: readonly bigint[]
}

const mostPeople = 30

export function crowdOf(data: Data): Crowd {
  const inForce = (data.members ?? []).filter((row) => ((row._mask as bigint) & 1n) !== 0n)
  const people = inForce.slice(0, mostPeople).map((row) => row._person as bigint)
  const all = 2n ** BigInt(people.length + 1) - 1n
  const maskOf = (person: bigint): bigint => {
    const place = people.indexOf(person)
    return place < 0 ? 0n : all & ~(2n ** BigInt(place + 1))
  }
  const masked = Object.entries(data).map(([name, rows]) => [
    name,
    rows.map((row) => ('_mask' in row ? { ...row, _mask: maskOf(row._person as bigint) } : row)),
  ])
  return { data: Object.fromEntries(masked), people }
}

export interface Answers {
  readonly whole: readonly Cell[]
  /** By place of the person who is not there. */
  readonly without: readonly (readonly Cell[])[]
}

/** The answer of everybody, and those without each of the first `count` people. */
export async function answers(
  engine: Engine,
  print: (purposeBit: number) => PrintedSql,
  count: number,
): Promise<Answers> {
  const whole = await engine.run(print(0))
  const without: (readonly Cell[])[] = []
  for (let place = 1; place <= count; place++) without.push(await engine.run(print(place)))
  return { whole, without }
}
