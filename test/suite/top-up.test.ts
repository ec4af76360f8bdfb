import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { parseRational } from '../../src/base/rational.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { applyContract } from '../../src/house/contracts.ts'
import { sigma2Of } from '../../src/privacy/budget.ts'
import { answer } from '../../src/release/answer.ts'
import type { AnswerDocument } from '../../src/release/document.ts'
import { closePeriod, openPeriod } from '../../src/release/period.ts'
import { preview } from '../../src/release/preview.ts'
import { quote } from '../../src/release/quote.ts'
import { recover } from '../../src/release/recover.ts'
import type { Question, World } from '../../src/release/world.ts'
import { verifyCombined, verifyReceipt } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { contract, loadRows, makeSmallWorld, purpose, type SmallWorld } from './small-world.ts'

const sql =
  'SELECT area, COUNT(DISTINCT person) AS people, SUM(spent) AS spent, AVG(spent) AS mean FROM visits JOIN people USING (person) GROUP BY area'
const asking = (rho: bigint, more: Partial<Question> = {}): Question => ({
  buyer: 'alpha',
  product: 'visits',
  purpose,
  sql,
  wish: { nano: rho },
  ...more,
})
const documentOf = (receipt: string) => (JSON.parse(receipt) as { readonly answer: AnswerDocument }).answer

let house: TestHouse
let small: SmallWorld
beforeEach(async () => {
  house = await openTestHouse()
  small = await makeSmallWorld(house, 60)
})
afterEach(() => house.close())

const ask = async (question: Question) => expectAccepted(await answer(question, {}, house.world))
const refusal = async (question: Question) => {
  const outcome = await quote(question, house.world)
  expect(await answer(question, {}, house.world)).toMatchObject({ ok: outcome.ok })
  return outcome.ok ? undefined : outcome.refusal.code
}
const spent = async () => (await house.world.books.releases({ limit: 50 })).filter(({ buyer }) => buyer !== 'house')

