import { expectAccepted } from '../../src/base/refusal.ts'
import type { House } from '../../src/house/house.ts'
import { openRows } from '../../src/privacy/exact.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { printDuckdb } from '../../src/query/print/duckdb.ts'

/**
 * The exact result of a question over the mask as the engine has it now, which is as the last release left it: nothing here brings it up to date. Exact results
 * never leave a house; only a test looks at one.
 */
export async function exactCount(house: House, product: string, purpose: string, sql: string): Promise<bigint> {
  const { world } = house
  const entry = (await world.books.contracts()).find((one) => one.product === product)
  const [load] = await world.books.loads(product)
  if (!entry || !load) throw new Error(`no product ${product}`)
  const catalogue = world.catalogue(entry)
  const query = expectAccepted(await parseQuery(sql, catalogue))
  const bits = await world.books.purposeBits()
  const printed = printDuckdb(query, catalogue, { purposeBit: bits[purpose] as number })
  return world.inTurn(async () => {
    const data = await world.data(load)
    const rows = openRows(await data.run({ ...printed, parameters: { salt: '00' } }))
    const [first] = [...rows]
    return first?.values[0] ?? 0n
  })
}
