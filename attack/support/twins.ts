import { copyFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { createDuckDbEngine, type DuckDbData } from '../../src/engines/duckdb/engine.ts'
import type { NoisePlan } from '../../src/privacy/budget.ts'
import { addNoise, releaseOpenGroups } from '../../src/privacy/noise.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { planOf } from '../../src/query/plan.ts'
import { printPlanned } from '../../src/query/print/planned.ts'
import { cellsOf, type Query } from '../../src/query/query.ts'
import type { BoundedSql, SealedRows } from '../../src/release/ports.ts'
import { cellIndex, isOpenKey, keyOrder } from '../../src/release/way/cells.ts'
import { noiseOf } from '../../src/release/way/privacy.ts'

/**
 * Neighbouring worlds D and D' in the real engine: the loaded file twice, with everybody's yes in force, and with everybody's but the target's. What the engine
 * computes stays sealed here too; noise is the house's, from the system's random bytes.
 */
export interface Twins {
  readonly present: Side
  readonly absent: Side
  close(): Promise<void>
}
export interface Side {
  /** Parsed, planned, bounded, run: as a release would, up to the noise. */
  exact(sql: string, nano: bigint): Promise<Exact>
  /** The statement alone, and how long the engine takes for it. */
  milliseconds(sql: string): Promise<number>
}
export interface Exact {
  readonly query: Query
  readonly rows: SealedRows
  readonly plan: NoisePlan
}

const purposeBit = 0

export async function openTwins(
  file: string,
  folder: string,
  catalogue: Catalogue,
  people: readonly string[],
  target: string,
): Promise<Twins> {
  const engine = createDuckDbEngine()
  const open = async (name: string, inForce: readonly string[]): Promise<DuckDbData> => {
    const copy = join(folder, `${name}.duckdb`)
    await copyFile(file, copy)
    const data = await engine.open(copy)
    const upTo = (await data.maskSequence()) + 1n
    const bits = (person: string) => (inForce.includes(person) ? 1 << purposeBit : 0)
    async function* changes() {
      yield people.map((person) => ({ sequence: upTo, person, bits: bits(person) }))
    }
    await data.applyStanding(changes(), upTo)
    return data
  }
  const present = await open('present', people)
  const absent = await open(
    'absent',
    people.filter((one) => one !== target),
  )
  return {
    present: sideOf(present, catalogue),
    absent: sideOf(absent, catalogue),
    close: async () => {
      await present.close()
      await absent.close()
    },
  }
}

function sideOf(data: DuckDbData, catalogue: Catalogue): Side {
  const statementOf = async (sql: string): Promise<{ query: Query; statement: BoundedSql }> => {
    const query = expectAccepted(await parseQuery(sql, catalogue))
    const stored = (await data.recordsOf()) === catalogue.hash
    const printed = printPlanned(query, catalogue, planOf(query, catalogue, stored), { purposeBit, stored })
    return { query, statement: { ...printed, parameters: { salt: '00'.repeat(16) } } }
  }
  return {
    exact: async (sql, nano) => {
      const { query, statement } = await statementOf(sql)
      const plan = expectAccepted(noiseOf({ query, catalogue } as Parameters<typeof noiseOf>[0], nano))
      return { query, plan, rows: await data.run(statement) }
    },
    milliseconds: async (sql) => {
      const { statement } = await statementOf(sql)
      const started = process.hrtime.bigint()
      await data.run(statement)
      return Number(process.hrtime.bigint() - started) / 1e6
    },
  }
}

/** One release of a question whose groups are declared: noisy integers by cell and channel. */
export function noisy({ query, rows, plan }: Exact): readonly (readonly bigint[])[] {
  return addNoise(rows, plan, cellsOf(query.groups) ?? 0, cellIndex(query.groups))
}

/** One release of a question with open groups, by the given plan. */
export const noisyOpen = ({ query, rows, plan }: Exact) =>
  releaseOpenGroups(rows, plan, isOpenKey(query.groups), keyOrder(query.groups))
