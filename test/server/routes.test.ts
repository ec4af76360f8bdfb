import { afterAll, beforeAll, expect, it } from 'vitest'
import { verifyCheckpoint, verifyConsistencyProof, verifyReceipt } from '../../src/verify/index.ts'
import { readLogKey } from '../../src/verify/note.ts'
import { type HttpDoor, httpDoor } from '../suite/doors/doors.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { exactResult, makeSmallWorld, purpose, sql } from '../suite/small-world.ts'

let house: TestHouse
let http: HttpDoor
const received: string[] = []
let earlier: string

beforeAll(async () => {
  house = await openTestHouse()
  http = await httpDoor(house)
  await makeSmallWorld(house, 3_334)
  earlier = (await http.send('GET', '/log/checkpoint')).text
})
afterAll(async () => {
  await http.close()
  await house.close()
})

async function call(method: string, path: string, key?: string, body?: unknown, headers?: Record<string, string>) {
  const response = await http.send(method, path, { key, body, ...(headers ? { headers } : {}) })
  received.push(response.text)
  return { ...response, json: response.type.includes('json') ? JSON.parse(response.text) : undefined }
}
const question = { product: 'visits', purpose, sql }

it('a buyer’s whole day: quote, answer, retry, pages', async () => {
  const key = await http.keyOf('buyer', 'alpha')
  const quoted = await call('POST', '/v1/quotes', key, question)
  expect((await call('GET', `/v1/quotes/${quoted.json.quote}`, key)).json).toEqual(quoted.json)

  const first = await call(
    'POST',
    '/v1/releases',
    key,
    { ...question, quote: quoted.json.quote },
    { 'idempotency-key': 'a' },
  )
  expect(first.status).toBe(201)
  const again = await call(
    'POST',
    '/v1/releases',
    key,
    { ...question, quote: quoted.json.quote },
    { 'idempotency-key': 'a' },
  )
  expect([again.status, again.text]).toEqual([200, first.text])
  const other = await call('POST', '/v1/releases', key, { ...question, rho: '0.0004' }, { 'idempotency-key': 'a' })
  expect([other.status, other.json.code]).toEqual([409, 'request.idempotency_conflict'])
  const { json: release } = await call('GET', first.headers.get('location') as string, key)
  expect(release).toMatchObject({ state: 'released', product: 'visits' })
  expect((await call('GET', `/v1/releases/${release.id}/receipt`, key)).text).toBe(first.text)
  const { key: logKey } = (await call('GET', '/v1/log/key')).json
  expect((await verifyReceipt(first.text, logKey)).valid).toBe(true)

  for (const rho of ['0.0001', '0.0002', '0.0003', '0.0004'])
    expect((await call('POST', '/v1/releases', key, { ...question, rho })).status).toBe(201)
  const ids: string[] = []
  let next: string | undefined
  do {
    const page = await call('GET', `/v1/releases?limit=2${next ? `&before=${next}` : ''}`, key)
    expect(page.json.releases.length).toBeLessThanOrEqual(2)
    ids.push(...page.json.releases.map((one: { id: string }) => one.id))
    next = page.json.next
  } while (next !== undefined && ids.length < 20)
  expect(new Set(ids).size).toBe(5)
  expect(ids.at(-1)).toBe(release.id)
  expect((await call('GET', '/v1/balance', key)).json.pending).toBe('0.00')
})

it('a person’s whole day: choices, a no, a yes, limits, statement', async () => {
  const key = await http.keyOf('person', 'p0000')
  const before = (await call('GET', '/v1/me/statement', key)).json
  expect(before.releases.length).toBeGreaterThan(4)
  expect((await call('PUT', `/v1/me/choices/${purpose}`, key, { choice: 'no' })).json.standing).toMatchObject([
    { status: 'withdrawn', inForce: false },
  ])
  expect((await call('PUT', `/v1/me/choices/${purpose}`, key, { choice: 'yes' })).json.standing).toMatchObject([
    { status: 'given', note: 'joins_next_period' },
  ])
  expect((await call('PUT', '/v1/me/limits', key, { class: 'low', lifeRho: '0.4' })).json).toMatchObject({
    limitClass: 'low',
    lifeRho: '0.4',
  })
  expect((await call('PUT', '/v1/me/limits', key, { lifeRho: null })).json.lifeRho).toBeUndefined()
  expect((await call('GET', '/v1/me/choices', key)).json.person).toBe('p0000')
  expect((await call('GET', '/v1/me/statement', key)).json.earned).toBe(before.earned)
})

