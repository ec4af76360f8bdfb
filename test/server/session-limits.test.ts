import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createKey } from '../../src/house/access.ts'
import { createLink } from '../../src/house/access-sessions.ts'
import { isAccess, permissions, rolesOf } from '../../src/house/permissions.ts'
import { as, ask, codeIn, cookieIn, enter, openPortal, ours, type Portal, passwords, signIn } from './browser.ts'

const minute = 60_000_000n
let portal: Portal
beforeAll(async () => {
  portal = await openPortal()
})
afterAll(() => portal.close())
/** Sessions, links and tries of the test before are over. */
beforeEach(() => portal.house.advance(31n * 24n * 60n * minute))

describe('too many tries', () => {
  it('at one login end with 429 and Retry-After, whether or not anybody has it', async () => {
    for (const login of ['ada', 'nobody']) {
      const tries = await Promise.all(Array.from({ length: 12 }, () => signIn(portal.app, login, 'not the password')))
      expect(tries.map((answer) => answer.statusCode)).toEqual([...Array(10).fill(401), 429, 429])
      const last = tries.at(-1)
      expect(codeIn(last as never)).toBe('access.too_many_tries')
      expect(Number(last?.headers['retry-after'])).toBeGreaterThan(890)
      expect(Number(last?.headers['retry-after'])).toBeLessThanOrEqual(900)
    }
    expect((await signIn(portal.app, 'ADA', passwords.ada)).statusCode).toBe(429)
    expect((await signIn(portal.app, 'bo', passwords.bo)).statusCode).toBe(201)
    portal.house.advance(15n * minute)
    expect((await signIn(portal.app, 'ada', passwords.ada)).statusCode).toBe(201)
  })

  it('at one login are forgotten when its owner signs in', async () => {
    for (let round = 0; round < 3; round++) {
      for (let slip = 0; slip < 9; slip++)
        expect((await signIn(portal.app, 'ada', 'not the password')).statusCode).toBe(401)
      expect((await signIn(portal.app, 'ada', passwords.ada)).statusCode).toBe(201)
    }
  })

  it('from one address end with 429, at however many logins and links', async () => {
    const { token } = expectAccepted(await createLink(portal.house, 'p1'))
    const guesses = Array.from({ length: 40 }, (_, nth) =>
      nth % 2 === 0 ? enter(portal.app, `upl_${nth}`) : enter(portal.app, 'upl_same'),
    )
    for (const answer of await Promise.all(guesses)) expect(answer.statusCode).toBe(401)
    for (const answer of [await enter(portal.app, token), await signIn(portal.app, 'ada', passwords.ada)]) {
      expect(answer.statusCode).toBe(429)
      expect(answer.headers['retry-after']).toMatch(/^\d+$/)
    }
    portal.house.advance(15n * minute)
    expect((await enter(portal.app, token)).statusCode).toBe(201)
  })

  it('are counted by the address that a proxy on this machine names, and no other', async () => {
    const guess = (from: string, remoteAddress: string) =>
      portal.app.inject({
        method: 'POST',
        url: '/v1/session/link',
        headers: { ...ours, 'x-forwarded-for': from },
        payload: { token: 'upl_x' },
        remoteAddress,
      })
    for (let nth = 0; nth < 40; nth++) {
      await guess('1.2.3.4, 203.0.113.5', '127.0.0.1')
      await guess(`203.0.113.${nth}`, '198.51.100.7')
    }
    expect((await guess('9.9.9.9, 203.0.113.5', '127.0.0.1')).statusCode).toBe(429)
    expect((await guess('203.0.113.6', '127.0.0.1')).statusCode).toBe(401)
    expect((await guess('203.0.113.6', '198.51.100.7')).statusCode).toBe(429)
  })
})

