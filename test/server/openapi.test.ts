import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, it } from 'vitest'
import { root } from '../../scripts/ready.js'
import { buildApp } from '../../src/server/app.ts'
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
    const listed = [...page.matchAll(/^\| `([A-Z]+ [^`]+)` \|/gm)].map((match) => match[1])
    const operations = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    )
    expect(listed.sort()).toEqual(operations.sort())
    for (const [path, methods] of Object.entries<Record<string, Record<string, unknown>>>(document.paths))
      for (const [method, operation] of Object.entries(methods)) {
        const said = `${method} ${path}`
        expect(operation.summary, said).toMatch(/\S/)
        const responses = operation.responses as Record<string, { content: Record<string, { schema: unknown }> }>
        for (const status of ['4XX', '5XX'])
          expect(responses[status]?.content, said).toEqual({
            'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
          })
        const good = Object.keys(responses).filter((status) => status.startsWith('2'))
        expect(good.length, said).toBeGreaterThan(0)
      }
  } finally {
    await app.close()
    await house.close()
  }
})
