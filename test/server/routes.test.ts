import { afterAll, beforeAll, expect, it } from 'vitest'
import { microsPerDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createLogin } from '../../src/house/access-logins.ts'
import { sealIfDue } from '../../src/release/consent-batch.ts'
import {
  verifyCheckpoint,
  verifyConsentReceipt,
  verifyConsistencyProof,
  verifyReceipt,
} from '../../src/verify/index.ts'
import { readLogKey } from '../../src/verify/note.ts'
import { type HttpDoor, httpDoor } from '../suite/doors/doors.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { contract, exactResult, makeSmallWorld, purpose, sql } from '../suite/small-world.ts'
import { parseCsv } from './csv.ts'

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

/** With a key or, for a browser, with headers. */
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

  const csv = await call('GET', `/v1/releases/${release.id}/answer.csv`, key)
  const straight = await call('POST', '/v1/releases', key, { ...question }, { accept: 'text/csv' })
  expect([straight.status, straight.text]).toEqual([200, csv.text])
  expect([csv.type.split(';')[0], parseCsv(csv.text).length]).toEqual(['text/csv', 4])
  const graded = (await call('GET', `/v1/releases/${release.id}/answer.json`, key)).json
  expect(graded.answer).toEqual(JSON.parse(first.text).answer)
  expect((await call('GET', `/v1/releases/${release.id}/figures`, key)).json).toEqual({ release: release.id })
})

it('a buyer’s own account, its keys, and previews while it types', async () => {
  const key = await http.keyOf('buyer', 'alpha')
  expect((await call('GET', '/v1/account', key)).json).toMatchObject({ id: 'alpha', spent: { ever: { releases: 5 } } })
  const made = (await call('POST', '/v1/account/keys', key, { label: 'second' })).json
  expect((await call('GET', '/v1/account/keys', key)).json.keys[0]).toMatchObject({ id: made.id, label: 'second' })
  expect((await call('DELETE', `/v1/account/keys/${made.id}`, key)).json.revokedAt).toBeDefined()
  const ratio =
    'SELECT area, SUM(spent) / COUNT(DISTINCT person) AS each FROM visits JOIN people USING (person) GROUP BY area'
  for (const text of [sql, ratio, 'SELECT AVG(spent) AS mean FROM visits'])
    expect((await call('POST', '/v1/quotes/preview', key, { ...question, sql: text })).json.ok).toBe(true)
  const explained = (await call('POST', '/v1/quotes/explain', key, { ...question, sql: `EXPLAIN PRIVACY ${sql}` })).json
  expect(explained.suggestions.length).toBeGreaterThan(0)
  const asked = await call('POST', '/v1/releases', key, { ...question, sql: `EXPLAIN PRIVACY ${sql}` })
  expect([asked.status, asked.json]).toEqual([200, explained])
  const typed = (await call('POST', '/v1/quotes/preview', key, { ...question, sql: 'SELECT spent FROM visits' })).json
  expect(typed).toMatchObject({ ok: false, problem: { code: 'query.not_aggregate', position: { offset: 7 } } })
  const before = await house.world.books.sequence()
  const statuses: number[] = []
  for (let nth = 0; nth < 70; nth++) {
    const reply = await call('POST', '/v1/quotes/preview', key, { ...question, sql: '' })
    statuses.push(reply.status)
    if (reply.status === 429) expect(reply.headers.get('retry-after')).toBe('1')
  }
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(5)
  expect((await call('POST', '/v1/quotes/preview', await http.keyOf('buyer', 'beta'), question)).status).toBe(200)
  expect(await house.world.books.sequence()).toBe(before + 1n)
  house.advance(60_000_000n)
  expect((await call('POST', '/v1/quotes/preview', key, question)).status).toBe(200)
})

it('a measure by its name: what may be chosen, its SQL, its answer and what it says of that', async () => {
  const { measures } = (await call('GET', '/v1/products/visits/measures')).json
  expect(measures.map((one: { measure: string }) => one.measure)).toContain('reach-frequency')
  const compile = (parameters: object, measure = 'reach-frequency') =>
    call('POST', `/v1/products/visits/measures/${measure}`, undefined, { parameters, language: 'de' })
  const { json: compiled } = await compile({ cap: '4' })
  expect(compiled.words).toBe('Wie viele von people haben visits, und wie oft (bis 4)?')
  const key = await http.keyOf('buyer', 'beta')
  const asked = await call('POST', '/v1/releases', key, { ...question, sql: compiled.sql, rho: '0.005' })
  expect(asked.status).toBe(201)
  const { release } = asked.json.answer
  const { figures } = (await call('GET', `/v1/releases/${release}/figures`, key)).json
  expect(figures).toMatchObject({ measure: 'reach-frequency', reading: { means: {} } })
  expect(figures.figures.map((one: { id: string }) => one.id)).toContain('reach-4')
  for (const [parameters, measure, status, code] of [
    [{ cap: '1' }, 'reach-frequency', 400, 'measure.parameter_invalid'],
    [{ cup: '2' }, 'reach-frequency', 400, 'measure.parameter_unknown'],
    [{}, 'repeat-rate', 409, 'measure.not_offered'],
    [{}, 'nothing', 404, 'measure.unknown'],
  ] as const) {
    const refused = await compile(parameters, measure)
    expect([refused.status, refused.json.code]).toEqual([status, code])
  }
})

