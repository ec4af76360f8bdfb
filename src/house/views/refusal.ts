import { dayText, instantText } from '../../base/instant.ts'
import { type RefusalCode, refusals } from '../../base/refusal.ts'
import type { Day } from '../../base/units.ts'
import type { RefusalCount } from '../../release/ports.ts'
import type { World } from '../../release/world.ts'

/** What was refused to buyers, and why: the steward's evidence that the rules hold. Never the text of a question. */
export type RefusalsView = {
  readonly from: string
  readonly to: string
  readonly total: number
  readonly byCode: readonly { readonly code: string; readonly meaning: string; readonly count: number }[]
  readonly byBuyer: readonly { readonly buyer: string; readonly count: number }[]
  readonly byDay: readonly { readonly day: string; readonly count: number }[]
  /** Newest first, whatever the days. */
  readonly recent: readonly {
    readonly sequence: string
    readonly at: string
    readonly buyer: string
    readonly act: 'quote' | 'ask'
    readonly code: string
    readonly meaning: string
    readonly product: string | undefined
    readonly purpose: string | undefined
    readonly position: { readonly offset: number; readonly line: number; readonly column: number } | undefined
  }[]
  readonly next: string | undefined
}

export async function refusalsView(
  world: World,
  days: { readonly from: Day; readonly to: Day },
  page: { readonly before: bigint | undefined; readonly limit: number },
): Promise<RefusalsView> {
  const counts = await world.books.refusalCounts(days.from, days.to)
  const found = await world.books.refusals({
    ...(page.before === undefined ? {} : { before: page.before }),
    limit: page.limit + 1,
  })
  const shown = found.slice(0, page.limit)
  return {
    from: dayText(days.from),
    to: dayText(days.to),
    total: counts.reduce((sum, one) => sum + one.count, 0),
    byCode: counted(counts, (one) => one.code).map(([code, count]) => ({ code, meaning: meaningOf(code), count })),
    byBuyer: counted(counts, (one) => one.buyer).map(([buyer, count]) => ({ buyer, count })),
    byDay: counted(counts, (one) => dayText(one.day))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([day, count]) => ({ day, count })),
    recent: shown.map(({ sequence, at, ...one }) => ({
      ...one,
      sequence: `${sequence}`,
      at: instantText(at),
      meaning: meaningOf(one.code),
    })),
    next: found.length > page.limit ? `${shown.at(-1)?.sequence}` : undefined,
  }
}

/** Most frequent first. */
function counted(counts: readonly RefusalCount[], key: (one: RefusalCount) => string): [string, number][] {
  const sums = new Map<string, number>()
  for (const one of counts) sums.set(key(one), (sums.get(key(one)) ?? 0) + one.count)
  return [...sums].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
}

const meaningOf = (code: string): string =>
  Object.hasOwn(refusals, code) ? refusals[code as RefusalCode][1] : 'A code of an earlier version.'
