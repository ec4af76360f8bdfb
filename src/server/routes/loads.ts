import type { FastifyInstance } from 'fastify'
import type { House } from '../../house/house.ts'
import { loadsView } from '../../house/views/load.ts'
import { Loads } from '../documents/products.ts'
import { body, problems, secured } from '../schema.ts'

/** What was loaded, and what was set aside. */
export function loadRoutes(app: FastifyInstance, { world }: House): void {
  app.get(
    '/v1/loads',
    {
      config: { access: 'load.see' },
      schema: {
        summary: 'Loads of every product, with the rows set aside by reason',
        security: secured,
        response: { 200: Loads, ...problems },
      },
    },
    async () => body(await loadsView(world)),
  )
}