it('a person’s whole day: choices, a no, a yes, limits, statement', async () => {
  const key = await http.keyOf('person', 'p0000')
  const before = (await call('GET', '/v1/me/statement', key)).json
  expect(before.releases.length).toBeGreaterThan(4)
  expect((await call('GET', '/v1/me', key)).json.allowed).toMatchObject({ inForce: 1, waiting: 0 })
  const uses = (await call('GET', '/v1/me/uses?limit=2', key)).json
  expect(uses.uses).toHaveLength(2)
  const [use] = uses.uses
  expect((await call('GET', `/v1/me/uses?before=${uses.next}&limit=100`, key)).json.uses.length).toBe(uses.total - 2)
  const { receipt } = (await call('GET', `/v1/me/uses/${use.release}`, key)).json
  expect((await verifyReceipt(receipt, house.logKey)).valid).toBe(true)
  expect((await call('GET', '/v1/me/money', key)).json.earned.lines.length).toBeGreaterThan(4)
  expect((await call('GET', '/v1/me/data', key)).json.topics).toHaveLength(2)
  const csv = await call('GET', '/v1/me/data?format=csv&topic=visits.visits', key)
  expect([csv.type.split(';')[0], parseCsv(csv.text).length]).toEqual(['text/csv', 4])

  const own = (await call('GET', '/v1/me/choices', key)).json.purposes
  const { notice } = own.find((one: { purpose: string }) => one.purpose === purpose)
  const shown = { id: notice.id, version: notice.version, language: notice.language }
  const choose = (body: object) => call('PUT', `/v1/me/choices/${purpose}`, key, body)
  expect((await choose({ status: 'withdrawn' })).json).toMatchObject({ status: 'withdrawn', inForce: false })
  expect((await choose({ status: 'given' })).json.code).toBe('consent.notice_not_in_force')
  const yes = (await choose({ status: 'given', notice: shown })).json
  expect(yes).toMatchObject({ status: 'given', note: 'joins_next_period' })
  expect((await call('POST', '/v1/me/choices/stop-all', key)).json.stopped).toEqual([purpose])
  const act = yes.history[0].receipt
  expect([(await call('GET', act, key)).status, (await call('GET', act, key)).json.state]).toEqual([202, 'pending'])
  house.advance(microsPerDay)
  await sealIfDue(house.world)
  const proof = await call('GET', act, key)
  expect([proof.status, (await verifyConsentReceipt(proof.text, house.logKey)).valid]).toEqual([200, true])

  expect((await call('PUT', '/v1/me/limits', key, { class: 'low', lifeRho: '0.4' })).json).toMatchObject({
    class: 'low',
    lifeRho: '0.4',
  })
  expect((await call('PUT', '/v1/me/limits', key, { lifeRho: null })).json.lifeRho).toBeUndefined()
  expect((await call('GET', '/v1/me/limits', key)).json.class).toBe('low')
  expect((await call('GET', '/v1/me/proof', key)).json.choices[0].status).toBe('withdrawn')
  expect((await call('GET', '/v1/me/statement', key)).json.earned).toBe(before.earned)
})

