import { floorDiv } from '../../base/integer.ts'
import type { Day } from '../../base/units.ts'
import type { LimitClass, Limits } from '../../release/ports.ts'
import { settingsOf, type Writing } from './writing.ts'

export const classes: readonly LimitClass[] = ['low', 'medium', 'high']

/** low is 1/5 (rounded down), medium 1, high 2 times the amount. */
export const ofClass = (amount: bigint, limitClass: LimitClass): bigint =>
  limitClass === 'low' ? floorDiv(amount, 5n) : limitClass === 'high' ? 2n * amount : amount

/** Days that the longest window reaches back. */
export const longestWindow = (limits: Limits): number => Math.max(0, ...limits.windows.map((window) => window.days))

/**
 * Recomputes the thresholds of everybody in `suspect` exactly, as of the day (money.md 2):
 *
 *     exhausts_at = min over windows k of ( limit_k - share - carry in window k + max(b, B at the opening of the window's first day) ),
 *                   and for life  limit - share - spent + b
 *
 * A window of k days on day T covers T - k to T. B did not move between a day's opening and that of the next day with an entry in cohort_day, so the
 * opening of a day without one is that of the next, or B itself. Without a cohort B, b and D, d are 0. Delta has no house share. Between two such computations a stored
 * threshold is only ever too low, as days leave the windows.
 */
export async function refreshThresholds(tx: Writing): Promise<void> {
  const { limits } = settingsOf(tx)
  const windows = limits.windows.map((window, k) => ({ ...window, k, from: tx.day - window.days }))
  const opening = (column: string, from: Day) =>
    `coalesce((select o.${column} from cohort_day o where o.cohort = c.no and o.day >= ${from} order by o.day limit 1), c.${column})`
  const share = limits.houseShare
  const nano = windows.map(
    (w) => `${perClass(w.nano)} - ${share} - carry.n${w.k} + greatest(m.b, coalesce(o.b${w.k}, 0))`,
  )
  const delta = windows.map((w) => `${perClass(w.delta)} - carry.d${w.k} + greatest(m.d, coalesce(o.d${w.k}, 0))`)
  await tx.run(`
    with o as materialized (
      select c.no${windows.map((w) => `, ${opening('b', w.from)} as b${w.k}, ${opening('d', w.from)} as d${w.k}`).join('')} from cohort c
    )
    update member as changed set exhausts_b = fresh.b, exhausts_d = fresh.d from (
      select m.person,
        least(${[`least(p.life_nano, ${perClass(limits.life.nano)}) - ${share} - m.spent + m.b`, ...nano].join(', ')}) as b,
        least(${[`${perClass(limits.life.delta)} - m.spent_delta + m.d`, ...delta].join(', ')}) as d
      from suspect s
      join member m on m.person = s.person
      join person p on p.no = m.person
      left join o on o.no = m.cohort
      cross join lateral (
        select 0${windows.map((w) => `, coalesce(sum(x.nano) filter (where x.day >= ${w.from}), 0) as n${w.k}, coalesce(sum(x.delta) filter (where x.day >= ${w.from}), 0) as d${w.k}`).join('')}
        from person_day x where x.person = m.person and x.day >= ${tx.day - longestWindow(limits)}
      ) carry
    ) fresh
    where changed.person = fresh.person and (changed.exhausts_b <> fresh.b or changed.exhausts_d <> fresh.d)`)
}

const perClass = (amount: bigint): string =>
  `(case p.class ${classes.map((name, no) => `when ${no} then ${ofClass(amount, name)}`).join(' ')} end)`