describe('secrets', () => {
  it('are answered once and kept nowhere: not in later answers, the books, or reports of incidents', async () => {
    const link = expectAccepted(await createLink(portal.house, 'p1'))
    const entered = await enter(portal.app, link.token)
    const signed = await signIn(portal.app, 'ada', passwords.ada)
    const secrets = [link.token, cookieIn(entered), cookieIn(signed), passwords.ada].map((one) =>
      one.replace(/^.*=/, ''),
    )
    expect(entered.payload + signed.payload).not.toMatch(/uss_|upl_/)
    const later = [
      await ask(portal.app, 'GET', '/v1/session', { cookie: cookieIn(entered) }),
      await ask(portal.app, 'GET', '/v1/sessions', { cookie: cookieIn(signed) }),
      await enter(portal.app, link.token),
      await signIn(portal.app, 'ada', `${passwords.ada}!`),
      // Of the wrong form: the answer quotes what is wrong.
      await ask(portal.app, 'POST', '/v1/session', ours, { login: 'ada', password: passwords.ada, more: 1 }),
      await ask(portal.app, 'POST', '/v1/session/link', ours, { token: [link.token] }),
    ].map((answer) => answer.payload + JSON.stringify(answer.headers))
    // The database breaks: what is reported to the operator.
    const { openSession } = portal.house.access
    Object.assign(portal.house.access, { openSession: () => Promise.reject(new Error('gone')) })
    expect((await signIn(portal.app, 'ada', passwords.ada)).statusCode).toBe(500)
    Object.assign(portal.house.access, { openSession })
    const kept = [
      ...later,
      ...portal.house.incidents.map((one) => String((one as Error).stack)),
      JSON.stringify(await portal.house.access.sessions(0n), (_, value) =>
        typeof value === 'bigint' ? `${value}` : value,
      ),
      JSON.stringify(await portal.house.access.logins(), (_, value) =>
        typeof value === 'bigint' ? `${value}` : value,
      ),
    ]
    expect(portal.house.incidents).toHaveLength(1)
    for (const text of kept) for (const secret of secrets) expect(text).not.toContain(secret)
  })
})

describe('every route', () => {
  /** Each route with its parameters filled in, and the roles that the table of permissions lets in. */
  const routes = () =>
    [...portal.app.accessOfRoutes].map(([route, access]) => {
      const [method = '', url = ''] = route.split(' ')
      return { route, method, url: url.replace(/:\w+/g, 'x').replace('*', 'x'), roles: rolesOf(access) }
    })

  it.each([
    ['p1', 'person'],
    ['bo', 'buyer'],
    ['ada', 'steward'],
  ] as const)('lets %s in, signed in or with a key, where the table says %s and nowhere else', async (who, role) => {
    const subject = { person: 'p1', buyer: 'alpha', steward: 'steward' }[role]
    const key = { authorization: `Bearer ${expectAccepted(await createKey(portal.house, role, subject, '')).secret}` }
    let session = await as(portal, who)
    let refused = 0
    for (const { route, method, url, roles } of routes()) {
      if (roles === 'public') continue
      for (const headers of [key, session]) {
        const answer = await ask(portal.app, method, url, headers)
        const code = method === 'HEAD' ? undefined : codeIn(answer)
        if (roles.includes(role)) {
          const keyWithoutSession = headers === key && /^\/v1\/sessions?(\/|$)/.test(url)
          if (!keyWithoutSession) expect([401, 403], `${who} ${route}`).not.toContain(answer.statusCode)
        } else {
          refused++
          expect([answer.statusCode, code], `${who} ${route}`).toEqual([
            403,
            method === 'HEAD' ? code : 'access.not_permitted',
          ])
        }
      }
      if (route === 'DELETE /v1/session') session = await as(portal, who)
    }
    expect(refused).toBeGreaterThan(10)
  })

  it('lets nobody in without key or session, unless it is public', async () => {
    for (const { route, method, url, roles } of routes())
      if (roles !== 'public') expect((await ask(portal.app, method, url, ours)).statusCode, route).toBe(401)
  })

  it('uses a permission of the table, and every permission is used', () => {
    const used = new Set(portal.app.accessOfRoutes.values())
    used.delete('public')
    expect([...used].sort()).toEqual(Object.keys(permissions).sort())
  })

  it('that does not say a permission of the table is not registered', () => {
    for (const access of ['everything', 'toString', ['steward'], undefined]) expect(isAccess(access)).toBe(false)
  })
})
