import type { FastifyInstance } from 'fastify'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createLogin } from '../../src/house/access-logins.ts'
import { createLink } from '../../src/house/access-sessions.ts'
import { buildApp } from '../../src/server/app.ts'
import { adult, loadEntry, pagesOf } from '../store/book-world.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'

export const passwords = { ada: 'four words of staff', bo: 'four words of alpha' } as const
/** What a browser sends with a request of our own page. */
export const ours = {
  host: 'localhost:8080',
  origin: 'http://localhost:8080',
  'sec-fetch-site': 'same-origin',
} as const

export interface Portal {
  readonly house: TestHouse
  readonly app: FastifyInstance
  close(): Promise<void>
}

/** A house with two persons, two buyers, staff "ada" and "bo" of buyer alpha, behind its HTTP door. */
export async function openPortal(): Promise<Portal> {
  const house = await openTestHouse()
  const { books, clock } = house.world
  await books.recordLoad(
    loadEntry('load', clock.now()),
    pagesOf([adult('p1'), adult('p2')]),
    clock.now(),
    new Uint8Array(),
  )
  for (const id of ['alpha', 'beta']) expectAccepted(await books.addBuyer({ id, name: `The ${id}` }, clock.now()))
  expectAccepted(await createLogin(house, { login: 'ada', role: 'steward', subject: 'steward' }, passwords.ada))
  expectAccepted(await createLogin(house, { login: 'bo', role: 'buyer', subject: 'alpha' }, passwords.bo))
  const app = await buildApp(house)
  return {
    house,
    app,
    close: async () => {
      await app.close()
      await house.close()
    },
  }
}

export type Headers = Readonly<Record<string, string | undefined>>

/** One request; what is undefined among the headers is not sent. */
export async function ask(
  app: FastifyInstance,
  method: string,
  url: string,
  headers: Headers = {},
  payload?: object | string,
) {
  const sent = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined))
  return app.inject({
    method: method as 'GET',
    url,
    headers: sent as Record<string, string>,
    ...(payload === undefined ? {} : { payload }),
  })
}

export const signIn = (app: FastifyInstance, login: string, password: string, headers: Headers = {}) =>
  ask(app, 'POST', '/v1/session', { ...ours, ...headers }, { login, password })

export const enter = (app: FastifyInstance, token: string, headers: Headers = {}) =>
  ask(app, 'POST', '/v1/session/link', { ...ours, ...headers }, { token })

/** The cookie of an answer, as the browser sends it back. */
export function cookieIn(answer: { readonly headers: Readonly<Record<string, unknown>> }): string {
  const cookie = /^usufruct_session=[^;]+/.exec(String(answer.headers['set-cookie']))?.[0]
  if (cookie === undefined) throw new Error('no cookie was set')
  return cookie
}

/** Signed in: the headers of a request of our own page with the session's cookie. */
export async function as(portal: Portal, who: 'ada' | 'bo' | 'p1' | 'p2'): Promise<Headers> {
  const { app, house } = portal
  const answer =
    who === 'ada' || who === 'bo'
      ? await signIn(app, who, passwords[who])
      : await enter(app, expectAccepted(await createLink(house, who)).token)
  return { ...ours, cookie: cookieIn(answer) }
}

export const codeIn = (answer: { readonly payload: string }): unknown => JSON.parse(answer.payload).code
