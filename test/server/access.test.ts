import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { answer } from '../../src/release/answer.ts'
import { quote } from '../../src/release/quote.ts'
import { tilePath } from '../../src/tlog/tile.ts'
import { type HttpDoor, httpDoor } from '../suite/doors/doors.ts'
import { everything } from '../suite/doors/everything.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { makeSmallWorld, purpose, sql } from '../suite/small-world.ts'
import { matrix, type Row } from './access.ts'

let house: TestHouse
let http: HttpDoor
let rows: Readonly<Record<string, Row>>

beforeAll(async () => {
  house = await openTestHouse()
  http = await httpDoor(house)
  await makeSmallWorld(house, 12)
  const question = (buyer: string) => ({ buyer, product: 'visits', purpose, sql, wish: undefined })
  const of = async (buyer: string) => ({
    quote: expectAccepted(await quote(question(buyer), house.world)).id,
    release: expectAccepted(await answer(question(buyer), {}, house.world)).release,
  })
  const [own, foreign] = [await of('alpha'), await of('beta')]
  const size = Number((await house.world.books.newestCheckpoint())?.size)
  rows = matrix({
    ...own,
    foreignQuote: foreign.quote,
    foreignRelease: foreign.release,
    key: 'nothing',
    tile: tilePath({ level: 'entries', index: 0n, width: size }),
  })
  for (const [role, subject] of [
    ['buyer', 'alpha'],
    ['person', 'p0000'],
  ] as const)
    await http.keyOf(role, subject)
})
afterAll(async () => {
  await http.close()
  await house.close()
})

const callers = async () => ({
  none: undefined,
  wrong: 'ubk_wrong',
  malformed: 'é',
  person: await http.keyOf('person', 'p0000'),
  buyer: await http.keyOf('buyer', 'alpha'),
  steward: http.steward,
})

it('has a row for every operation of the document, and no other', async () => {
  const document = JSON.parse((await http.send('GET', '/openapi.json').catch(() => raw('/openapi.json'))).text)
  const operations = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method} ${path}`),
  )
  expect(Object.keys(rows).sort()).toEqual(operations.sort())
})

it('lets in whom the row names, says 401 or 403 to everybody else, and nobody changes anything', async () => {
  for (const [operation, row] of Object.entries(rows))
    for (const [caller, key] of Object.entries(await callers())) {
      const method = (operation.split(' ')[0] as string).toUpperCase()
      const before = await everything(house)
      const headers = { authorization: key === undefined ? '' : `Bearer ${encodeURI(key)}` }
      const { status, text } = await http.send(method, row.path, { body: row.body, headers })
      const said = `${operation} by ${caller}: ${status} ${text.slice(0, 200)}`
      const known = caller === 'person' || caller === 'buyer' || caller === 'steward'
      if (row.access === 'public') expect(status, said).toBe(200)
      else if (!known) expect(status, said).toBe(401)
      else if (!row.access.includes(caller)) expect(status, said).toBe(403)
      else expect([401, 403, 405, 500], said).not.toContain(status)
      expect(await everything(house), said).toEqual(before)
    }
})

it('hides what is somebody else’s exactly like what does not exist', async () => {
  const { buyer, steward } = await callers()
  for (const [operation, row] of Object.entries(rows).filter(([, one]) => one.foreign)) {
    const foreign = row.foreign as { path: string }
    const nothing = foreign.path.replace(/(rel|quo)_[a-z0-9]+/, '$1_nothing')
    const [theirs, none] = [
      await http.send('GET', foreign.path, { key: buyer }),
      await http.send('GET', nothing, { key: buyer }),
    ]
    expect(theirs.status, operation).toBe(404)
    const shape = (text: string) => ({ ...JSON.parse(text), instance: '', detail: '' })
    expect(shape(theirs.text)).toEqual(shape(none.text))
    expect((await http.send('GET', row.path, { key: buyer })).status).toBe(200)
    expect((await http.send('GET', foreign.path, { key: steward })).status).toBe(200)
  }
})

it('a buyer’s list, a person’s pages and a balance hold nothing of anybody else', async () => {
  const { buyer, person } = await callers()
  const list = await http.send('GET', '/v1/releases', { key: buyer })
  expect(JSON.parse(list.text).releases).toHaveLength(1)
  const mine = JSON.parse((await http.send('GET', '/v1/me/statement', { key: person })).text)
  expect(mine.person).toBe('p0000')
  expect(JSON.parse((await http.send('GET', '/v1/balance', { key: buyer })).text).id).toBe('alpha')
})

it('a revoked key opens nothing', async () => {
  const made = JSON.parse(
    (await http.send('POST', '/v1/keys', { key: http.steward, body: { role: 'buyer', subject: 'beta' } })).text,
  )
  expect((await http.send('GET', '/v1/balance', { key: made.secret })).status).toBe(200)
  expect((await http.send('DELETE', `/v1/keys/${made.id}`, { key: http.steward })).status).toBe(200)
  const after = await http.send('GET', '/v1/balance', { key: made.secret })
  expect([after.status, JSON.parse(after.text).code]).toEqual([401, 'access.key_wrong'])
  expect((await http.send('GET', '/v1/keys', { key: http.steward })).text).not.toContain('_secret')
})

const raw = async (path: string) => ({ text: await (await fetch(`${http.url}${path}`)).text() })
