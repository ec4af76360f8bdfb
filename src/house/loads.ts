import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Json } from '../base/canonical.ts'
import { freshId } from '../base/id.ts'
import { dayOf } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { loadLeaf } from '../release/leaves.ts'
import type { LoadEntry } from '../release/ports.ts'
import type { House, LoadReport, Source } from './house.ts'

export interface Loaded {
  readonly load: LoadEntry
  readonly report: LoadReport | undefined
  /** False when the same sources under the same contract were loaded already. */
  readonly changed: boolean
}

/**
 * Loads a product's tables into a new engine file, which becomes current by one row in the books: a crash before that row leaves the old data.
 * Loading the same bytes again changes nothing. Refuses product.unknown, request.invalid (a table without a source) and load.*.
 */
export async function loadProduct(
  house: House,
  product: string,
  sources: Readonly<Record<string, Source>>,
  onProgress: (progress: { readonly table: string; readonly rows: number }) => void,
): Promise<Outcome<Loaded>> {
  const { world } = house
  const contract = (await world.books.contracts()).find((entry) => entry.product === product)
  if (!contract)
    return refuse('product.unknown', `there is no data product "${product.slice(0, 80)}"`, {
      hint: 'apply its contract first',
    })
  const catalogue = world.catalogue(contract)
  for (const table of catalogue.tables)
    if (!sources[table.name])
      return refuse('request.invalid', `no source is given for the table "${table.name}"`, {
        hint: `--from ${table.name}=FILE`,
      })
  for (const name of Object.keys(sources))
    if (!catalogue.tables.some((table) => table.name === name))
      return refuse('request.invalid', `the contract has no table "${name}"`, {
        hint: `tables: ${catalogue.tables.map((table) => table.name).join(', ')}`,
      })

  const sourceHash = await house.loader.hashSources(sources, catalogue)
  if (!sourceHash.ok) return sourceHash
  const [current] = await world.books.loads(product)
  if (current?.sourceHash === sourceHash.value) return accept({ load: current, report: undefined, changed: false })

  const id = freshId('load')
  const fileName = `${product}-${id}.duckdb`
  const at = world.clock.now()
  const built = await house.loader.load({
    catalogue,
    sources,
    directory: house.home.data,
    fileName,
    asOf: dayOf(at),
    onProgress,
  })
  if (!built.ok) return built
  return world.inTurn(async () => {
    const path = join(house.home.data, fileName)
    const entry = {
      id,
      product,
      contractVersion: contract.version,
      file: fileName,
      sourceHash: sourceHash.value,
      report: JSON.parse(JSON.stringify(built.value)) as Json,
      loadedAt: at,
    }
    try {
      const load = await world.books.recordLoad(
        entry,
        house.loader.personFacts(path, catalogue),
        world.clock.now(),
        loadLeaf(entry),
      )
      await world.log.publish(world.clock.now())
      return accept({ load, report: built.value, changed: true })
    } catch (cause) {
      const recorded = (await world.books.loads(product)).some((load) => load.id === id)
      if (!recorded) await rm(path, { force: true })
      throw cause
    }
  })
}
