import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { planOf } from '../../src/query/plan.ts'
import { printDuckdb } from '../../src/query/print/duckdb.ts'
import { printPlanned } from '../../src/query/print/planned.ts'
import type { Funded } from '../../src/release/way/market.ts'
import { rewrite } from '../../src/release/way/run.ts'
import type { World } from '../../src/release/world.ts'
import { catalogue } from '../query/catalogue.ts'

describe('the statement of a question', () => {
  const sql = 'SELECT region, SUM(spend) FROM basket_lines JOIN members USING (member_id) GROUP BY region'

  /** The statement when the data file says that its whole records are those of a contract with this hash. */
  async function statementWith(records: string | undefined): Promise<string> {
    const query = expectAccepted(await parseQuery(sql, catalogue))
    const world = {
      books: { purposeBits: async () => ({ research: 3 }) },
      data: async () => ({ recordsOf: async () => records }),
    } as unknown as World
    const question = { query, catalogue, purpose: 'research', load: 'the load' } as unknown as Funded
    return (await rewrite(question, world)).statement.text
  }

  it('reads stored records of the very contract that the question goes by, and of no other', async () => {
    const query = expectAccepted(await parseQuery(sql, catalogue))
    const long = printDuckdb(query, catalogue, { purposeBit: 3 }).text
    const short = printPlanned(query, catalogue, planOf(query, catalogue, true), { purposeBit: 3, stored: true }).text
    expect(short).not.toBe(long)
    expect(await statementWith(catalogue.hash)).toBe(short)
    for (const other of [undefined, '', 'ff'.repeat(32)]) expect(await statementWith(other)).toBe(long)
  })
})
