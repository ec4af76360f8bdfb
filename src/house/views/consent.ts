import { dayText } from '../../base/instant.ts'
import type { Day } from '../../base/units.ts'
import type { NoticeEntry } from '../../release/ports.ts'
import type { World } from '../../release/world.ts'

/**
 * From shown to answered, for the steward: counted by notice version and day, never by person. Cards shown and details opened are counters; answers are counted
 * in the consent book, one for each purpose, by the day of the act.
 */
export type FunnelView = {
  readonly from: string
  readonly to: string
  readonly notices: readonly FunnelRow[]
  readonly days: readonly (FunnelRow & { readonly day: string })[]
  readonly words: string
}
export type FunnelRow = {
  /** Undefined: answers that name no notice, for example imported ones. */
  readonly notice: { readonly id: string; readonly version: string } | undefined
  readonly purposes: readonly string[]
  readonly shown: number
  readonly shownByLanguage: Readonly<Record<string, number>>
  readonly details: number
  readonly yes: number
  readonly no: number
  readonly withdrawn: number
  /** Of the yeses: withdrawn again within seven days. To be shown wherever the yeses are. */
  readonly withdrawnWithin7Days: number
}

export async function funnelView(world: World, from: Day, to: Day): Promise<FunnelView> {
  const { books } = world
  const notices = await books.notices()
  const rows = new Map<string, Row>()
  const rowOf = (notice: FunnelRow['notice'], day: Day): Row => {
    const key = JSON.stringify([day, notice?.id, notice?.version])
    const known = rows.get(key) ?? emptyRow(notice, day, notices)
    rows.set(key, known)
    return known
  }
  for (const { notice, language, day, step, count } of await books.noticeCounts(from, to)) {
    const row = rowOf(notice, day)
    if (step === 'shown') {
      row.shown += count
      row.shownByLanguage[language] = (row.shownByLanguage[language] ?? 0) + count
    } else row.details += count
  }
  for (const counted of await books.answerCounts(from, to)) {
    const row = rowOf(counted.notice, counted.day)
    row.yes += counted.given
    row.no += counted.refused
    row.withdrawn += counted.withdrawn
    row.withdrawnWithin7Days += counted.withdrawnWithin7Days
  }
  const all = [...rows.values()].sort((a, b) => b.day - a.day)
  return {
    from: dayText(from),
    to: dayText(to),
    notices: sums(all),
    days: all.map(({ day, ...row }) => ({ ...row, day: dayText(day) })),
    words:
      'Shown and details are counted by the card, once each time; yes and no are answers, one for each purpose. A rate of yeses says little without the share that is withdrawn again within seven days.',
  }
}

type Row = { -readonly [K in keyof FunnelRow]: FunnelRow[K] } & { shownByLanguage: Record<string, number>; day: Day }

const emptyRow = (notice: FunnelRow['notice'], day: Day, notices: readonly NoticeEntry[]): Row => ({
  notice,
  day,
  purposes: notices.find((one) => one.id === notice?.id && one.version === notice.version)?.purposes ?? [],
  shown: 0,
  shownByLanguage: {},
  details: 0,
  yes: 0,
  no: 0,
  withdrawn: 0,
  withdrawnWithin7Days: 0,
})

/** All days of a notice version together. */
function sums(rows: readonly Row[]): readonly FunnelRow[] {
  const byNotice = new Map<string, Row>()
  for (const row of rows) {
    const key = JSON.stringify([row.notice?.id, row.notice?.version])
    const sum = byNotice.get(key) ?? { ...row, ...emptyRow(row.notice, row.day, []), purposes: row.purposes }
    byNotice.set(key, sum)
    for (const name of ['shown', 'details', 'yes', 'no', 'withdrawn', 'withdrawnWithin7Days'] as const)
      sum[name] += row[name]
    for (const [language, count] of Object.entries(row.shownByLanguage))
      sum.shownByLanguage[language] = (sum.shownByLanguage[language] ?? 0) + count
  }
  return [...byNotice.values()].map(({ day: _, ...row }) => row)
}