it('anybody with a browser: a password, a link, where I am signed in, signing out', async () => {
  const ours = { origin: http.url, 'sec-fetch-site': 'same-origin' }
  const password = 'a password of the day'
  expectAccepted(await createLogin(house, { login: 'bo', role: 'buyer', subject: 'alpha' }, password))
  const cookieOf = (reply: { headers: Headers }) => (reply.headers.get('set-cookie') ?? '').split(';')[0] as string
  const entered = await call('POST', '/v1/session', undefined, { login: 'bo', password }, ours)
  expect([entered.status, entered.json.via]).toEqual([201, 'session'])
  const bo = { ...ours, cookie: cookieOf(entered) }
  expect((await call('GET', '/v1/session', undefined, undefined, bo)).json).toEqual(entered.json)

  const link = await call('POST', '/v1/persons/p0003/link', http.steward)
  const { token, path } = link.json
  expect([link.status, path]).toEqual([201, `/me/enter#${token}`])
  const look = await call('POST', '/v1/session/link/preview', undefined, { token }, ours)
  expect(look.json.person).toBe('p0003')
  const person = await call('POST', '/v1/session/link', undefined, { token }, { ...ours, 'user-agent': 'phone' })
  expect(person.json).toMatchObject({ role: 'person', subject: 'p0003' })
  const phone = { ...ours, cookie: cookieOf(person) }
  const { sessions } = (await call('GET', '/v1/sessions', undefined, undefined, phone)).json
  expect(sessions).toMatchObject([{ agent: 'phone', current: true }])
  expect((await call('DELETE', `/v1/sessions/${sessions[0].id}`, undefined, undefined, phone)).status).toBe(200)
  expect((await call('DELETE', '/v1/session', undefined, undefined, bo)).json.ended).toMatch(/^ses_/)
  for (const gone of [bo, phone])
    expect((await call('GET', '/v1/session', undefined, undefined, gone)).status).toBe(401)
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
  expect((await call('GET', '/v1/periods')).json.periods).toHaveLength(2)
})

it('a steward’s other day: contracts, loads, and what the screens read', async () => {
  const key = http.steward
  const { contracts } = (await call('GET', '/v1/contracts', key)).json
  expect(contracts).toMatchObject([{ product: 'visits', version: '1.0.0', status: 'active' }])
  expect((await call('GET', '/v1/contracts/visits', key)).json.text).toBe(contract)
  const linted = async (text: string) => (await call('POST', '/v1/contracts/lint', key, { text })).json
  expect(await linted(contract)).toMatchObject({ valid: true, product: { product: 'visits' } })
  expect((await linted('nonsense: [')).findings[0]).toMatchObject({ severity: 'error', code: 'contract.yaml' })
  const newer = contract.replace('version: 1.0.0', 'version: 1.1.0').replace('{ amount: 200 }', '{ amount: 400 }')
  const planned = (await call('POST', '/v1/contracts/plan', key, { text: newer })).json
  expect(planned.changes.some((one: { factor?: string }) => one.factor !== undefined)).toBe(true)
  expect((await call('POST', '/v1/contracts', key, { text: contract })).json).toEqual(contracts[0])
  // Says how many rows the steward's own file has, which the steward knows; how many people say yes it does not say. Not looked through below.
  const loads = JSON.parse((await http.send('GET', '/v1/loads', { key })).text)
  expect(loads.products[0].loads).toMatchObject([{ number: 1, current: true }])

  expect((await call('POST', '/v1/notices/n/events', undefined, { step: 'shown', language: 'en' })).status).toBe(204)
  const funnel = (await call('GET', '/v1/steward/consent', key)).json
  expect(funnel.days[0]).toMatchObject({ shown: 1, shownByLanguage: { en: 1 } })
  expect((await call('GET', '/v1/steward/home', key)).json.house.name).toBe('Test Co-op')
  const refusals = (await call('GET', '/v1/steward/refusals?limit=1', key)).json
  expect([refusals.recent.length, refusals.total]).toEqual([1, 1])
  expect((await call('GET', '/v1/steward/budget', key)).json.products).toHaveLength(1)
  const money = (await call('GET', '/v1/steward/money?limit=3', key)).json
  const older = (await call('GET', `/v1/steward/money?limit=3&before=${money.next}`, key)).json
  expect(new Set([...money.entries, ...older.entries].map((one) => one.sequence)).size).toBe(6)
})

it('a steward sets when answers leave, and blocks a class of plans from the next period on; everybody can read it, and it is in the log', async () => {
  const key = http.steward
  const set = await call('POST', '/v1/answer-rules', key, { every: '0', least: '0.25', deadlines: { flat: '9' } })
  expect(set.json).toMatchObject({ every: '0', least: '0.25', failed: [] })
  expect((await call('POST', '/v1/answer-rules', key, { every: 'soon' })).json.code).toBe('request.invalid')
  expect((await call('POST', '/v1/answer-rules', key, { every: '601' })).json.code).toBe('request.invalid')
  await call('POST', '/v1/answer-rules', key, { block: 'flat', least: '0' })
  const { classes } = (await call('GET', '/v1/answer-rules')).json
  expect(classes[1]).toMatchObject({ path: 'flat', deadline: '9', blocked: false, blockedSince: expect.any(String) })
  expect(classes[0]).toEqual({ path: 'records', deadline: '60', blocked: false })
  expect((await call('POST', '/v1/answer-rules', key, { unblock: 'flat' })).status).toBe(200)
  const { entries } = (await call('GET', '/v1/log/entries?kind=settings')).json
  expect(entries).toHaveLength(4)
  expect((await call('GET', '/v1/steward/answers', key)).json.classes[1].blockedSince).toBeUndefined()
})

