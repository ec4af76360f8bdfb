import type { FastifyInstance } from 'fastify'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createKey } from '../../src/house/access.ts'
import { buildApp } from '../../src/server/app.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { makeSmallWorld } from '../suite/small-world.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export interface Reply {
  readonly status: number
  readonly text: string
  // biome-ignore lint/suspicious/noExplicitAny: a test looks at whatever came
  readonly json: any
  readonly headers: Readonly<Record<string, unknown>>
}
export interface Door {
  readonly house: TestHouse
  readonly app: FastifyInstance
  ask(who: 'steward' | 'alpha' | 'beta' | 'nobody', method: Method, url: string, payload?: object): Promise<Reply>
  close(): Promise<void>
}

/** A small house with people, two funded buyers and an open period, and its HTTP API. */
export async function openDoor(people: number, options: Parameters<typeof openTestHouse>[0] = {}): Promise<Door> {
  const house = await openTestHouse(options)
  await makeSmallWorld(house, people)
  const app = await buildApp(house)
  const keys = {
    steward: expectAccepted(await createKey(house, 'steward', 'steward', 'test')).secret,
    alpha: expectAccepted(await createKey(house, 'buyer', 'alpha', 'test')).secret,
    beta: expectAccepted(await createKey(house, 'buyer', 'beta', 'test')).secret,
    nobody: undefined,
  }
  return {
    house,
    app,
    async ask(who, method, url, payload) {
      const secret = keys[who]
      const reply = await app.inject({
        method,
        url,
        ...(payload ? { payload } : {}),
        headers: secret ? { authorization: `Bearer ${secret}` } : {},
      })
      const isJson = String(reply.headers['content-type']).includes('json')
      return {
        status: reply.statusCode,
        text: reply.body,
        json: isJson ? reply.json() : undefined,
        headers: reply.headers,
      }
    },
    async close() {
      await app.close()
      await house.close()
    },
  }
}
