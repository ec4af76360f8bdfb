import type { FastifyReply } from 'fastify'
import { type Refusal, refusals } from '../base/refusal.ts'

/** RFC 9457 problem details, with what a caller needs to act: a stable code, a hint, the place, the reasons, and what the call cost. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: number
  readonly detail: string
  readonly code: string
  readonly hint?: string | undefined
  readonly position?: Refusal['position']
  readonly reasons?: Refusal['reasons']
  readonly spent: { readonly price: string; readonly rho: string }
}

/** A refusal costs nothing. The one exception is a release that failed after its charge: no money, but the privacy charge stays. */
export const refusalProblem = (refusal: Refusal): Problem => ({
  type: `/problems/${refusal.code}`,
  title: refusals[refusal.code][1],
  status: refusals[refusal.code][0],
  detail: refusal.message,
  code: refusal.code,
  hint: refusal.hint,
  position: refusal.position,
  reasons: refusal.reasons,
  spent: { price: '0.00', rho: refusal.code === 'release.failed' ? 'as quoted' : '0' },
})

/** The world failing: the same words whatever happened, so that they tell nothing. */
export const faultProblem = (code: string): Problem => ({
  type: `/problems/${code}`,
  title: 'The server cannot do this now.',
  status: 500,
  detail: 'something failed on our side; nothing was done by halves',
  code,
  hint: 'try again with the same Idempotency-Key; if it stays, tell the steward the request id',
  spent: { price: '0.00', rho: '0' },
})

export const sendProblem = (reply: FastifyReply, requestId: string, problem: Problem): FastifyReply =>
  reply
    .code(problem.status)
    .type('application/problem+json')
    .send(JSON.stringify({ ...problem, instance: requestId }))

export const problemSchema = {
  $id: 'Problem',
  type: 'object',
  description: 'RFC 9457 problem details',
  required: ['type', 'title', 'status', 'detail', 'code', 'spent', 'instance'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string' },
    hint: { type: 'string' },
    position: {
      type: 'object',
      properties: { offset: { type: 'integer' }, line: { type: 'integer' }, column: { type: 'integer' } },
    },
    reasons: { type: 'array', items: { type: 'object', additionalProperties: true } },
    spent: {
      type: 'object',
      required: ['price', 'rho'],
      properties: { price: { type: 'string' }, rho: { type: 'string' } },
    },
    instance: { type: 'string' },
  },
} as const
