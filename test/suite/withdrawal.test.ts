import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { choose } from '../../src/house/choices.ts'
import { answer } from '../../src/release/answer.ts'
import { closePeriod, openPeriod } from '../../src/release/period.ts'
import { quote } from '../../src/release/quote.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { exactResult, makeSmallWorld, purpose, sql } from './small-world.ts'

const question = { buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }
const other = { ...question, sql: 'SELECT COUNT(*) AS visits FROM visits' }
const evidence = { method: 'test', reference: '' }

describe('a withdrawal between two questions', () => {
  let house: TestHouse
  let people: readonly string[]
  beforeEach(async () => {
    house = await openTestHouse()
    people = (await makeSmallWorld(house, 30)).people
  })
  afterEach(() => house.close())

  const withdraw = async (person: string) =>
    expectAccepted(await choose(house, { person, purpose, status: 'withdrawn', entity: 'person', evidence }))

  it('takes exactly that person out of the next exact result', async () => {
    expectAccepted(await answer(question, {}, house.world))
    expect(await exactResult(house, sql)).toEqual(
      new Map([
        ['a', [10n, 6000n]],
        ['b', [10n, 6000n]],
        ['c', [10n, 6000n]],
      ]),
    )
    await withdraw(people[0] as string)
    expectAccepted(await answer(other, {}, house.world))
    expect(await exactResult(house, sql)).toEqual(
      new Map([
        ['a', [9n, 5400n]],
        ['b', [10n, 6000n]],
        ['c', [10n, 6000n]],
      ]),
    )
  })

  it('moves nothing that others can see: quote, price, postings, size of the log, memo', async () => {
    const first = expectAccepted(await answer(question, {}, house.world))
    const before = await visible()
    await withdraw(people[0] as string)
    expect(await visible()).toEqual(before)
    const again = expectAccepted(await answer(question, {}, house.world))
    expect(again).toEqual({ ...first, again: true })
    expect(await visible()).toEqual(before)
  })

  it('costs the next release the same, and posts the same, as without it', async () => {
    const postings = async (): Promise<Record<string, bigint>> => {
      const before = await house.world.books.balances()
      expectAccepted(
        await answer({ ...other, buyer: 'beta', sql: `${other.sql} WHERE spent > ${++counter}` }, {}, house.world),
      )
      const after = await house.world.books.balances()
      return Object.fromEntries(
        Object.keys(after).map((account) => [
          account.replace(/rel_\w+/, 'release'),
          (after[account] ?? 0n) - (before[account] ?? 0n),
        ]),
      )
    }
    let counter = 0
    const untouched = await postings()
    await withdraw(people[3] as string)
    expect(await postings()).toEqual(untouched)
  })

  it('joins again only with the next period', async () => {
    await withdraw(people[0] as string)
    expectAccepted(
      await choose(house, { person: people[0] as string, purpose, status: 'given', entity: 'person', evidence }),
    )
    expectAccepted(await answer(other, {}, house.world))
    expect((await exactResult(house, sql)).get('a')).toEqual([9n, 5400n])
    expectAccepted(await closePeriod(house.world))
    expectAccepted(await openPeriod({}, house.world))
    expectAccepted(await answer({ ...other, sql: 'SELECT SUM(spent) AS s FROM visits' }, {}, house.world))
    expect((await exactResult(house, sql)).get('a')).toEqual([10n, 6000n])
  })

  it('keeps what the person earned, and earns nothing more', async () => {
    const person = people[0] as string
    expectAccepted(await answer(question, {}, house.world))
    await withdraw(person)
    const earned = async () => expectAccepted(await house.world.books.statement(person, house.world.clock.now())).earned
    const kept = await earned()
    expect(kept > 0n).toBe(true)
    expectAccepted(await answer(other, {}, house.world))
    expect(await earned()).toBe(kept)
  })

  async function visible() {
    const { books } = house.world
    const quoted = expectAccepted(await quote(other, house.world))
    return {
      quote: quoted,
      balances: await books.balances(),
      leaves: await books.leafCount(),
      period: await books.openPeriod(house.world.clock.now()),
      releases: (await books.releases({ limit: 100 })).length,
    }
  }
})
