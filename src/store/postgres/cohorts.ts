import { longestWindow } from './limits.ts'
import { settingsOf, type Writing } from './writing.ts'

/**
 * One cohort per person: the profile of choices (purposes as a bit set), the limit class, and whether the limits are exhausted. A cohort carries the
 * growing indices A (pay), B (rho), D (delta); a person stores them at joining, is owed A - a and has spent B - b.
 */
export const bitOf = (purpose: number): number => 1 << purpose

/**
 * Moves everybody in `mover` to their new cohort: settles first, then joins with a = A, b = B, d = D. A profile of 0 means no cohort. What is left of the limits
 * does not change by a move, so exact thresholds stay exact: they shift by the difference of the indices. Writes one membership event each.
 */
export async function moveAll(tx: Writing): Promise<number> {
  const count = Number((await tx.row<{ n: bigint }>('select count(*) as n from mover'))?.n ?? 0n)
  if (count === 0) return 0
  if (count > 1000) await tx.run('analyze mover')
  const before = tx.reserve(count)
  await tx.run(
    'update mover set sequence = $1::bigint + place from (select person, row_number() over (order by person) as place from mover) p where p.person = mover.person',
    [before],
  )
  await makeCohorts(tx)
  await settleDays(tx)
  await tx.run(
    `insert into membership_event (sequence, at, person, cohort, bits, shown)
     select v.sequence, $1, v.person, t.no, ${shownBits('v')}, ${shownBits('v')} <> coalesce(${shownBits('c')}, 0)
     ${movers}`,
    [tx.at],
  )
  await tx.run(`
    update member as moved set
      owed = moved.owed + coalesce(f.ca - moved.a, 0), spent = moved.spent + coalesce(f.cb - moved.b, 0),
      spent_delta = moved.spent_delta + coalesce(f.cd - moved.d, 0),
      cohort = f.to_cohort, a = coalesce(f.ta, 0), b = coalesce(f.tb, 0), d = coalesce(f.td, 0),
      exhausts_b = moved.exhausts_b - coalesce(f.cb, 0) + coalesce(f.tb, 0),
      exhausts_d = moved.exhausts_d - coalesce(f.cd, 0) + coalesce(f.td, 0), exhausted_on = f.exhausted_on
    from (select v.person, v.exhausted_on, t.no as to_cohort, t.a as ta, t.b as tb, t.d as td, c.a as ca, c.b as cb, c.d as cd ${movers}) f
    where moved.person = f.person`)
  await tx.run('delete from mover')
  return count
}

/** v: the move, m: the member, c: the cohort left (if any), t: the cohort joined (if any). */
const movers = `
  from mover v join member m on m.person = v.person join person p on p.no = v.person
  left join cohort c on c.no = m.cohort
  left join cohort t on v.profile <> 0 and t.profile = v.profile and t.class = p.class and t.exhausted = v.exhausted`

/** What the engine's mask shows: nobody exhausted is read. */
const shownBits = (of: string): string => `case when ${of}.exhausted then 0 else ${of}.profile end`

async function makeCohorts(tx: Writing): Promise<void> {
  const made = await tx.run(
    `insert into cohort (no, profile, class, exhausted, created)
     select (select coalesce(max(no), 0) from cohort) + row_number() over (order by w.profile, w.class, w.exhausted), w.profile, w.class, w.exhausted, $1
     from (select distinct v.profile, p.class, v.exhausted from mover v join person p on p.no = v.person where v.profile <> 0) w
     where not exists (select 1 from cohort k where (k.profile, k.class, k.exhausted) = (w.profile, w.class, w.exhausted))`,
    [tx.newest()],
  )
  if (made > 0)
    await tx.run(
      'insert into cohort_day (cohort, day, b, d) select no, $1, b, d from cohort on conflict (cohort, day) do nothing',
      [tx.day],
    )
}

/** The loss of the stint that ends, by day, as far as windows reach back: it stays in the windows whatever the person does next. */
async function settleDays(tx: Writing): Promise<void> {
  const { limits } = settingsOf(tx)
  await tx.run(
    `insert into person_day (person, day, nano, delta)
     select v.person, s.day, s.b_close - greatest(s.b_open, m.b), s.d_close - greatest(s.d_open, m.d)
     from mover v join member m on m.person = v.person
     join (
       select o.cohort, o.day, o.b as b_open, o.d as d_open,
         lead(o.b, 1, c.b) over (partition by o.cohort order by o.day) as b_close,
         lead(o.d, 1, c.d) over (partition by o.cohort order by o.day) as d_close
       from cohort_day o join cohort c on c.no = o.cohort
       where o.day >= $1
     ) s on s.cohort = m.cohort and (s.b_close > greatest(s.b_open, m.b) or s.d_close > greatest(s.d_open, m.d))
     on conflict (person, day) do update set nano = person_day.nano + excluded.nano, delta = person_day.delta + excluded.delta`,
    [tx.day - longestWindow(limits)],
  )
}
