import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import { root } from '../../scripts/ready.js'
import { rolesOf } from '../../src/house/permissions.ts'
import { buildApp } from '../../src/server/app.ts'
import { type ApiDocument, responseChecker } from '../suite/doors/openapi.ts'
import { openTestHouse } from '../suite/house.ts'

it('the served document is OpenAPI 3.1, and every operation says what it is for, what it answers and who may use it', async () => {
  const house = await openTestHouse()
  const app = await buildApp(house)
  try {
    const response = await app.inject('/openapi.json')
    expect(response.statusCode).toBe(200)
    const document = response.json()
    expect(document.openapi).toMatch(/^3\.1\./)
    expect(await new Validator().validate(document)).toMatchObject({ valid: true })
    const page = readFileSync(join(root, 'docs', 'http-api.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `([A-Z]+ [^`]+)` \| ([^|]+) \|/gm)]
    const listed = rows.map((match) => match[1])
    const operations = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(listed.sort()).toEqual(operations.sort())
    // "buyer (own), steward": whom the page names is who is let in.
    const who = { person: 'person', buyer: 'buyer', steward: 'steward', 'whoever is signed in': 'steward buyer person' }
    for (const [, operation = '', words = ''] of rows) {
      const route = operation.replace(/\{\*\}/g, '*').replace(/\{(\w+)\}/g, ':$1')
      const roles = rolesOf(app.accessOfRoutes.get(route) ?? 'public')
      const named = words.split(',').flatMap((one) => {
        const [, name = ''] = /^([^(]+?)( \(own\))?$/.exec(one.trim()) ?? []
        return name === 'everybody' ? ['public'] : (who[name as keyof typeof who] ?? '?').split(' ')
      })
      expect(named.sort(), operation).toEqual(roles === 'public' ? ['public'] : [...roles].sort())
    }
    for (const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(document.paths))
      for (const [method, operation] of Object.entries(methods)) {
        const said = `${method} ${path}`
        expect(operation.summary, said).toMatch(/\S/)
        const responses = operation.responses as Record<string, { content: Record<string, { schema: unknown }> }>
        for (const status of ['4XX', '5XX'])
          expect(responses[status]?.content, said).toEqual({
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          })
        for (const [status, { content = {} }] of Object.entries(responses))
          for (const { schema } of Object.values(content))
            if (status.startsWith('2')) expect(describesNothing(schema), `${said} ${status}`).toBe(false)
        const good = Object.keys(responses).filter((status) => status.startsWith('2'))
        expect(good.length, said).toBeGreaterThan(0)
      }
  } finally {
    await app.close()
    await house.close()
  }
})

/** An object of any members at all: what an answer may hold in a place, never what it is. */
const describesNothing = (schema: unknown): boolean => {
  const { type, properties } = schema as { readonly type?: string; readonly properties?: object }
  return type === 'object' && Object.keys(properties ?? {}).length === 0
}

it('a demo documents its two operations, whose answers are as documented; another house has neither', async () => {
  const house = await openTestHouse()
  const facts = {
    name: 'North Co-op',
    madeUp: 'Nobody exists.',
    now: '2026-12-01T09:00:00.000000Z',
    nextPeriodAt: '2027-01-01T00:00:00.000000Z',
    logins: [{ who: 'steward', login: 'steward@north.example', password: 'of the demo', portal: '/steward' }],
    members: [{ person: 'M00001', link: '/me/enter#upl_x', story: 'says yes' }],
  }
  const app = await buildApp(house, {
    demo: { shopper: 'M00002', facts: async () => facts, nextPeriod: async () => facts },
  })
  const plain = await buildApp(house)
  try {
    const { check, unseen } = responseChecker(app.swagger() as unknown as ApiDocument)
    for (const [method, path] of [
      ['GET', '/v1/demo'],
      ['POST', '/v1/demo/next-period'],
    ] as const) {
      const reply = await app.inject({ method, url: path, headers: { host: 'localhost' } })
      const type = String(reply.headers['content-type'])
      expect(check({ method, path, status: reply.statusCode, type, text: reply.body })).toEqual([])
      expect(reply.json()).toEqual(facts)
      const elsewhere = await app.inject({ method, url: path, headers: { host: 'shop.example' } })
      expect(elsewhere.json().code).toBe('access.not_permitted')
      expect((await plain.inject({ method, url: path })).statusCode).toBe(404)
    }
    expect(unseen().filter((operation) => operation.includes('/v1/demo'))).toEqual([])
  } finally {
    await app.close()
    await plain.close()
    await house.close()
  }
})
