import { dayOf } from '../../src/base/instant.ts'
import { ceilDiv } from '../../src/base/integer.ts'
import type { Instant } from '../../src/base/units.ts'
import type { ChargeRequest } from '../../src/release/ports.ts'

interface Tallied {
  readonly request: ChargeRequest
  readonly day: number
  state: 'charged' | 'released' | 'burned'
}

/** Money, public budgets, repeated requests and leaves, kept a second time in the simplest way: what the books must show after each step. */
export class Tally {
  readonly accounts = new Map<string, bigint>()
  readonly charges: Tallied[] = []
  readonly approvals = new Set<string>()
  readonly keys = new Map<string, { hash: string; release: string }>()
  period: { id: string; endsAt: Instant } | undefined
  leaves = 0n

  move(from: string, to: string, amount: bigint): void {
    this.accounts.set(from, (this.accounts.get(from) ?? 0n) - amount)
    this.accounts.set(to, (this.accounts.get(to) ?? 0n) + amount)
  }

  balances(): Record<string, bigint> {
    return Object.fromEntries([...this.accounts].filter(([, amount]) => amount !== 0n).sort())
  }

  find(release: string): Tallied {
    const found = this.charges.find((charge) => charge.request.releaseId === release)
    if (found === undefined) throw new Error(`no charge ${release}`)
    return found
  }

  openAt(at: Instant): string | undefined {
    return this.period !== undefined && at < this.period.endsAt ? this.period.id : undefined
  }

  /** What a charge must answer: an earlier release, a refusal's code, or a new release. */
  expected(request: ChargeRequest, at: Instant): string {
    const day = dayOf(at)
    const { caps, idempotency, nano, delta } = request
    const known = idempotency && this.keys.get(`${request.buyer} ${idempotency.key}`)
    if (known)
      return known.hash === idempotency?.requestHash ? `earlier ${known.release}` : 'request.idempotency_conflict'
    const memo = this.charges.find((c) => c.request.memoKey === request.memoKey && c.state !== 'burned')
    if (memo) return `earlier ${memo.request.releaseId}`
    if (this.openAt(at) !== request.periodId) return 'period.not_open'
    if (!this.approvals.has(`${request.buyer} ${request.purpose}`)) return 'buyer.not_approved'
    if (nano > caps.product.maxPerRelease || nano > caps.house.maxPerRelease) return 'privacy.rho_over_release_cap'
    if (this.lossSince(day - caps.product.days) + nano > caps.product.nano) return 'privacy.budget_used_up'
    const { windows, life, houseShare } = caps.house
    for (const window of [...windows, { days: day, nano: life.nano }])
      if (this.lossSince(day - window.days) + nano > window.nano - houseShare) return 'privacy.budget_used_up'
    for (const window of delta > 0n ? [...windows, { days: day, delta: life.delta }] : [])
      if (this.deltaSince(day - window.days) + delta > window.delta) return 'privacy.budget_used_up'
    if ((this.accounts.get(`prepaid:${request.buyer}`) ?? 0n) < request.price) return 'market.funds_lacking'
    return 'new'
  }

  charged(request: ChargeRequest, at: Instant): void {
    this.charges.push({ request, day: dayOf(at), state: 'charged' })
    this.move(`prepaid:${request.buyer}`, `pending:${request.releaseId}`, request.price)
    if (request.idempotency)
      this.keys.set(`${request.buyer} ${request.idempotency.key}`, {
        hash: request.idempotency.requestHash,
        release: request.releaseId,
      })
  }

  posted(release: string): void {
    const charge = this.find(release)
    charge.state = 'released'
    this.leaves += 1n
    const { pool, shares } = charge.request
    for (const [to, amount] of Object.entries({ pool, ...shares })) this.move(`pending:${release}`, to, amount)
  }

  burned(release: string): void {
    const charge = this.find(release)
    charge.state = 'burned'
    this.leaves += 1n
    this.move(`pending:${release}`, `prepaid:${charge.request.buyer}`, charge.request.price)
    this.move('steward', 'pool', charge.request.pool)
  }

  headCountPaid(largest: bigint, rate: bigint, nano: bigint): void {
    this.leaves += 1n
    this.move('steward', 'pool', ceilDiv(largest * rate * nano, 1_000_000n))
  }

  private lossSince(day: number): bigint {
    return this.charges.filter((c) => c.day >= day).reduce((sum, c) => sum + c.request.nano, 0n)
  }

  private deltaSince(day: number): bigint {
    return this.charges.filter((c) => c.day >= day).reduce((sum, c) => sum + c.request.delta, 0n)
  }
}
