import { describe, expect, it } from 'vitest'
import { changeAnswerRules } from '../../src/house/answers.ts'
import { answer } from '../../src/release/answer.ts'
import { defaultAnswerRules, tickOf, withoutGrid } from '../../src/release/answer-rules.ts'
import { closePeriod, openPeriod } from '../../src/release/period.ts'
import { quote } from '../../src/release/quote.ts'
import { recover } from '../../src/release/recover.ts'
import type { World } from '../../src/release/world.ts'
import { type Door, openDoor } from '../server/door.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { makeSmallWorld, purpose, sql } from '../suite/small-world.ts'
import { type FakeTime, fakeTime } from './fake-time.ts'

const many = process.env.USUFRUCT_LONG ? 33_334 : 200
interface Slow {
  micros: bigint | 'stuck'
  fails?: boolean
  /** What is written after the tick takes a little too; of public size. */
  after?: bigint
  reached?: () => void
  comesBack?: () => void
}
const reached = (slow: Slow) =>
  new Promise<void>((resume) => {
    slow.reached = resume
  })
const question = { buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }
const second = 1_000_000n
const answers = defaultAnswerRules

/** A house in which the engine's part takes as long as the test says. */
async function inHouse<T>(
  people: number,
  work: (house: TestHouse, time: FakeTime, slow: Slow) => Promise<T>,
): Promise<T> {
  const time = fakeTime()
  const slow: Slow = { micros: 0n }
  const house = await openTestHouse({ ...time, answers, stage: slowEngine(time, slow) })
  try {
    await makeSmallWorld(house, people)
    return await work(house, time, slow)
  } finally {
    await house.close()
  }
}

const slowEngine =
  (time: FakeTime, slow: Slow): World['stage'] =>
  async (name) => {
    if (name === 'log' && slow.after) await time.sleep(slow.after)
    if (name !== 'noise') return
    slow.reached?.()
    if (slow.micros === 'stuck')
      await new Promise<void>((resume) => {
        slow.comesBack = resume
      })
    else if (slow.micros > 0n) await time.sleep(slow.micros)
    if (slow.fails) throw new Error('Conversion Error: could not convert "p0007" to INT64')
  }

/** When the answer to a question asked now is there, counted from the asking. */
async function latency(house: TestHouse, time: FakeTime, wish: bigint): Promise<bigint> {
  const asked = time.clock.now()
  await time.until(answer({ ...question, wish: { nano: wish } }, {}, house.world))
  return time.clock.now() - asked
}

describe('when answers leave', () => {
  it('the tick follows the beginning alone while the computation takes less than the least wait', () => {
    const rules = { ...answers, everyMilliseconds: 1_000, leastMilliseconds: 2_500 }
    const began = 10n * second + 700_000n
    for (const took of [0n, 1n, 40_000n, 2_499_999n, 2_500_000n])
      expect(tickOf(began, began + took, rules)).toBe(14n * second)
    expect(tickOf(began, began + 3_300_001n, rules)).toBe(15n * second)
    expect(tickOf(began, began + 5n, withoutGrid)).toBe(began + 5n)
  })

  it(`an answer about 1 person and one about ${many} leave at the same tick, however long the engine took`, async () => {
    const seen = new Set<bigint>()
    for (const people of [1, many])
      await inHouse(people, async (house, time, slow) => {
        for (const [nth, micros] of [0n, 250_000n, 999_000n].entries()) {
          // Always asked 0.3 s after a tick.
          await time.until(time.sleep(second - (time.clock.now() % second) + 300_000n))
          slow.micros = micros
          seen.add(await latency(house, time, 500_000n + BigInt(nth)))
        }
      })
    expect([...seen]).toEqual([1_700_000n])
  }, 120_000)

  it('until the tick neither the books nor the log show what became of it', async () => {
    await inHouse(9, async (house, time, slow) => {
      const { books } = house.world
      const state = async () => [
        (await books.releases({ limit: 1 }))[0]?.state,
        await books.leafCount(),
        (await books.newestCheckpoint())?.size,
        (await books.balances())['prepaid:alpha'],
      ]
      for (const fails of [false, true]) {
        slow.fails = fails
        const asked = time.clock.now()
        const charged = reached(slow)
        const asking = answer({ ...question, wish: { nano: fails ? 600_000n : 500_000n } }, {}, house.world)
        await charged
        const before = await state()
        expect(before[0]).toBe('charged')
        // The computation ends; time stands, so the tick does not come.
        await new Promise((resume) => setTimeout(resume, 100))
        expect(await state()).toEqual(before)
        await time.until(asking)
        expect((await state())[0]).toBe(fails ? 'burned' : 'released')
        expect(time.clock.now() % second).toBe(0n)
        expect(time.clock.now() - asked).toBeGreaterThanOrEqual(second)
      }
    })
  })

  it('who waits for the turn behind another question learns nothing from it: the turn is held to the tick', async () => {
    const seen = new Set<string>()
    for (const micros of [1_000n, 900_000n])
      await inHouse(9, async (house, time, slow) => {
        Object.assign(slow, { micros, after: 7_000n })
        const asked = time.clock.now()
        const left: bigint[] = []
        const ask = (buyer: string, nano: bigint) =>
          answer({ ...question, buyer, wish: { nano } }, {}, house.world).then((outcome) => {
            left.push(time.clock.now() - asked)
            return outcome
          })
        const refused = () =>
          answer({ ...question, buyer: 'stranger' }, {}, house.world).then((outcome) => {
            expect(outcome).toMatchObject({ ok: false, refusal: { code: 'buyer.not_approved' } })
            left.push(time.clock.now() - asked)
          })
        await time.until(Promise.all([ask('alpha', 500_000n), ask('beta', 500_000n), refused()]))
        seen.add(left.join())
      })
    expect([...seen]).toEqual([`${second + 7_000n},${2n * second + 7_000n},${2n * second + 7_000n}`])
  })

  it('a house without a grid answers at once', async () => {
    const time = fakeTime()
    const house = await openTestHouse({ ...time, answers: withoutGrid })
    try {
      await makeSmallWorld(house, 3)
      expect(await latency(house, time, 500_000n)).toBe(0n)
    } finally {
      await house.close()
    }
  })
})

