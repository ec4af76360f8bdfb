import { moveAll } from './cohorts.ts'
import { refreshThresholds } from './limits.ts'
import { settingsOf, type Writing } from './writing.ts'

/**
 * The first activity of a new day, inside whichever transaction comes first: the opening indices are written, consents whose time is over leave, and
 * while a period is open, whose opening counted everybody in a cohort, who was exhausted on an earlier day and has something left of every limit returns.
 */
export async function roll(tx: Writing): Promise<void> {
  settingsOf(tx)
  if (tx.rolledOn !== undefined && tx.day <= tx.rolledOn) return
  tx.rolledOn = tx.day
  await tx.run(
    'insert into cohort_day (cohort, day, b, d) select no, $1, b, d from cohort on conflict (cohort, day) do nothing',
    [tx.day],
  )
  await expire(tx)
  if (await countedPeriod(tx)) await readmit(tx)
}

/** Consents whose validity is over, to the microsecond, leave their cohorts. */
export async function expire(tx: Writing): Promise<void> {
  const over = `status = 'given' and not ended and valid_until <= $1`
  const found = await tx.row<{ any: boolean }>(`select exists (select 1 from standing where ${over}) as any`, [tx.at])
  if (!found?.any) return
  await tx.run(
    `with ended as (update standing set ended = true where ${over} returning person, purpose)
     insert into target (person, profile) select person, bit_or(1 << purpose) from ended group by person`,
    [tx.at],
  )
  await leaveTargets(tx)
}

/** Takes everybody in `target` out of the purposes given there (as bits), at once; charges and pay stay. */
export async function leaveTargets(tx: Writing): Promise<void> {
  await tx.run(
    `insert into mover (person, profile, exhausted, exhausted_on)
     select m.person, c.profile & ~t.profile, c.exhausted, m.exhausted_on
     from target t join member m on m.person = t.person join cohort c on c.no = m.cohort where c.profile & t.profile <> 0`,
  )
  await tx.run('delete from target')
  await moveAll(tx)
}

/** A period begun, or finished and in force: its opening counted everybody who is in a cohort now. */
async function countedPeriod(tx: Writing): Promise<boolean> {
  const found = await tx.row(
    `select 1 as one from period_event b where b.kind = 'begun'
     and not exists (select 1 from period_event e where e.period = b.period and e.kind in ('abandoned', 'closed'))
     and (b.ends_at > $1 or not exists (select 1 from period_event e where e.period = b.period and e.kind = 'finished')) limit 1`,
    [tx.at],
  )
  return found !== undefined
}

/** Limits are a matter of charges, not of consents: who has no cohort any more is no longer exhausted either once something is left again. */
async function readmit(tx: Writing): Promise<void> {
  const waiting = await tx.run(
    'insert into suspect (person) select person from member where exhausted_on is not null and exhausted_on < $1',
    [tx.day],
  )
  if (waiting === 0) return
  await refreshThresholds(tx)
  await tx.run(
    `insert into mover (person, profile, exhausted, exhausted_on) select m.person, c.profile, false, null
     from suspect s join member m on m.person = s.person join cohort c on c.no = m.cohort
     where m.exhausts_b - c.b > 0 and m.exhausts_d - c.d >= 0`,
  )
  // Neither a stint begins nor the mask changes: nothing is written but the mark.
  await tx.run(
    `update member as free set exhausted_on = null from suspect s
     where free.person = s.person and free.cohort is null and free.exhausts_b > 0 and free.exhausts_d >= 0`,
  )
  await tx.run('delete from suspect')
  await moveAll(tx)
}
