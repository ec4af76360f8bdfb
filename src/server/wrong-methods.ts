import type { FastifyInstance, HTTPMethods } from 'fastify'
import { Refused, refuse } from '../base/refusal.ts'

const methods: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** Answers every other method at every known address: OPTIONS with what there is, the rest with 405 and the same list. */
export function answerWrongMethods(app: FastifyInstance, known: ReadonlyMap<string, ReadonlySet<string>>): void {
  for (const [url, used] of known) {
    const allow = [...used, 'OPTIONS'].sort().join(', ')
    app.route({
      method: methods.filter((method) => !used.has(method)),
      url,
      exposeHeadRoute: false,
      config: { access: 'public' },
      schema: { hide: true },
      // Before anybody reads a body: nothing of the request matters but its method.
      onRequest: async (request, reply) => {
        reply.header('allow', allow)
        if (request.method === 'OPTIONS') return reply.code(204).send()
        throw new Refused(
          refuse('request.method_not_allowed', `this address does not know ${request.method}`, {
            hint: `it knows ${allow}`,
          }).refusal,
        )
      },
      handler: async () => undefined,
    })
  }
}
