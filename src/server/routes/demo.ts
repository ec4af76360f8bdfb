import type { FastifyInstance, FastifyRequest } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import type { Demo as DemoWorld } from '../../demo/served.ts'
import { isLoopback, onlyFromOurPages } from '../access.ts'
import { Demo } from '../documents/products.ts'
import { body, problems } from '../schema.ts'

/**
 * Registered for a made-up world alone. It gives away logins and moves the clock, so it answers on this machine only: by the connection's address and, against
 * names of other sites that were pointed at this machine, by the name that the browser used.
 */
export function demoRoutes(app: FastifyInstance, demo: DemoWorld): void {
  const open = { config: { access: 'public' as const } }

  app.get(
    '/v1/demo',
    {
      ...open,
      schema: { summary: 'The made-up world: its clock, logins and links', response: { 200: Demo, ...problems } },
    },
    async (request) => {
      onlyHere(request)
      return body(await demo.facts())
    },
  )

  app.post(
    '/v1/demo/next-period',
    {
      ...open,
      schema: {
        summary: 'Moves the clock to the opening of the next period',
        response: { 200: Demo, ...problems },
      },
    },
    async (request) => {
      onlyHere(request)
      // A page of another site may not press the button; a program, which sends neither header, may.
      if (request.headers.origin !== undefined || request.headers['sec-fetch-site'] !== undefined)
        onlyFromOurPages(request)
      return body(await demo.nextPeriod())
    },
  )
}

/** Refuses access.not_permitted to whoever asks from elsewhere. */
export function onlyHere(request: FastifyRequest): void {
  const from = request.socket.remoteAddress ?? ''
  const local = /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$|^::1$/.test(from)
  if (!local || !isLoopback(request.headers.host ?? '')) throw new Refused(notHere.refusal)
}

const notHere = refuse('access.not_permitted', 'the demo answers on its own machine only', {
  hint: 'open it by the address that npm start printed',
})