describe('an answer that is topped up', () => {
  it('costs the difference, and together is what one release of the whole loss would have been', async () => {
    const first = await ask(asking(500_000n))
    const question = asking(2_000_000n, { topUpOf: first.release })
    const quoted = expectAccepted(await quote(question, house.world))
    expect(quoted.shown.topUp).toMatchObject({ of: first.release, owned: '0.0005', total: '0.002' })
    expect(quoted.shown.privacy.rho).toBe('0.0015')
    const second = expectAccepted(await answer(question, { quoteId: quoted.id }, house.world))
    const [added, begun] = await spent()
    expect(added?.nano).toBe(1_500_000n)
    const whole = expectAccepted(await quote(asking(2_000_000n), house.world)).price
    const both = (added?.price ?? 0n) + (begun?.price ?? 0n)
    expect(both - whole >= 0n && both - whole <= 1n).toBe(true)
    const { combined, released, rows, method } = documentOf(second.receipt)
    expect(combined).toMatchObject({ of: [first.release, second.release], nano: '2000000', rho: '0.002' })
    for (const [at, channel] of (combined?.channels ?? []).entries()) {
      const sensitivity = BigInt(method[at]?.sensitivitySquared ?? '0')
      expect(parseRational(channel.sigma2)).toEqual(sigma2Of(sensitivity, 500_000n))
    }
    const before = documentOf(first.receipt).released
    for (const [cell, values] of (combined?.values ?? []).entries())
      for (const [at, value] of values.entries()) {
        // Weights one to three; the third channel and the fourth are those of the average.
        const exact = Number(before?.[cell]?.[at]) / 4 + (3 * Number(released?.[cell]?.[at])) / 4
        expect(Math.abs(Number(value) - exact)).toBeLessThanOrEqual(0.5)
      }
    // What is shown is the combined number.
    expect(rows.map((row) => row[1]?.value)).toEqual(combined?.values.map((cell) => cell[0]))
  })

  it('is recomputed from the receipts alone; a changed number, a missing or a foreign receipt is noticed', async () => {
    const first = await ask(asking(500_000n))
    const second = await ask(asking(2_000_000n, { topUpOf: first.release }))
    const third = await ask(asking(5_000_000n, { topUpOf: second.release }))
    const all = [third.receipt, first.receipt, second.receipt]
    for (const one of all) expect(await verifyReceipt(one, house.logKey)).toMatchObject({ valid: true })
    expect(documentOf(third.receipt).combined?.of).toEqual([first.release, second.release, third.release])
    expect(await verifyCombined(all, house.logKey)).toMatchObject({ valid: true })
    expect(await verifyCombined([first.receipt, second.receipt], house.logKey)).toMatchObject({ valid: true })
    expect(await verifyCombined([third.receipt, first.receipt], house.logKey)).toMatchObject({ valid: false })
    expect(await verifyCombined([first.receipt], house.logKey)).toMatchObject({ valid: false })
    const other = await ask(asking(600_000n))
    expect(await verifyCombined([...all, other.receipt], house.logKey)).toMatchObject({ valid: false })
    // The combination itself is checked, also where everything else is taken away.
    const value = documentOf(third.receipt).combined?.values[0]?.[0] ?? ''
    const changed = third.receipt.replace(`"values":[["${value}"`, `"values":[["${BigInt(value) + 1n}"`)
    const verdict = await verifyCombined([changed, first.receipt, second.receipt], house.logKey)
    expect(verdict.checks.find(({ name }) => name === 'combined')).toMatchObject({ holds: false })
  })

  it('is served again free, under a key and without, and a further one adds to all of them', async () => {
    const first = await ask(asking(500_000n))
    const question = asking(2_000_000n, { topUpOf: first.release })
    const second = expectAccepted(await answer(question, { idempotencyKey: 'more' }, house.world))
    expect(expectAccepted(await answer(question, { idempotencyKey: 'more' }, house.world))).toEqual({
      ...second,
      again: true,
    })
    expect(await ask(question)).toEqual({ ...second, again: true })
    expect(expectAccepted(await preview(question, house.world))).toMatchObject({ askedBefore: true, alternatives: [] })
    expect(
      await answer(asking(3_000_000n, { topUpOf: first.release }), { idempotencyKey: 'more' }, house.world),
    ).toMatchObject({
      ok: false,
      refusal: { code: 'request.idempotency_conflict' },
    })
    // The same loss without the earlier answer is another question.
    expect((await ask(asking(1_500_000n))).again).toBe(false)
    expect(await spent()).toHaveLength(3)
  })

  it('keeps the bounds that the first had, whoever named or chose them', async () => {
    for (const bounds of ['auto', { 'visits.spent': '30' }] as const) {
      const first = await ask(asking(1_000_000n, { bounds }))
      const second = await ask(asking(2_000_000n, { topUpOf: first.release }))
      const [a, b] = [first, second].map(({ receipt }) => (JSON.parse(receipt) as { readonly plan: string }).plan)
      expect(b).toBe(a)
      expect(await refusal(asking(3_000_000n, { topUpOf: second.release, bounds }))).toBe('request.invalid')
    }
  })

  it('is refused for another question, somebody else’s answer, too little, and what cannot be added to', async () => {
    const first = await ask(asking(1_000_000n))
    const more = { topUpOf: first.release }
    expect(await refusal(asking(2_000_000n, { ...more, sql: 'SELECT COUNT(*) FROM visits' }))).toBe(
      'release.not_combinable',
    )
    expect(await refusal(asking(2_000_000n, { ...more, buyer: 'beta' }))).toBe('release.unknown')
    expect(await refusal(asking(2_000_000n, { topUpOf: 'rel_nothing' }))).toBe('release.unknown')
    expect(await refusal(asking(1_000_000n, more))).toBe('privacy.rho_out_of_range')
    expect(await refusal(asking(1n, { ...more, wish: undefined }))).toBe('privacy.rho_out_of_range')
    const bound = 'SELECT SUM_BOUND(spent) FROM visits'
    const chosen = await ask(asking(1_000_000n, { sql: bound }))
    expect(await refusal(asking(2_000_000n, { sql: bound, topUpOf: chosen.release }))).toBe('release.not_combinable')
    expect(await refusal(asking(1_500_000n, more))).toBe(undefined)
  })

  it('is refused on another snapshot: a new period, new data, a new version of the contract', async () => {
    const first = await ask(asking(500_000n))
    const more = asking(2_000_000n, { topUpOf: first.release })
    await loadRows(house, small.people.slice(1), 'second')
    expect(await refusal(more)).toBe('release.other_snapshot')
    const second = await ask(asking(500_000n))
    expectAccepted(await closePeriod(house.world))
    expectAccepted(await openPeriod({}, house.world))
    expect(await refusal(asking(2_000_000n, { topUpOf: second.release }))).toBe('release.other_snapshot')
    const third = await ask(asking(500_000n))
    expectAccepted(await applyContract(house, contract.replace('version: 1.0.0', 'version: 1.0.1'), 'contract'))
    expect(await refusal(asking(2_000_000n, { topUpOf: third.release }))).toBe('release.other_snapshot')
  })

  it.each(['charge', 'engine', 'post', 'log', 'receipt'])(
    'after a crash at "%s" is charged once at most',
    async (stage) => {
      const first = await ask(asking(500_000n))
      const question = asking(2_000_000n, { topUpOf: first.release })
      const world: World = {
        ...house.world,
        stage: (name) => {
          if (name === stage) throw new Error('the power is gone')
        },
        incident: () => {},
      }
      await answer(question, { idempotencyKey: 'k' }, world).catch(() => undefined)
      await recover(house.world)
      const retried = await answer(question, { idempotencyKey: 'k' }, house.world)
      const added = (await spent()).filter(({ nano }) => nano === 1_500_000n)
      expect(added).toHaveLength(1)
      expect(retried.ok).toBe(added[0]?.state === 'released')
      if (retried.ok)
        expect(await verifyCombined([retried.value.receipt, first.receipt], house.logKey)).toMatchObject({
          valid: true,
        })
      expect((await house.world.books.check()).failures).toEqual([])
    },
  )
})

it('the noise of both is pooled: over many releases the combined error has the variance of the whole loss', async () => {
  // Three errors a pair: counts of people by area, whose truth is 20 each.
  const text = 'SELECT area, COUNT(DISTINCT person) AS people FROM visits JOIN people USING (person) GROUP BY area'
  const errors: number[] = []
  for (let n = 0; n < 20; n++) {
    const own = { sql: `${text} HAVING COUNT(DISTINCT person) > ${-100_000 - n}` }
    const first = await ask(asking(100_000n, own))
    const second = await ask(asking(2_000_000n, { ...own, topUpOf: first.release }))
    for (const cell of documentOf(second.receipt).combined?.values ?? []) errors.push(Number(cell[0]) - 20)
  }
  const variance = errors.reduce((sum, error) => sum + error * error, 0) / errors.length
  const expected = 1e9 / (2 * 2_000_000)
  // 60 errors: their mean square has the relative deviation √(2/60). An unweighted mean would have 5.3 times the variance, the first noise twice 20 times.
  expect(Math.abs(variance / expected - 1)).toBeLessThan(4 * Math.sqrt(2 / errors.length))
})
