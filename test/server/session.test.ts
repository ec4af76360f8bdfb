import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createKey } from '../../src/house/access.ts'
import { createLogin, disableLogin } from '../../src/house/access-logins.ts'
import { createLink, lifetimes } from '../../src/house/access-sessions.ts'
import { as, ask, codeIn, cookieIn, enter, openPortal, ours, type Portal, passwords, signIn } from './browser.ts'

const minute = 60_000_000n
let portal: Portal
beforeAll(async () => {
  portal = await openPortal()
})
afterAll(() => portal.close())
/** Sessions, links and tries of the test before are over. */
beforeEach(() => portal.house.advance(31n * 24n * 60n * minute))

const sessions = async () => portal.house.access.sessions(portal.house.sessionClock.now())

describe('signing in with a password', () => {
  it('begins a session in a cookie that no script reads and no other site sends', async () => {
    const answer = await signIn(portal.app, ' Ada ', passwords.ada)
    expect(answer.statusCode).toBe(201)
    expect(answer.headers['set-cookie']).toMatch(
      /^usufruct_session=uss_[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    )
    expect(answer.json()).toMatchObject({ role: 'steward', subject: 'steward', name: 'ada', via: 'session' })
    const who = await ask(portal.app, 'GET', '/v1/session', { ...ours, cookie: cookieIn(answer) })
    expect(who.json()).toEqual(answer.json())
    expect((await ask(portal.app, 'GET', '/v1/session', await as(portal, 'bo'))).json()).toMatchObject({
      role: 'buyer',
      subject: 'alpha',
      name: 'The alpha',
    })
  })

  it('marks the cookie Secure under every name but that of this machine', async () => {
    for (const host of ['data.example', 'localhost.example', '127.0.0.1.example:8080', '10.0.0.1']) {
      const answer = await signIn(portal.app, 'ada', passwords.ada, { host, origin: `https://${host}` })
      expect(answer.headers['set-cookie'], host).toMatch(/; Secure$/)
    }
    for (const host of ['127.0.0.1:9', '[::1]:9', 'localhost']) {
      const answer = await signIn(portal.app, 'ada', passwords.ada, { host, origin: `http://${host}` })
      expect(answer.headers['set-cookie'], host).not.toMatch(/Secure/)
    }
  })

  it('answers a wrong password, an unknown, a malformed and a disabled login with the same words', async () => {
    expectAccepted(
      await createLogin(portal.house, { login: 'cleo', role: 'steward', subject: 'steward' }, 'long enough it is'),
    )
    expectAccepted(await disableLogin(portal.house, 'cleo'))
    const answers = [
      await signIn(portal.app, 'ada', 'not the password'),
      await signIn(portal.app, 'nobody', 'not the password'),
      await signIn(portal.app, 'no body!', 'not the password'),
      await signIn(portal.app, 'cleo', 'long enough it is'),
    ]
    const shown = answers.map((answer) => {
      const { instance, ...problem } = answer.json()
      const { 'request-id': _, date: _d, ...headers } = answer.headers
      expect(instance).toBeTypeOf('string')
      return { problem, headers }
    })
    expect(shown[0]?.problem).toMatchObject({ status: 401, code: 'access.sign_in_failed' })
    expect(shown[0]?.headers).not.toHaveProperty('set-cookie')
    for (const one of shown) expect(one).toEqual(shown[0])
  })

  it('never takes over a secret that the browser brought, and ends the session that it had', async () => {
    const planted = `usufruct_session=uss_${'A'.repeat(43)}`
    const first = await signIn(portal.app, 'ada', passwords.ada, { cookie: planted })
    expect(cookieIn(first)).not.toBe(planted)
    expect((await ask(portal.app, 'GET', '/v1/session', { cookie: planted })).statusCode).toBe(401)
    const second = await signIn(portal.app, 'bo', passwords.bo, { cookie: cookieIn(first) })
    expect(cookieIn(second)).not.toBe(cookieIn(first))
    const before = await ask(portal.app, 'GET', '/v1/session', { cookie: cookieIn(first) })
    expect(codeIn(before)).toBe('access.session_ended')
    expect((await sessions()).map((one) => one.login)).toEqual(['bo'])
  })
})

describe('a session', () => {
  it('is refused without a cookie, with a foreign one and with two', async () => {
    const { cookie } = await as(portal, 'ada')
    const look = (headers: Record<string, string>) => ask(portal.app, 'GET', '/v1/buyers', headers)
    expect(codeIn(await look({}))).toBe('access.key_missing')
    expect(codeIn(await look({ cookie: 'usufruct_session=uss_x' }))).toBe('access.session_ended')
    expect(codeIn(await look({ cookie: `usufruct_session=${'u'.repeat(5000)}` }))).toBe('access.session_ended')
    expect(codeIn(await look({ cookie: `${cookie}; usufruct_session=uss_x` }))).toBe('access.key_missing')
    expect((await look({ cookie: `other=1; ${cookie}; more=2` })).statusCode).toBe(200)
  })

  it('is put aside by a key: the header counts alone', async () => {
    const { cookie } = await as(portal, 'ada')
    const wrong = await ask(portal.app, 'GET', '/v1/buyers', { cookie, authorization: 'Bearer usk_wrong' })
    expect(codeIn(wrong)).toBe('access.key_wrong')
    expect(codeIn(await ask(portal.app, 'GET', '/v1/buyers', { cookie, authorization: 'Basic eDp5' }))).toBe(
      'access.key_missing',
    )
  })

  it('ends when it is signed out, for good', async () => {
    const headers = await as(portal, 'ada')
    const out = await ask(portal.app, 'DELETE', '/v1/session', headers)
    expect(out.statusCode).toBe(200)
    expect(out.headers['set-cookie']).toBe('usufruct_session=; Max-Age=0; Path=/; HttpOnly; SameSite=Strict')
    expect(codeIn(await ask(portal.app, 'GET', '/v1/session', headers))).toBe('access.session_ended')
  })

  it.each(['ada', 'bo', 'p1'] as const)(
    'of %s ends when it is idle too long, and in any case at its end',
    async (who) => {
      const role = ({ ada: 'steward', bo: 'buyer', p1: 'person' } as const)[who]
      const { idle, most } = lifetimes[role]
      const look = async (headers: object) => (await ask(portal.app, 'GET', '/v1/session', headers as never)).statusCode
      const left = await as(portal, who)
      portal.house.advance(idle)
      expect(await look(left)).toBe(401)
      const used = await as(portal, who)
      const step = (idle * 9n) / 10n
      for (let passed = 0n; passed + step < most; passed += step) {
        expect(await look(used)).toBe(200)
        portal.house.advance(step)
      }
      portal.house.advance((most % step) + minute)
      expect(await look(used)).toBe(401)
    },
  )

  it('of a disabled login is over at once, everywhere', async () => {
    const one = await as(portal, 'ada')
    const two = await as(portal, 'ada')
    const other = await as(portal, 'bo')
    expectAccepted(await disableLogin(portal.house, 'ada'))
    for (const headers of [one, two])
      expect(codeIn(await ask(portal.app, 'GET', '/v1/buyers', headers))).toBe('access.session_ended')
    expect((await ask(portal.app, 'GET', '/v1/balance', other)).statusCode).toBe(200)
    expectAccepted(
      await createLogin(portal.house, { login: 'ada', role: 'steward', subject: 'steward' }, passwords.ada),
    )
    expect((await ask(portal.app, 'GET', '/v1/buyers', one)).statusCode).toBe(401)
  })

  it('is listed and ended by its owner alone', async () => {
    const here = await as(portal, 'p1')
    const there = await as(portal, 'p1')
    const stranger = await as(portal, 'p2')
    const listed = (await ask(portal.app, 'GET', '/v1/sessions', here)).json().sessions as Record<string, unknown>[]
    expect(listed.map((one) => [one.subject, one.current])).toEqual([
      ['p1', false],
      ['p1', true],
    ])
    const elsewhere = listed.find((one) => !one.current)?.id
    expect(codeIn(await ask(portal.app, 'DELETE', `/v1/sessions/${elsewhere}`, stranger))).toBe('session.unknown')
    expect((await ask(portal.app, 'GET', '/v1/session', there)).statusCode).toBe(200)
    expect((await ask(portal.app, 'DELETE', `/v1/sessions/${elsewhere}`, here)).statusCode).toBe(200)
    expect((await ask(portal.app, 'GET', '/v1/session', there)).statusCode).toBe(401)
    expect((await ask(portal.app, 'GET', '/v1/session', here)).statusCode).toBe(200)
  })

  it('is not what a key has', async () => {
    const { secret } = expectAccepted(await createKey(portal.house, 'buyer', 'alpha', ''))
    const key = { authorization: `Bearer ${secret}` }
    expect((await ask(portal.app, 'GET', '/v1/session', key)).json()).toEqual({
      role: 'buyer',
      subject: 'alpha',
      name: 'The alpha',
      via: 'key',
    })
    for (const [method, url] of [
      ['DELETE', '/v1/session'],
      ['GET', '/v1/sessions'],
    ] as const)
      expect(codeIn(await ask(portal.app, method, url, key))).toBe('access.not_permitted')
  })
})

describe('a one-time link', () => {
  const linkFor = async (person: string) => expectAccepted(await createLink(portal.house, person)).token

  it('tells whom it would sign in, then signs in once', async () => {
    const token = await linkFor('p1')
    const look = await ask(portal.app, 'POST', '/v1/session/link/preview', ours, { token })
    expect(look.json()).toMatchObject({ person: 'p1' })
    expect(look.headers).not.toHaveProperty('set-cookie')
    const answer = await enter(portal.app, token)
    expect(answer.statusCode).toBe(201)
    expect(answer.json()).toMatchObject({ role: 'person', subject: 'p1' })
    expect(codeIn(await enter(portal.app, token))).toBe('access.link_wrong')
    expect(codeIn(await ask(portal.app, 'POST', '/v1/session/link/preview', ours, { token }))).toBe('access.link_wrong')
    expect(codeIn(await enter(portal.app, 'upl_guess'))).toBe('access.link_wrong')
  })

  it('is used up by no GET or HEAD, whoever sends it', async () => {
    const token = await linkFor('p1')
    for (const method of ['GET', 'HEAD'])
      for (const url of [
        `/me/enter?token=${token}`,
        `/v1/session/link?token=${token}`,
        `/v1/session/link/${token}`,
        '/v1/session/link/preview',
      ])
        expect((await ask(portal.app, method, url, ours)).headers).not.toHaveProperty('set-cookie')
    expect(await sessions()).toEqual([])
    expect((await enter(portal.app, token)).statusCode).toBe(201)
  })

  it('lets one of twenty tries at once in', async () => {
    const token = await linkFor('p1')
    const answers = await Promise.all(Array.from({ length: 20 }, () => enter(portal.app, token)))
    expect(answers.map((answer) => answer.statusCode).sort()).toEqual([201, ...Array(19).fill(401)])
    expect(await sessions()).toHaveLength(1)
  })

  it('is over after a day', async () => {
    const token = await linkFor('p1')
    portal.house.advance(24n * 60n * minute)
    expect(codeIn(await enter(portal.app, token))).toBe('access.link_wrong')
  })

  it('is made by the steward, for persons who exist', async () => {
    const steward = await as(portal, 'ada')
    const made = await ask(portal.app, 'POST', '/v1/persons/p2/link', steward)
    expect(made.statusCode).toBe(201)
    expect(made.json().path).toBe(`/me/enter#${made.json().token}`)
    expect((await enter(portal.app, made.json().token)).json()).toMatchObject({ subject: 'p2' })
    expect(codeIn(await ask(portal.app, 'POST', '/v1/persons/p9/link', steward))).toBe('person.unknown')
  })
})

let buyers = 0
const newBuyer = () => ({ id: `buyer-${++buyers}`, name: `Buyer ${buyers}` })

describe('a request from another site', () => {
  const strange = {
    'no word of where it comes from': { origin: undefined, 'sec-fetch-site': undefined },
    'another origin': { origin: 'https://evil.example', 'sec-fetch-site': undefined },
    'another origin that claims to be ours': { origin: 'https://evil.example' },
    'another port': { origin: 'http://localhost:9090', 'sec-fetch-site': undefined },
    'another scheme': { origin: 'https://localhost:8080', 'sec-fetch-site': undefined },
    'an origin without a name': { origin: 'null', 'sec-fetch-site': undefined },
    'plain http to a name that is not this machine': { host: 'data.example', origin: 'http://data.example' },
    'a sibling site': { 'sec-fetch-site': 'same-site' },
    'a cross-site fetch': { 'sec-fetch-site': 'cross-site', origin: undefined },
    'a navigation typed by hand': { 'sec-fetch-site': 'none', origin: undefined },
    'a form': { 'content-type': 'application/x-www-form-urlencoded' },
    'a form as plain text': { 'content-type': 'text/plain' },
  }

  it.each(Object.entries(strange))('changes nothing with a session: %s', async (_, headers) => {
    const person = { ...(await as(portal, 'p1')), ...headers }
    const steward = { ...(await as(portal, 'ada')), ...headers }
    const { books } = portal.house.world
    const before = await books.sequence()
    const json = 'content-type' in headers ? {} : { 'content-type': 'application/json' }
    const tries = [
      await ask(portal.app, 'PUT', '/v1/me/choices/x', { ...json, ...person }, '{"choice":"yes"}'),
      await ask(portal.app, 'POST', '/v1/buyers', { ...json, ...steward }, '{"id":"gamma","name":"Gamma"}'),
      await ask(portal.app, 'DELETE', '/v1/session', steward),
    ]
    for (const answer of tries) expect([answer.statusCode, codeIn(answer)]).toEqual([403, 'access.cross_site'])
    expect(await books.sequence()).toBe(before)
    expect(await sessions()).toHaveLength(2)
  })

  it.each(Object.entries(strange))('signs nobody in: %s', async (_, headers) => {
    const { token } = expectAccepted(await createLink(portal.house, 'p1'))
    const json = { 'content-type': 'application/json', ...ours, ...headers }
    for (const [url, payload] of [
      ['/v1/session', { login: 'ada', password: passwords.ada }],
      ['/v1/session/link', { token }],
      ['/v1/session/link/preview', { token }],
    ] as const) {
      const answer = await ask(portal.app, 'POST', url, json, JSON.stringify(payload))
      expect([answer.statusCode, codeIn(answer)]).toEqual([403, 'access.cross_site'])
    }
    expect((await enter(portal.app, token)).statusCode).toBe(201)
  })

  it.each([
    ['Origin alone', { 'sec-fetch-site': undefined }],
    ['Sec-Fetch-Site alone', { origin: undefined }],
    ['both, over TLS', { host: 'data.example', origin: 'https://data.example' }],
    ['both, with a port', { host: 'data.example:8443', origin: 'https://data.example:8443' }],
  ])('is told from one of ours by %s', async (_, headers) => {
    const steward = { ...(await as(portal, 'ada')), ...headers }
    const answer = await ask(portal.app, 'POST', '/v1/buyers', steward, newBuyer())
    expect(answer.statusCode).toBe(201)
  })

  it('is no matter for a key, which no other site can send', async () => {
    const { secret } = expectAccepted(await createKey(portal.house, 'steward', 'steward', ''))
    const key = { authorization: `Bearer ${secret}`, origin: 'https://tool.example', 'sec-fetch-site': 'cross-site' }
    expect((await ask(portal.app, 'POST', '/v1/buyers', key, newBuyer())).statusCode).toBe(201)
  })
})