describe('what fails after the charge', () => {
  it('an engine that fails and one that passes the deadline give the same bytes over HTTP, at a tick', async () => {
    const time = fakeTime()
    const slow: Slow = { micros: 0n }
    const door: Door = await openDoor(9, { ...time, answers, stage: slowEngine(time, slow) })
    try {
      const prepaid = async () => (await door.house.world.books.balances())['prepaid:alpha']
      const before = await prepaid()
      const ask = async (micros: Slow['micros'], fails: boolean, rho: string) => {
        Object.assign(slow, { micros, fails })
        const asked = time.clock.now()
        const computing = reached(slow)
        const asking = door.ask('alpha', 'POST', '/v1/releases', { product: 'visits', purpose, sql, rho })
        await computing
        if (micros === 'stuck') time.jump()
        const reply = await time.until(asking)
        expect(time.clock.now() % second).toBe(0n)
        const { date: _, 'request-id': id, ...headers } = reply.headers
        return { after: time.clock.now() - asked, status: reply.status, headers, text: reply.text.replace(`${id}`, '') }
      }
      const broken = await ask(20_000n, true, '0.0005')
      const late = await ask('stuck', false, '0.0006')
      expect(broken.status).toBe(500)
      expect(broken.text).not.toContain('p0007')
      expect({ ...late, after: 0n }).toEqual({ ...broken, after: 0n })
      // Computed from whole records: 60 s after the charge, although the engine has not come back.
      expect([broken.after, late.after]).toEqual([second, 60n * second])
      expect(await prepaid()).toBe(before)
      const burned = await door.house.world.books.releases({ limit: 2 })
      expect(burned.map(({ state }) => state)).toEqual(['burned', 'burned'])
      const next = ask(0n, false, '0.0007')
      // Whose turn it is waits until what is still computing has ended.
      await new Promise((resume) => setTimeout(resume, 50))
      expect((await door.house.world.books.releases({ buyer: 'alpha', limit: 3 })).length).toBe(2)
      slow.comesBack?.()
      expect((await next).status).toBe(201)
    } finally {
      await door.close()
    }
  })

  it('a class of plans is blocked from the next period on, never within one', async () => {
    await inHouse(3, async (house, time) => {
      const asked = (nano: bigint) =>
        time.until(answer({ ...question, wish: { nano } }, {}, house.world)).then((outcome) => outcome.ok)
      const refusal = { ok: false, refusal: { code: 'query.path_blocked' } }
      await time.until(time.sleep(second))
      expect(await changeAnswerRules(house, { block: 'records' })).toMatchObject({ ok: true })
      expect(await asked(500_000n)).toBe(true)
      await time.until(time.sleep(second))
      await closePeriod(house.world)
      await openPeriod({}, house.world)
      expect(await answer(question, {}, house.world)).toMatchObject(refusal)
      expect(await quote(question, house.world)).toMatchObject(refusal)
      expect(await changeAnswerRules(house, { unblock: 'records' })).toMatchObject({ ok: true })
      expect(await asked(500_000n)).toBe(true)
      const leaves = await house.world.books.leaves(0n, 100)
      const settings = leaves.map(({ data }) => JSON.parse(Buffer.from(data).toString('utf8')))
      expect(settings.filter(({ kind }) => kind === 'settings')).toHaveLength(3)
    })
  })

  it('noise waits in memory alone: a house that dies before the tick burns the release, and what was drawn is nowhere', async () => {
    await inHouse(9, async (house, time, slow) => {
      const drawn = reached(slow)
      const asking = answer(question, {}, house.world)
      await drawn
      // The computation ends; what it drew waits for a tick that does not come.
      await new Promise((resume) => setTimeout(resume, 100))
      const [waiting] = await house.world.books.releases({ buyer: 'alpha', limit: 1 })
      expect(waiting).toMatchObject({ state: 'charged', answer: undefined, secret: undefined, leafIndex: undefined })
      expect(await recover(house.world)).toMatchObject({ burned: 1, finished: 0 })
      await expect(time.until(asking)).rejects.toMatchObject({ code: 'release.state' })
      const [burned] = await house.world.books.releases({ buyer: 'alpha', limit: 1 })
      expect(burned).toMatchObject({ state: 'burned', answer: undefined, secret: undefined })
      const again = time.until(answer(question, {}, house.world))
      expect(await again).toMatchObject({ ok: true, value: { again: false } })
    })
  })
})
