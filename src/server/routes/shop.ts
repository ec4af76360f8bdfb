import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { sha256 } from '../../base/hash.ts'
import { products } from '../../demo/goods.ts'
import type { Demo } from '../../demo/served.ts'
import { createLink } from '../../house/access-sessions.ts'
import { cardFacts } from '../../house/card.ts'
import type { House } from '../../house/house.ts'
import { ownData } from '../../house/person-data.ts'
import { unwrap } from '../schema.ts'
import { type Line, shopHtml, shopPolicy } from '../shop/page.ts'
import { onlyHere } from './demo.ts'

const Query = Type.Object(
  { language: Type.Optional(Type.Union([Type.Literal('en'), Type.Literal('de')])) },
  { additionalProperties: false },
)

/**
 * The shop of the made-up world, for a made-up member: what a steward's own shop does with `POST /v1/persons/{person}/card`. It gives away that member's link, so
 * like all of the demo it answers on this machine only.
 */
export function shopRoutes(app: FastifyInstance, house: House, demo: Demo): void {
  app.get<{ Querystring: Static<typeof Query> }>(
    '/shop',
    { config: { access: 'public' }, schema: { hide: true, querystring: Query } },
    async (request, reply) => {
      onlyHere(request)
      const language = request.query.language ?? (/^de\b/i.test(request.headers['accept-language'] ?? '') ? 'de' : 'en')
      const facts = unwrap(await cardFacts(house, 'product-statistics', language))
      const { token } = unwrap(await createLink(house, demo.shopper))
      const fingerprint = fingerprintOf(house.logKey)
      const page = {
        language,
        member: demo.shopper,
        fingerprint,
        ...(await lastPurchase(house, demo.shopper)),
      } as const
      return reply
        .header('content-security-policy', shopPolicy)
        .header('referrer-policy', 'no-referrer')
        .type('text/html; charset=utf-8')
        .send(shopHtml({ ...page, card: { facts, token } }))
    },
  )

  const sheet = readFileSync(new URL('../shop/shop.css', import.meta.url))
  app.get('/shop/shop.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(sheet),
  )
}

/** The first 128 bits of the key's SHA-256, in groups of four. */
const fingerprintOf = (logKey: string): string =>
  (sha256(logKey).toString('hex').slice(0, 32).match(/.{4}/g) ?? []).join(' ')

/** The member's last receipt of some length, from the records that are held. */
async function lastPurchase(house: House, person: string): Promise<{ day: string | undefined; lines: Line[] }> {
  const { topics } = await ownData(house, person)
  const rows = topics.find((topic) => topic.table === 'basket_lines')?.rows ?? []
  const on = (day: string) => rows.filter((row) => row.bought_on === day)
  const days = [...new Set(rows.map((row) => String(row.bought_on)))].sort().reverse()
  const day = days.find((one) => on(one).length >= 4) ?? days[0]
  const lines = (day === undefined ? [] : on(day)).map((row) => ({
    name: products.find((one) => one.id === row.product_id)?.name ?? String(row.product_id),
    quantity: String(row.quantity),
    cents: Math.round(Number(row.spend_eur) * 100),
  }))
  return { day, lines }
}
