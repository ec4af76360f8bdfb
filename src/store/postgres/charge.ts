import { assert } from '../../base/assert.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Instant } from '../../base/units.ts'
import { deltaLimits } from '../../privacy/limits.ts'
import type { Charged, ChargeRequest, ReleaseEntry } from '../../release/ports.ts'
import { moveAll } from './cohorts.ts'
import { purposesOf } from './house.ts'
import { refreshThresholds } from './limits.ts'
import { balanceOf, pending, prepaid, writeJournal } from './money.ts'
import { periodInForce } from './periods.ts'
import { growPublicIndices, keyed, memo, releaseOf, spent, spentDelta } from './releases.ts'
import { expire, roll } from './roll.ts'
import { jsonText } from './text.ts'
import { type Opened, type Writing, writeOutcome } from './writing.ts'

/** Books.charge: one condition a line, the first that applies decides; a refusal and an earlier release change nothing. */
export function charge(books: Opened, request: ChargeRequest, at: Instant): Promise<Outcome<Charged>> {
  const { buyer, nano, delta, price, shares } = request
  assert(nano > 0n && delta >= 0n && price >= 0n, 'a charge has a positive loss and no negative price')
  assert(
    shares.steward + shares.operator + shares.reserve + request.pool === price,
    'the pool and the shares add up to the price',
  )
  return writeOutcome(books, at, async (tx): Promise<Outcome<Charged>> => {
    const earlier = await answeredEarlier(tx, request)
    if (earlier !== undefined) return earlier
    const refused = await refusedBecause(tx, request)
    if (refused !== undefined) return refused
    const purpose = (await purposesOf(tx)).indexOf(request.purpose)
    await roll(tx)
    await expire(tx)
    await exhaust(tx, request, purpose)
    await growCohorts(tx, request, purpose)
    await append(tx, request, purpose)
    await writeJournal(tx, 'hold', request.releaseId, [
      { from: prepaid(buyer), to: pending(request.releaseId), amount: price },
    ])
    return accept({ release: (await releaseOf(tx, request.releaseId)) as ReleaseEntry, existing: false })
  })
}

async function answeredEarlier(tx: Writing, request: ChargeRequest): Promise<Outcome<Charged> | undefined> {
  const used = request.idempotency && (await keyed(tx, request.buyer, request.idempotency.key))
  if (used !== undefined && used.requestHash !== request.idempotency?.requestHash)
    return refuse('request.idempotency_conflict', 'the idempotency key was used with another request')
  const release = used?.release ?? (await memo(tx, request.memoKey))
  return release && accept({ release, existing: true })
}

async function refusedBecause(tx: Writing, request: ChargeRequest) {
  const { buyer, product, purpose, nano, caps } = request
  if ((await periodInForce(tx, tx.at))?.id !== request.periodId)
    return refuse('period.not_open', 'the period is not open')
  const approved = await tx.row(
    'select 1 as one from approval a join purpose p on p.bit = a.purpose where a.buyer = $1 and p.name = $2',
    [buyer, purpose],
  )
  if (approved === undefined) return refuse('buyer.not_approved', `"${buyer}" is not approved for "${purpose}"`)
  if (nano > caps.product.maxPerRelease || nano > caps.house.maxPerRelease)
    return refuse('privacy.rho_over_release_cap', 'one release may not cost this much privacy')
  if ((await spent(tx, tx.day - caps.product.days, tx.day, product)) + nano > caps.product.nano)
    return refuse('privacy.budget_used_up', `the budget of "${product}" is used up`)
  // House releases have their share to themselves, so ordinary ones alone are held against each limit less the share.
  for (const window of caps.house.windows)
    if ((await spent(tx, tx.day - window.days, tx.day)) + nano > window.nano - caps.house.houseShare)
      return refuse('privacy.budget_used_up', `the budget of ${window.days} days is used up`)
  if ((await spent(tx, undefined, tx.day)) + nano > caps.house.life.nano - caps.house.houseShare)
    return refuse('privacy.budget_used_up', 'the budget for life is used up')
  if (await deltaUsedUp(tx, request)) return refuse('privacy.budget_used_up', 'the limit of delta is used up')
  if ((await balanceOf(tx, prepaid(buyer))) < request.price)
    return refuse('market.funds_lacking', 'the prepaid balance does not cover the price')
  return undefined
}

