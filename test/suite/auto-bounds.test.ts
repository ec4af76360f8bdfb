import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { boundGrid } from '../../src/base/bound-grid.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { answer } from '../../src/release/answer.ts'
import type { AnswerDocument } from '../../src/release/document.ts'
import { preview } from '../../src/release/preview.ts'
import { quote } from '../../src/release/quote.ts'
import { recover } from '../../src/release/recover.ts'
import type { Question, World } from '../../src/release/world.ts'
import { verifyReceipt } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { makeSmallWorld, purpose } from './small-world.ts'

const sql = 'SELECT area, SUM(spent) AS spent FROM visits JOIN people USING (person) GROUP BY area'
const asking = (more: Partial<Question> = {}): Question => ({
  buyer: 'alpha',
  product: 'visits',
  purpose,
  sql,
  wish: { nano: 1_000_000n },
  bounds: 'auto',
  ...more,
})
const documentOf = (receipt: string) => (JSON.parse(receipt) as { readonly answer: AnswerDocument }).answer
const planOf = (receipt: string) =>
  JSON.parse((JSON.parse(receipt) as { readonly plan: string }).plan) as {
    readonly measures: readonly { readonly maxSum: string }[]
  }

let house: TestHouse
beforeEach(async () => {
  house = await openTestHouse()
  await makeSmallWorld(house, 60)
})
afterEach(() => house.close())

const releases = async () => (await house.world.books.releases({ limit: 50 })).filter(({ buyer }) => buyer !== 'house')
const prepaid = async (id: string) => (await house.world.books.buyers()).find((buyer) => buyer.id === id)?.prepaid ?? 0n

describe('bounds: auto', () => {
  it('charges a choice of its own with a tenth, then the question with the rest, under the bound that was chosen', async () => {
    const before = await prepaid('alpha')
    const quoted = expectAccepted(await quote(asking(), house.world))
    expect(quoted.shown.bounds).toMatchObject({
      mode: 'auto',
      sums: [{ sum: 'visits.spent', declared: '200.00', rho: '0.0001' }],
    })
    expect(quoted.shown.privacy.rho).toBe('0.001')
    // Sixty people are too few, and the quote says so before anybody pays.
    expect(quoted.shown.bounds?.words).toContain('can hardly tell bounds apart')
    const { receipt } = expectAccepted(await answer(asking(), { quoteId: quoted.id }, house.world))
    const [main, choice, ...others] = await releases()
    expect(others).toEqual([])
    expect([choice?.nano, main?.nano]).toEqual([100_000n, 900_000n])
    expect(before - (await prepaid('alpha'))).toBe(quoted.price)
    expect((choice?.price ?? 0n) + (main?.price ?? 0n)).toBe(quoted.price)
    for (const one of [choice?.receipt ?? '', receipt])
      expect(await verifyReceipt(one, house.logKey)).toMatchObject({ valid: true })
    const bound = documentOf(choice?.receipt ?? '').rows[0]?.[0]?.value ?? ''
    const units = BigInt(bound.replace('.', ''))
    expect(boundGrid(20_000n)).toContain(units)
    expect(planOf(receipt).measures[0]?.maxSum).toBe(`${units}`)
    expect(documentOf(receipt).method[0]?.sensitivitySquared).toBe(`${units ** 2n}`)
    if (units < 20_000n) expect(documentOf(receipt).notes.join()).toContain(choice?.id)
  })

  it('the bound is charged once: then it is public, known and free for everybody, and the same question is free', async () => {
    const first = expectAccepted(await answer(asking(), {}, house.world))
    const count = (await releases()).length
    const again = expectAccepted(await answer(asking(), {}, house.world))
    expect(again).toEqual({ ...first, again: true })
    expect(expectAccepted(await preview(asking(), house.world)).askedBefore).toBe(true)
    // Another buyer, another question, another loss: only the question itself.
    const other = asking({
      buyer: 'beta',
      sql: 'SELECT SUM(spent) FROM visits WHERE spent > 3',
      wish: { nano: 2_000_000n },
    })
    const quoted = expectAccepted(await quote(other, house.world))
    expect(quoted.shown.privacy.rho).toBe('0.0018')
    expect(quoted.shown.bounds?.sums[0]).toMatchObject({ bound: expect.any(String) })
    const { receipt } = expectAccepted(await answer(other, { quoteId: quoted.id }, house.world))
    expect((await releases()).length).toBe(count + 1)
    expect(planOf(receipt).measures[0]?.maxSum).toBe(planOf(first.receipt).measures[0]?.maxSum)
    expect(documentOf(receipt).method[0]?.sigma2).toBe(quoted.shown.channels[0]?.sigma2)
    // Asked for itself it is served, whatever loss is named.
    const direct = { ...asking({ buyer: 'beta', bounds: undefined }), sql: 'SELECT SUM_BOUND(spent) FROM visits' }
    expect(expectAccepted(await answer({ ...direct, wish: { nano: 5_000_000n } }, {}, house.world)).again).toBe(true)
  })

  it('nothing is charged when the whole would be refused: limit of the price, quote, balance, too little loss, a width', async () => {
    const quoted = expectAccepted(await quote(asking(), house.world))
    const refused = async (question: Question, acceptance = {}) => {
      const outcome = await answer(question, acceptance, house.world)
      expect(await releases()).toEqual([])
      return outcome.ok ? undefined : outcome.refusal.code
    }
    expect(await refused(asking(), { maxPrice: quoted.price - 1n })).toBe('market.price_over_limit')
    expect(await refused(asking({ wish: { nano: 2_000_000n } }), { quoteId: quoted.id })).toBe('market.quote_expired')
    expect(await refused(asking({ wish: { nano: 50_000n } }))).toBe('privacy.rho_out_of_range')
    expect(await refused(asking({ wish: { within: '500' } }))).toBe('privacy.accuracy_not_fixed')
    const poor = asking({ buyer: 'gamma' })
    expectAccepted(await house.world.books.addBuyer({ id: 'gamma', name: 'Gamma' }, house.world.clock.now()))
    expectAccepted(await house.world.books.approveBuyer('gamma', purpose, house.world.clock.now()))
    expectAccepted(await house.world.books.fundBuyer('gamma', quoted.price - 1n, 'some', house.world.clock.now()))
    expect(await refused(poor)).toBe('market.funds_lacking')
  })

  it.each(['charge', 'rewrite', 'engine', 'noise', 'post', 'log', 'receipt'])(
    'a crash at "%s", of the choice or of the question, loses nothing: the retry charges no part twice',
    async (stage) => {
      const acceptance = { idempotencyKey: 'one key' }
      const chosen = async () =>
        (await releases()).filter((one) => one.state === 'released' && one.nano === 100_000n).length
      // First the choice is interrupted, then the question itself, in the same request where the choice was not finished.
      for (const part of ['choice', 'question']) {
        const at = part === 'choice' || (await chosen()) === 1 ? 1 : 2
        let seen = 0
        const world: World = {
          ...house.world,
          stage: (name) => {
            if (name === stage && ++seen === at) throw new Error('the power is gone')
          },
          incident: () => {},
        }
        const broken = await answer(asking(), acceptance, world).catch(() => undefined)
        expect(seen).toBe(at)
        expect(broken?.ok ?? false).toBe(false)
        await recover(house.world)
      }
      const retried = await answer(asking(), acceptance, house.world)
      expect(await chosen()).toBe(1)
      const mains = (await releases()).filter((one) => one.nano === 900_000n)
      expect(mains).toHaveLength(1)
      // What failed after its charge has burned, and says so under this key; what was finished answers.
      expect(retried.ok).toBe(mains[0]?.state === 'released')
      if (retried.ok) {
        expect(retried.value.release).toBe(mains[0]?.id)
        expect(await verifyReceipt(retried.value.receipt, house.logKey)).toMatchObject({ valid: true })
      }
      expect((await house.world.books.check()).failures).toEqual([])
    },
  )

  it('questions without such a sum are asked as ever, for the whole loss', async () => {
    const quoted = expectAccepted(await quote(asking({ sql: 'SELECT COUNT(*), AVG(spent) FROM visits' }), house.world))
    expect(quoted.shown.privacy.rho).toBe('0.001')
    expect(quoted.shown.bounds).toMatchObject({ sums: [] })
  })
})