it('a steward’s whole day: buyers, keys, choices, limits, periods', async () => {
  const key = http.steward
  expect((await call('POST', '/v1/buyers', key, { id: 'gamma', name: 'Gamma é€😀' })).status).toBe(201)
  expect((await call('POST', '/v1/buyers', key, { id: 'gamma', name: 'Gamma' })).json.code).toBe('buyer.exists')
  expect((await call('POST', '/v1/buyers/gamma/approvals', key, { purpose })).json.purposes).toEqual([purpose])
  for (const _ of [1, 2])
    expect(
      (await call('POST', '/v1/buyers/gamma/funds', key, { amount: '12.5', reference: 'inv-1' })).json.prepaid,
    ).toBe('12.50')
  expect((await call('GET', '/v1/buyers', key)).json.buyers).toHaveLength(3)
  const made = (await call('POST', '/v1/keys', key, { role: 'buyer', subject: 'gamma', label: 'first' })).json
  expect((await call('GET', '/v1/keys', key)).text).not.toContain(made.secret)
  expect((await call('DELETE', `/v1/keys/${made.id}`, key)).json.revokedAt).toBeDefined()
  const event = { id: 'e1', person: 'p0001', purpose, status: 'withdrawn', at: '2026-11-30' }
  expect((await call('POST', '/v1/choices', key, { events: [event] })).json).toEqual({ recorded: 1, skipped: 0 })
  expect((await call('POST', '/v1/choices', key, { events: [event] })).json).toEqual({ recorded: 0, skipped: 1 })
  expect((await call('GET', '/v1/persons/p0001/choices', key)).json.standing[0].inForce).toBe(false)
  expect((await call('PUT', '/v1/persons/p0002/limits', key, { class: 'high' })).json.limitClass).toBe('high')
  expect((await call('GET', '/v1/persons/p0002/statement', key)).json.person).toBe('p0002')
  expect((await call('GET', '/v1/releases?limit=1', key)).json.next).toBeDefined()
  expect((await call('POST', '/v1/periods/close', key)).json.closedAt).toBeDefined()
  expect((await call('GET', '/v1/period')).json).toEqual({ open: false })
  expect((await call('POST', '/v1/periods', key, { rate: '0.01', days: 3 })).json.ratePerMilliRho).toBe('0.01')
  expect((await call('GET', '/v1/period')).json.upperBounds[purpose]).toMatch(/^\d+$/)
})

it('anybody: products, notices, problem codes, and a log that proves itself', async () => {
  expect((await call('GET', '/v1/products')).json.products).toHaveLength(1)
  expect((await call('GET', '/v1/products/visits')).json.product).toBe('visits')
  expect((await call('GET', '/v1/notices')).json.notices).toHaveLength(1)
  expect((await call('GET', '/problems/query.empty')).json.status).toBe(400)
  expect((await call('GET', '/healthz')).json).toEqual({ ok: true })
  const checkpoint = (await call('GET', '/log/checkpoint')).text
  const size = Number(checkpoint.split('\n')[1])
  const first = (await call('GET', '/v1/log/leaves?limit=4')).json
  const rest = (await call('GET', `/v1/log/leaves?from=${first.next}`)).json
  expect(first.leaves.length + rest.leaves.length).toBe(size)
  expect((await call('GET', `/log/tile/entries/000.p/${size}`)).headers.get('cache-control')).toContain('immutable')
  expect((await call('GET', '/v1/log/leaves/0/proof')).text).toMatch(/^c2sp\.org\/tlog-proof@v1\nindex 0\n/)
  expect(readLogKey((await call('GET', '/v1/log/key')).json.key)).toBeDefined()
  for (let from = 0; from <= size; from++) {
    const { json } = await call('GET', `/v1/log/consistency?from=${from}`)
    expect(json.to).toBe(`${size}`)
    expect(json.checkpoint).toBe(checkpoint)
  }
  const [older, newer] = await Promise.all([earlier, checkpoint].map((note) => verifyCheckpoint(note, house.logKey)))
  if (!older?.ok || !newer?.ok) throw new Error('a checkpoint does not verify')
  expect(newer.size > older.size).toBe(true)
  const { proof } = (await call('GET', `/v1/log/consistency?from=${older.size}`)).json
  expect(await verifyConsistencyProof({ older, newer, proof })).toBe(true)
  expect(await verifyConsistencyProof({ older, newer, proof: proof.slice(1) })).toBe(false)
})

it('every operation of the document was used above', () => {
  expect(http.unseen()).toEqual([])
})

it('no response ever held a head count or an exact value', async () => {
  // 3,334 people in thirds, less those who left, and the cents they spent. Only the noisy values of an answer may come near.
  const exact = [...(await exactResult(house, sql)).values()].flat().map((value) => `${value}`)
  const numbers = [...new Set([...exact, '3334', '3333', '1112', '1111', '1110', '667200', '666600', '6672.00'])]
  expect(exact.length).toBe(6)
  for (const text of received.map(withoutNoisyValues))
    for (const number of numbers) expect(text).not.toMatch(new RegExp(`(?<![0-9a-zA-Z.])${number}(?![0-9a-zA-Z])`))
})

function withoutNoisyValues(text: string): string {
  if (!text.startsWith('{"answer"')) return text
  const receipt = JSON.parse(text)
  return JSON.stringify({ ...receipt, answer: { ...receipt.answer, rows: [] } })
}
