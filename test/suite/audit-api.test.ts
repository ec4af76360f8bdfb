import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { answer } from '../../src/release/answer.ts'
import { verifyCheckpoint, verifyConsistencyProof } from '../../src/verify/index.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { type Ask, openDoors } from './http.ts'
import { makeSmallWorld, purpose, sql } from './small-world.ts'

describe('what an auditor sees without an account', () => {
  let house: TestHouse
  let doors: Awaited<ReturnType<typeof openDoors>>
  let ask: Ask
  let release: string
  beforeEach(async () => {
    house = await openTestHouse()
    await makeSmallWorld(house, 30)
    const asked = await answer({ buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }, {}, house.world)
    release = expectAccepted(asked).release
    doors = await openDoors(house)
    ask = doors.anybody
  })
  afterEach(async () => {
    await doors.close()
    await house.close()
  })
  type Listed = { number: number; result: string; scope?: string }
  const results = (claims: readonly Listed[]) => Object.fromEntries(claims.map((one) => [one.number, one.result]))

  it('claims: not run, then run once a minute; what cannot be checked says so; scopes hold no head count', async () => {
    expect(results((await ask('GET', '/v1/audit/claims')).json.claims)[1]).toBe('not run yet')
    const first = (await ask('POST', '/v1/audit/claims/run')).json
    expect(results(first.claims)).toEqual({
      ...Object.fromEntries([1, 2, 3, 4, 5, 6, 7, 8, 10].map((number) => [number, 'holds'])),
      9: 'not checked here',
    })
    expect(first.claims[0].scope).toBe('1 release')
    expect((await ask('POST', '/v1/audit/claims/run', {})).json).toEqual(first)
    expect((await ask('GET', '/v1/audit/claims')).json).toEqual(first)
    house.advance(60_000_000n)
    expect((await ask('POST', '/v1/audit/claims/run')).json.ranAt).not.toBe(first.ranAt)
  })

  it('claims are the same, whoever chose meanwhile', async () => {
    const before = (await ask('POST', '/v1/audit/claims/run')).json.claims
    const me = await doors.as('person', 'p0003')
    await me('POST', '/v1/me/choices/stop-all', {})
    house.advance(60_000_000n)
    expect((await ask('POST', '/v1/audit/claims/run')).json.claims).toEqual(before)
  })

  it('a claim fails when its ground is gone: a receipt that lies, a log file that was changed', async () => {
    const stored = await house.world.books.release(release)
    const books = house.world.books as { releases: typeof house.world.books.releases }
    const honest = books.releases
    books.releases = async (filter) =>
      (await honest(filter)).map((one) =>
        one.id === release ? { ...one, receipt: stored?.receipt?.replace(/"price":"\d+"/g, '"price":"1"') } : one,
      )
    const lied = results((await ask('POST', '/v1/audit/claims/run')).json.claims)
    expect([lied[4], lied[5], lied[8], lied[1]]).toEqual(['fails', 'fails', 'fails', 'holds'])
    books.releases = honest
    const all = house.world.books as { leaves: typeof house.world.books.leaves }
    const true_ = all.leaves
    all.leaves = async (from, limit) =>
      (await true_(from, limit)).map(({ index, data }) => ({
        index,
        data: index === 0n ? Buffer.from(Buffer.from(data).toString().replace('EUR', 'USD')) : data,
      }))
    house.advance(60_000_000n)
    const forged = results((await ask('POST', '/v1/audit/claims/run')).json.claims)
    expect([forged[8], forged[10], forged[4]]).toEqual(['fails', 'fails', 'holds'])
  })

  it('the log: newest first, onwards, by kind and by text, page by page', async () => {
    const all = (await ask('GET', '/v1/log/entries')).json
    expect(all.entries.map((one: { index: string }) => Number(one.index))).toEqual(
      Array.from({ length: Number(all.size) }, (_, i) => Number(all.size) - 1 - i),
    )
    expect(all.next).toBeUndefined()
    const kinds = all.entries.map((one: { kind: string }) => one.kind).reverse()
    expect(kinds).toEqual(['settings', 'contract', 'load', 'notice', 'consent-batch', 'period', 'release'])
    const onwards = (await ask('GET', '/v1/log/entries?from=1&limit=2')).json
    expect(onwards.entries.map((one: { index: string }) => one.index)).toEqual(['1', '2'])
    expect(onwards.next).toBe('3')
    const back = (await ask('GET', '/v1/log/entries?before=3&limit=2')).json
    expect([back.entries.map((one: { index: string }) => one.index), back.next]).toEqual([['2', '1'], '1'])
    expect((await ask('GET', '/v1/log/entries?kind=release')).json.entries).toMatchObject([{ leaf: { id: release } }])
    expect((await ask('GET', '/v1/log/entries?q=CONSENT-batch')).json.entries).toHaveLength(1)
    for (const wrong of ['from=-1', 'from=1e3', 'kind=%27', 'limit=9999', 'what=1'])
      expect((await ask('GET', `/v1/log/entries?${wrong}`)).json.code, wrong).toBe('request.invalid')
    expect((await ask('GET', '/v1/log/entries?from=999999')).json.entries).toEqual([])
  })

  it('proofs over HTTP verify with the checkpoints that were signed', async () => {
    const { checkpoints } = (await ask('GET', '/v1/log/checkpoints')).json
    expect(checkpoints.length).toBeGreaterThan(2)
    const [newest] = checkpoints
    for (const older of checkpoints.slice(1)) {
      const proof = (await ask('GET', `/v1/log/consistency?from=${older.size}&to=${newest.size}`)).json
      const trees = []
      for (const note of [proof.older, proof.newer]) {
        const opened = await verifyCheckpoint(note, house.logKey)
        if (opened.ok) trees.push(opened)
      }
      const [old, fresh] = trees
      if (old === undefined || fresh === undefined) return expect.unreachable()
      expect(await verifyConsistencyProof({ older: old, newer: fresh, proof: proof.path })).toBe(true)
    }
    const one = (await ask('GET', `/v1/log/proof?index=1&size=${checkpoints.at(-2).size}`)).json
    expect(one.checkpoint).toBe(checkpoints.at(-2).note)
    const page = (await ask('GET', `/v1/log/checkpoints?limit=1&before=${newest.size}`)).json
    expect([page.checkpoints, page.next]).toEqual([[checkpoints[1]], checkpoints[1].size])
    for (const wrong of ['proof?index=99', 'proof?index=1&size=999', 'consistency?from=0', 'consistency?from=9&to=2'])
      expect((await ask('GET', `/v1/log/${wrong}`)).status, wrong).toBe(404)
  })

  it('one release: leaf, money, period and proof; no answer, no buyer', async () => {
    const seen = await ask('GET', `/v1/audit/releases/${release}`)
    expect(seen.json).toMatchObject({ release, leaf: { kind: 'release', id: release }, currency: 'EUR' })
    const amounts = Object.fromEntries(
      seen.json.postings.map((one: { account: string; amount: string }) => [one.account, one.amount]),
    )
    const micro = (text: string) => BigInt(text.replace('.', '').padEnd(text.indexOf('.') + 6, '0'))
    const parts = ['pool', 'steward', 'operator', 'reserve'].map((name) => micro(amounts[name]))
    expect(parts.reduce((all, part) => all + part, 0n)).toBe(micro(amounts.buyer))
    expect(seen.json.period.id).toBe(seen.json.leaf.period)
    expect(seen.json.proof.startsWith('c2sp.org/tlog-proof@v1\n')).toBe(true)
    expect(seen.text).not.toMatch(/alpha|"rows"|"answer"|SELECT/)
    expect((await ask('GET', '/v1/audit/releases/nothing')).json.code).toBe('release.unknown')
  })
})