describe('bounds that the buyer names', () => {
  it('narrow the plan, never widen it, and take part of the loss of nobody', async () => {
    const named = asking({ bounds: { 'visits.spent': '50' } })
    const quoted = expectAccepted(await quote(named, house.world))
    expect(quoted.shown.channels[0]?.sensitivitySquared).toBe(`${5_000n ** 2n}`)
    const { receipt } = expectAccepted(await answer(named, { quoteId: quoted.id }, house.world))
    expect(planOf(receipt).measures[0]?.maxSum).toBe('5000')
    expect(documentOf(receipt).notes.join()).toContain('At most 50.00 of one person’s visits.spent counts')
    const wide = expectAccepted(await quote(asking({ bounds: { 'visits.spent': '5000' } }), house.world))
    expect(wide.shown.channels[0]?.sensitivitySquared).toBe(`${20_000n ** 2n}`)
  })

  it.each([
    { 'visits.spend': '5' },
    { 'visits.spent': '0' },
    { 'visits.spent': '0.001' },
    { 'visits.spent': 'much' },
  ] as Record<string, string>[])('%j are refused', async (bounds) => {
    expect(await quote(asking({ bounds }), house.world)).toMatchObject({
      ok: false,
      refusal: { code: 'request.invalid' },
    })
  })

  it.each([
    ['SUM(spent)', 20_000n],
    // Ten rows of at most 5.00 are less than the 200.00 of a person.
    ['SUM(LEAST(GREATEST(spent, 0), 5))', 5_000n],
    ['SUM(LEAST(spent, 5))', 5_000n],
    ['SUM(LEAST(GREATEST(spent, 0), 50))', 20_000n],
    ['SUM(CASE WHEN spent > 3 THEN spent END)', 20_000n],
  ])('%s is bounded by the smaller of the person’s amount and its rows', async (sum, bound) => {
    const quoted = expectAccepted(
      await quote(asking({ bounds: undefined, sql: `SELECT ${sum} FROM visits` }), house.world),
    )
    expect(quoted.shown.channels[0]?.sensitivitySquared).toBe(`${bound ** 2n}`)
  })
})
