import { expectAccepted } from '../../src/base/refusal.ts'
import { createKey } from '../../src/house/access.ts'
import { buildApp } from '../../src/server/app.ts'
import type { TestHouse } from './house.ts'

export interface Reply {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, unknown>>
  /** The body as JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: a test reads what came, and fails where it is something else
  readonly json: any
}
export type Ask = (method: 'GET' | 'PUT' | 'POST' | 'DELETE', url: string, payload?: object) => Promise<Reply>

/** The API of a house without a socket; `as` gives somebody's requests with a key of their own. */
export async function openDoors(house: TestHouse) {
  const app = await buildApp(house)
  const ask =
    (key?: string): Ask =>
    async (method, url, payload) => {
      const reply = await app.inject({
        method,
        url,
        ...(payload === undefined ? {} : { payload }),
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
      })
      const json = () => {
        try {
          return JSON.parse(reply.payload)
        } catch {
          return undefined
        }
      }
      return { status: reply.statusCode, text: reply.payload, headers: reply.headers, json: json() }
    }
  return {
    anybody: ask(),
    as: async (role: 'steward' | 'buyer' | 'person', subject: string): Promise<Ask> =>
      ask(expectAccepted(await createKey(house, role, subject, 'test')).secret),
    openapi: () => app.swagger(),
    close: () => app.close(),
  }
}
