import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createLogin } from '../../src/house/access-logins.ts'
import { openPasswordGate } from '../../src/house/access-passwords.ts'
import { createLink, enterByLink, signIn } from '../../src/house/access-sessions.ts'
import { type Role, rolesOf } from '../../src/house/permissions.ts'
import { answer } from '../../src/release/answer.ts'
import { quote } from '../../src/release/quote.ts'
import { buildApp } from '../../src/server/app.ts'
import { tilePath } from '../../src/tlog/tile.ts'
import { type HttpDoor, httpDoor, type Sending } from '../suite/doors/doors.ts'
import { everything } from '../suite/doors/everything.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { makeSmallWorld, purpose, sql } from '../suite/small-world.ts'
import { matrix, type Row } from './access.ts'

let house: TestHouse
let http: HttpDoor
let rows: Readonly<Record<string, Row>>
let callers: Readonly<Record<string, Caller>>
/** "get /v1/buyers" → who may. */
let allowed: Readonly<Record<string, 'public' | readonly Role[]>>
let documented: readonly string[]

interface Caller {
  readonly role?: Role
  readonly via?: 'key' | 'session'
  readonly headers: Readonly<Record<string, string>>
}

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
    act: 'yes-p0000',
    foreignAct: 'yes-p0001',
    tile: tilePath({ level: 'entries', index: 0n, width: size }),
  })
  callers = await everyCaller()
  const app = await buildApp(house)
  allowed = Object.fromEntries(
    [...app.accessOfRoutes].map(([route, access]) => [
      route
        .replace(/^[A-Z]+/, (method) => method.toLowerCase())
        .replace(/:(\w+)/g, '{$1}')
        .replace(/\*/, '{*}'),
      rolesOf(access),
    ]),
  )
  documented = Object.entries<object>((app.swagger() as { paths: Record<string, object> }).paths).flatMap(
    ([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`),
  )
  await app.close()
})
afterAll(async () => {
  await http.close()
  await house.close()
})

/** Nobody, two who only seem to be somebody, and everybody with a key and with a session. */
async function everyCaller(): Promise<Readonly<Record<string, Caller>>> {
  const keyed = (role: Role, key: string): Caller => ({ role, via: 'key', headers: { authorization: `Bearer ${key}` } })
  const password = 'a password of the matrix'
  const logins = { steward: 'steward', buyer: 'alpha' } as const
  const gate = openPasswordGate()
  const secretOf = async (role: Role) => {
    const browser = { agent: 'matrix', cookie: undefined }
    if (role === 'person') {
      const { token } = expectAccepted(await createLink(house, 'p0000'))
      return expectAccepted(await enterByLink(house, token, browser)).secret
    }
    expectAccepted(await createLogin(house, { login: role, role, subject: logins[role] }, password))
    return expectAccepted(await signIn(house, gate, { login: role, password }, browser)).secret
  }
  const signedIn = async (role: Role): Promise<Caller> => ({
    role,
    via: 'session',
    headers: { cookie: `usufruct_session=${await secretOf(role)}` },
  })
  return {
    nobody: { headers: {} },
    'a wrong key': { headers: { authorization: 'Bearer ubk_wrong' } },
    'a malformed key': { headers: { authorization: `Bearer ${encodeURI('é')}` } },
    'a wrong session': { headers: { cookie: `usufruct_session=uss_${'A'.repeat(43)}` } },
    'a person': keyed('person', await http.keyOf('person', 'p0000')),
    'a buyer': keyed('buyer', await http.keyOf('buyer', 'alpha')),
    'a steward': keyed('steward', http.steward),
    'a person, signed in': await signedIn('person'),
    'a buyer, signed in': await signedIn('buyer'),
    'a steward, signed in': await signedIn('steward'),
  }
}

const send = (operation: string, path: string, { headers }: Pick<Caller, 'headers'>, more: Sending = {}) =>
  http.send((operation.split(' ')[0] as string).toUpperCase(), path, {
    ...more,
    headers: { ...headers, origin: http.url, 'sec-fetch-site': 'same-origin', ...more.headers },
  })

it('has a row for every operation of the document, and no other', () => {
  expect(Object.keys(rows).sort()).toEqual([...documented].sort())
})

it('every route that is not in the document is a page, the document itself, or a method that is refused', async () => {
  const hidden = Object.keys(allowed).filter((route) => !/^(head|options) /.test(route) && !documented.includes(route))
  const pages =
    /^get \/(openapi\.json|icon\.svg|embed\/\{name\}|embed\/consent\.js|consent\/page\.css|assets\/\{name\}|((sign-in|me|buy|steward|verify)(\/\{\*\})?)?)$/
  for (const route of hidden) {
    expect(allowed[route], route).toBe('public')
    if (pages.test(route)) continue
    const path = (route.split(' ')[1] as string).replace(/\{[^}]+\}/g, 'x')
    expect((await send(route, path, { headers: {} })).status, route).toBe(405)
  }
  expect(hidden.length).toBeGreaterThan(100)
})

it('lets in whom the permissions name, says 401 or 403 to everybody else, and nobody changes anything', async () => {
  // Signing out comes last: it ends the session that asks.
  const inOrder = Object.entries(rows).sort(([a], [b]) => +(a === 'delete /v1/session') - +(b === 'delete /v1/session'))
  for (const [operation, row] of inOrder)
    for (const [name, caller] of Object.entries(callers)) {
      const roles = allowed[operation]
      const before = await everything(house)
      const { status, text } = await send(operation, row.path, caller, { body: row.body })
      const said = `${operation} by ${name}: ${status} ${text.slice(0, 200)}`
      const mine = row.sessionOnly === undefined || caller.via === 'session'
      if (roles === 'public') expect(status, said).toBe(row.status ?? 200)
      else if (caller.role === undefined) expect(status, said).toBe(401)
      else if (!roles?.includes(caller.role) || !mine) expect(status, said).toBe(403)
      else expect(status, said).toBe(row.status ?? 200)
      expect(await everything(house), said).toEqual(before)
    }
  for (const [name, caller] of Object.entries(callers).filter(([, one]) => one.via === 'session'))
    expect((await send('get', '/v1/session', caller)).status, name).toBe(401)
}, 90_000)

it('a session changes nothing when the request comes from elsewhere, and a key may', async () => {
  const bo = expectAccepted(
    await signIn(
      house,
      openPasswordGate(),
      { login: 'buyer', password: 'a password of the matrix' },
      { agent: '', cookie: undefined },
    ),
  )
  const session = { headers: { cookie: `usufruct_session=${bo.secret}` } }
  for (const [operation, row] of Object.entries(rows)) {
    const roles = allowed[operation]
    if (/^get /.test(operation) || roles === 'public' || !roles?.includes('buyer')) continue
    for (const headers of [{ origin: 'https://elsewhere.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      const { status, text } = await send(operation, row.path, session, { body: row.body, headers })
      expect([operation, status, JSON.parse(text).code]).toEqual([operation, 403, 'access.cross_site'])
    }
    const key = callers['a buyer'] as Caller
    const elsewhere = { body: row.body, headers: { origin: 'https://elsewhere.example' } }
    const code = JSON.parse((await send(operation, row.path, key, elsewhere)).text).code
    expect(code, operation).not.toBe('access.cross_site')
  }
})

it('hides what is somebody else’s exactly like what does not exist', async () => {
  for (const [operation, row] of Object.entries(rows).filter(([, one]) => one.foreign)) {
    const foreign = row.foreign as string
    const roles = allowed[operation] as readonly Role[]
    const caller = callers[roles.includes('person') ? 'a person' : 'a buyer'] as Caller
    const nothing = foreign.replace(/((rel|quo)_|yes-)[a-z0-9]+/, '$1nothing')
    const [theirs, none] = [await send(operation, foreign, caller), await send(operation, nothing, caller)]
    expect(theirs.status, operation).toBe(404)
    const shape = (text: string) => ({ ...JSON.parse(text), instance: '', detail: '' })
    expect(shape(theirs.text)).toEqual(shape(none.text))
    expect((await send(operation, row.path, caller)).status).toBe(row.status ?? 200)
    if (roles.includes('steward'))
      expect((await send(operation, foreign, callers['a steward'] as Caller)).status).toBe(200)
  }
})

it('a buyer’s list, a person’s pages and a balance hold nothing of anybody else', async () => {
  const [buyer, person] = [await http.keyOf('buyer', 'alpha'), await http.keyOf('person', 'p0000')]
  const list = await http.send('GET', '/v1/releases', { key: buyer })
  expect(JSON.parse(list.text).releases).toHaveLength(1)
  const mine = JSON.parse((await http.send('GET', '/v1/me/statement', { key: person })).text)
  expect(mine.person).toBe('p0000')
  expect(JSON.parse((await http.send('GET', '/v1/balance', { key: buyer })).text).id).toBe('alpha')
})

it('a cursor that is somebody else’s or nothing is refused in the same words', async () => {
  const buyer = await http.keyOf('buyer', 'alpha')
  const { foreign: path } = rows['get /v1/releases/{id}'] as Row
  const foreign = (path as string).split('/').at(-1)
  const asked = async (before: string, key: string) => http.send('GET', `/v1/releases?before=${before}`, { key })
  for (const cursor of [foreign as string, 'rel_nothing']) {
    const { status, text } = await asked(cursor, buyer)
    expect([status, JSON.parse(text).code]).toEqual([404, 'release.unknown'])
  }
  expect((await asked(foreign as string, http.steward)).status).toBe(200)
  for (const limit of ['0', '-1', '1000', '1.5', ''])
    expect((await http.send('GET', `/v1/releases?limit=${limit}`, { key: buyer })).status, limit).toBe(400)
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
