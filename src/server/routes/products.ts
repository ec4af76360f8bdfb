import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refusals, refuse } from '../../base/refusal.ts'
import { findProduct } from '../../house/find.ts'
import type { House } from '../../house/house.ts'
import { productPage } from '../../house/views/product.ts'
import { ProblemCode, Product, Products } from '../documents/products.ts'
import { body, Id, problems, unwrap } from '../schema.ts'

/** What is offered: the contracts in words. Public, like everything in it. */
export function productRoutes(app: FastifyInstance, { world }: House): void {
  const open = { config: { access: 'public' as const } }

  app.get(
    '/v1/products',
    {
      ...open,
      schema: {
        summary: 'Every data product',
        response: { 200: Products, ...problems },
      },
    },
    async () => {
      const products = []
      for (const entry of await world.books.contracts()) products.push(await productPage(world, entry))
      return body({ products })
    },
  )

  app.get<{ Params: { product: string } }>(
    '/v1/products/:product',
    {
      ...open,
      schema: {
        summary: 'One data product',
        params: Type.Object({ product: Id }),
        response: { 200: Product, ...problems },
      },
    },
    async (request) => body(await productPage(world, unwrap(await findProduct(request.params.product, world)))),
  )

  app.get<{ Params: { code: string } }>(
    '/problems/:code',
    {
      ...open,
      schema: {
        summary: 'What a problem code means',
        params: Type.Object({ code: Id }),
        response: {
          200: ProblemCode,
          ...problems,
        },
      },
    },
    async (request) => {
      const { code } = request.params
      const meaning = Object.hasOwn(refusals, code) ? refusals[code as keyof typeof refusals] : undefined
      if (!meaning) throw new Refused(refuse('request.not_found', 'there is no such problem code').refusal)
      return { code, status: meaning[0], meaning: meaning[1] }
    },
  )
}
