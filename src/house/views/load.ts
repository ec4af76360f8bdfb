import { instantText } from '../../base/instant.ts'
import type { LoadEntry } from '../../release/ports.ts'
import type { World } from '../../release/world.ts'
import type { LoadReport } from '../house.ts'

/** What the steward sees of loads: rows read, accepted and set aside, with the reason. Never public. */
export type LoadsView = {
  readonly products: readonly {
    readonly product: string
    readonly title: string
    readonly contract: string
    /** Newest first; the first is the current one. */
    readonly loads: readonly LoadView[]
  }[]
}
export type LoadView = {
  readonly id: string
  readonly number: number
  readonly current: boolean
  readonly contract: string
  readonly loadedAt: string
  readonly persons: number
  readonly tables: readonly {
    readonly table: string
    readonly read: number
    readonly accepted: number
    readonly setAside: number
    readonly setAsidePercent: string
    readonly reasons: readonly { readonly reason: string; readonly rows: number; readonly words: string }[]
  }[]
}

export async function loadsView(world: World): Promise<LoadsView> {
  const products: LoadsView['products'][number][] = []
  for (const entry of await world.books.contracts()) {
    const loads = await world.books.loads(entry.product)
    products.push({
      product: entry.product,
      title: world.catalogue(entry).title,
      contract: entry.version,
      loads: loads.map((load, place) => loadView(load, place === 0)),
    })
  }
  return { products }
}

function loadView(load: LoadEntry, current: boolean): LoadView {
  const report = reportOf(load)
  return {
    id: load.id,
    number: load.number,
    current,
    contract: load.contractVersion,
    loadedAt: instantText(load.loadedAt),
    persons: report.persons,
    tables: report.tables.map(({ table, read, accepted, quarantined }) => {
      const reasons = Object.entries(quarantined).map(([reason, rows]) => ({ reason, rows: rows ?? 0 }))
      const setAside = reasons.reduce((sum, one) => sum + one.rows, 0)
      return {
        table,
        read,
        accepted,
        setAside,
        setAsidePercent: read === 0 ? '0.0' : ((100 * setAside) / read).toFixed(1),
        reasons: reasons
          .sort((a, b) => b.rows - a.rows)
          .map((one) => ({ ...one, words: reasonWords[one.reason] ?? one.reason })),
      }
    }),
  }
}

/** Rows set aside by table, as shares of the rows read, of the load that is current. */
export const setAsideShares = (load: LoadEntry): readonly { readonly table: string; readonly share: number }[] =>
  reportOf(load).tables.map(({ table, read, quarantined }) => {
    const rows = Object.values(quarantined).reduce((sum: number, count) => sum + (count ?? 0), 0)
    return { table, share: read === 0 ? 0 : rows / read }
  })

/** The report of a load is kept as plain JSON; one that has another form says nothing. */
function reportOf(load: LoadEntry): LoadReport {
  const report = load.report as unknown as Partial<LoadReport> | null
  return { persons: report?.persons ?? 0, tables: Array.isArray(report?.tables) ? report.tables : [] }
}

/** docs/load.md, "Rows that are set aside". */
const reasonWords: Readonly<Record<string, string>> = {
  unreadable_row: 'has too many or too few fields, an open quote, or bytes that are not UTF-8',
  no_person: 'has no person key',
  missing: 'lacks a required value',
  wrong_type: 'has a value that is not of the declared type',
  off_grid: 'has an amount finer than the declared scale',
  out_of_range: 'has an amount outside the declared range',
  outside_domain: 'has a value that the declared domain does not list',
  too_long: 'has a group key or person key of more than 256 bytes',
  unknown_person: 'names a person who is not in the persons table',
  duplicate_key: 'shares its key with another row',
}
