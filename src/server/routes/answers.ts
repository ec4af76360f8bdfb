import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import { findRelease } from '../../house/find.ts'
import type { House } from '../../house/house.ts'
import { answerCsv, answerJson, answerOf } from '../../house/views/answer.ts'
import { GradedAnswer } from '../documents/releases.ts'
import { body, Id, problems, secured, unwrap } from '../schema.ts'
import { buyerOf, csvType } from './releases.ts'

const ReleaseId = Type.Object({ id: Id })

/** Answers to be taken elsewhere: to a spreadsheet, to a notebook. */
export function answerRoutes(app: FastifyInstance, { world }: House): void {
  const theirs = { config: { access: 'release.see' as const } }

  app.get<{ Params: { id: string } }>(
    '/v1/releases/:id/answer.csv',
    {
      ...theirs,
      schema: {
        summary:
          'Its rows, for each value x the columns x, x_low, x_high (95 %, of the privacy noise), x_word, x_rho, x_epsilon, x_delta, x_mechanism and x_sigma',
        security: secured,
        params: ReleaseId,
        produces: ['text/csv'],
        response: { 200: Type.String(), ...problems },
      },
    },
    async (request, reply) => {
      const release = unwrap(await findRelease(request.params.id, buyerOf(request), world))
      return reply
        .type(csvType)
        .header('content-disposition', `attachment; filename="${release.id.replace(/[^A-Za-z0-9_-]/g, '')}.csv"`)
        .send(answerCsv(released(answerOf(release))))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/releases/:id/answer.json',
    {
      ...theirs,
      schema: {
        summary: 'The answer that its receipt commits to, with intervals of 50, 80 and 95 %',
        security: secured,
        params: ReleaseId,
        response: { 200: GradedAnswer, ...problems },
      },
    },
    async (request) => {
      const release = unwrap(await findRelease(request.params.id, buyerOf(request), world))
      return body(answerJson(release, released(answerOf(release))))
    },
  )
}

function released<T>(answer: T | undefined): T {
  if (answer === undefined)
    throw new Refused(refuse('release.unknown', 'this release has no answer', { hint: 'GET /v1/releases' }).refusal)
  return answer
}