it('anybody: products, notices, problem codes, and a log that proves itself', async () => {
  expect((await call('GET', '/v1/products')).json.products).toHaveLength(1)
  expect((await call('GET', '/v1/products/visits')).json.product).toBe('visits')
  expect((await call('GET', '/v1/notices')).json.notices).toHaveLength(1)
  expect((await call('GET', '/problems/query.empty')).json.status).toBe(400)
  expect((await call('GET', '/healthz')).json).toEqual({ ok: true })
  const checkpoint = (await call('GET', '/log/checkpoint')).text
  const size = Number(checkpoint.split('\n')[1])
  const first = (await call('GET', '/v1/log/entries?from=0&limit=4')).json
  const rest = (await call('GET', `/v1/log/entries?from=${first.next}`)).json
  expect(first.entries.length + rest.entries.length).toBe(size)
  const releases = (await call('GET', '/v1/log/entries?kind=release&limit=2')).json
  expect(releases.entries.map((one: { kind: string }) => one.kind)).toEqual(['release', 'release'])
  const newest = (await call('GET', '/v1/log/checkpoints?limit=1')).json
  expect([newest.checkpoints[0].note, newest.next]).toEqual([checkpoint, `${size}`])
  const audited = (await call('GET', `/v1/audit/releases/${releases.entries[0].leaf.id}`)).json
  expect(audited).toMatchObject({ index: releases.entries[0].index, leaf: releases.entries[0].leaf })
  expect((await call('GET', '/v1/audit/claims')).json.ranAt).toBeUndefined()
  const { claims } = (await call('POST', '/v1/audit/claims/run')).json
  expect(claims.filter((one: { result: string }) => one.result === 'fails')).toEqual([])
  const { notices } = (await call('GET', '/v1/notices')).json
  expect((await call('GET', notices[0].url)).json.text).toBe('May we count you?')
  expect((await call('GET', `/log/tile/entries/000.p/${size}`)).headers.get('cache-control')).toContain('immutable')
  const inclusion = (await call('GET', '/v1/log/proof?index=0')).json
  expect(inclusion).toMatchObject({ index: '0', size: `${size}`, checkpoint })
  expect(readLogKey((await call('GET', '/v1/log/key')).json.key)).toBeDefined()
  for (let from = 1; from <= size; from++) {
    const { json } = await call('GET', `/v1/log/consistency?from=${from}`)
    expect(json).toMatchObject({ from: `${from}`, to: `${size}`, newer: checkpoint })
  }
  const [older, newer] = await Promise.all([earlier, checkpoint].map((note) => verifyCheckpoint(note, house.logKey)))
  if (!older?.ok || !newer?.ok) throw new Error('a checkpoint does not verify')
  expect(newer.size > older.size).toBe(true)
  const { path: proof } = (await call('GET', `/v1/log/consistency?from=${older.size}`)).json
  expect(await verifyConsistencyProof({ older, newer, proof })).toBe(true)
  expect(await verifyConsistencyProof({ older, newer, proof: proof.slice(1) })).toBe(false)
})

it('a steward puts the card into a page, and a form without JavaScript answers it, once', async () => {
  const made = await call('POST', '/v1/persons/p0007/card', http.steward, { purpose })
  expect(made.status).toBe(201)
  const fields = Object.fromEntries(
    [...String(made.json.html).matchAll(/<input type="hidden" name="(\w+)" value="([^"]*)"/g)].map((match) => [
      match[1],
      match[2],
    ]),
  )
  const form = (accept: string) =>
    call('POST', '/consent/answer', undefined, new URLSearchParams({ ...fields, answer: 'no' }).toString(), {
      'content-type': 'application/x-www-form-urlencoded',
      accept,
    })
  expect((await form('application/json')).status).toBe(200)
  const second = await form('application/json')
  expect([second.status, second.json.code]).toEqual([401, 'access.link_wrong'])
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

/** Rows of answers, with what is computed from them, are noisy: one of them may be an exact value by chance. Nothing else is left out. */
function withoutNoisyValues(text: string): string {
  if (text.startsWith('area,')) return ''
  if (!text.startsWith('{')) return text
  return JSON.stringify(JSON.parse(text), (name, value) => {
    if (name === 'graded' || name === 'figures') return []
    if (name === 'receipt' && typeof value === 'string' && value.startsWith('{')) return withoutNoisyValues(value)
    return value?.columns && value.rows && value.notes ? { ...value, rows: [], released: [] } : value
  })
}