/** Delta has no house share; a question without open groups has none of it and is never held against it. */
async function deltaUsedUp(tx: Writing, { delta, product, caps }: ChargeRequest): Promise<boolean> {
  if (delta === 0n) return false
  const own = caps.product.delta
  if (own !== undefined && (await spentDelta(tx, tx.day - caps.product.days, tx.day, product)) + delta > own)
    return true
  for (const { days, limit } of deltaLimits(caps.house, 'medium', caps.cohortDelta).windows)
    if ((await spentDelta(tx, tx.day - days, tx.day)) + delta > limit) return true
  return (await spentDelta(tx, undefined, tx.day)) + delta > caps.house.life.delta
}

/** c: the cohorts that this release touches. */
const touched = (purpose: number): string => `not c.exhausted and (c.profile >> ${purpose}) & 1 = 1`

/**
 * Before B grows, those whose limits do not hold this release are settled and moved out. A stored threshold is never too high, so only those that fail it
 * are looked at; they are computed again, exactly, and only who really fails leaves.
 */
async function exhaust(tx: Writing, request: ChargeRequest, purpose: number): Promise<void> {
  // Right after many people moved the planner's statistics are old, and it would read everybody; the index on the thresholds finds the few.
  await tx.run('set local enable_seqscan = off')
  const failing = `
    select m.person from cohort c join member m on m.cohort = c.no and m.exhausts_b < c.b + $1::numeric where ${touched(purpose)}
    union select m.person from cohort c join member m on m.cohort = c.no and m.exhausts_d < c.d + $2::numeric where ${touched(purpose)}`
  const loss = [request.nano, request.delta]
  const found = await tx.row<{ any: boolean }>(`select exists (${failing}) as any`, loss)
  if (found?.any) {
    await tx.run(`insert into suspect (person) ${failing}`, loss)
    await refreshThresholds(tx)
    await tx.run(
      `insert into mover (person, profile, exhausted, exhausted_on) select m.person, c.profile, true, $3::integer
       from suspect s join member m on m.person = s.person join cohort c on c.no = m.cohort
       where m.exhausts_b < c.b + $1::numeric or m.exhausts_d < c.d + $2::numeric`,
      [...loss, tx.day],
    )
    await tx.run('delete from suspect')
    await moveAll(tx)
  }
  await tx.run('set local enable_seqscan = on')
}

/** A, B and D move together: pay equals rate times rho whatever happens later. */
async function growCohorts(tx: Writing, { rate, nano, delta }: ChargeRequest, purpose: number): Promise<void> {
  await tx.run(
    `update cohort c set a = a + $1::numeric, b = b + $2::numeric, d = d + $3::numeric where ${touched(purpose)}`,
    [rate * nano, nano, delta],
  )
}

async function append(tx: Writing, request: ChargeRequest, purpose: number): Promise<void> {
  const { releaseId, buyer, shares } = request
  const indices = await growPublicIndices(tx, purpose, request)
  const sequence = tx.next()
  await tx.run(
    `insert into charge (sequence, release, at, day, buyer, product, purpose, nano, delta, price, rate, pool, steward, operator, reserve, period, load, memo_key, plan, indices)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
    [
      sequence,
      releaseId,
      tx.at,
      tx.day,
      buyer,
      request.product,
      purpose,
      request.nano,
      request.delta,
      request.price,
      request.rate,
      request.pool,
      shares.steward,
      shares.operator,
      shares.reserve,
      request.periodId,
      request.loadId,
      request.memoKey,
      jsonText(request.plan),
      indices,
    ],
  )
  await tx.run(
    `insert into release_state (release, sequence, buyer, state, memo_key) values ($1, $2, $3, 'charged', $4)`,
    [releaseId, sequence, buyer, request.memoKey],
  )
  if (request.idempotency !== undefined)
    await tx.run('insert into idempotency (buyer, key, request_hash, release) values ($1, $2, $3, $4)', [
      buyer,
      request.idempotency.key,
      request.idempotency.requestHash,
      releaseId,
    ])
}
