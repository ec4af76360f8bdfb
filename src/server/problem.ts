import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyReply } from 'fastify'
import { freshId } from '../base/id.ts'
import { type Refusal, refusals, refuse } from '../base/refusal.ts'

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

/** Bytes that are no HTTP request: there is no reply object yet, only the socket. */
export function answerUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const body = invalidText('these bytes are not an HTTP request that is read here', {
    hint: 'send HTTP/1.1 with headers of at most 16 KiB',
  })
  socket.end(
    `HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  )
}

/** An expectation other than 100-continue, which the server would answer without a body. */
export function answerExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const body = invalidText('the header Expect asks for what is not done here', { hint: 'send the request without it' })
  const type = 'application/problem+json'
  response
    .writeHead(400, { 'content-type': type, 'content-length': Buffer.byteLength(body), connection: 'close' })
    .end(body)
}

/** Before there is a reply object: the problem alone, with an id of its own. */
function invalidText(message: string, more: { readonly hint: string }): string {
  const { refusal } = refuse('request.invalid', message, more)
  return JSON.stringify({ ...refusalProblem(refusal), instance: freshId('req') })
}

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
    reasons: {
      type: 'array',
      items: {
        type: 'object',
        required: ['rule', 'layer', 'citation', 'text'],
        properties: {
          rule: { type: 'string' },
          layer: { type: 'string', enum: ['law', 'house', 'person'] },
          citation: { type: 'string' },
          text: { type: 'string' },
        },
        additionalProperties: false,
      },
    },
    spent: {
      type: 'object',
      required: ['price', 'rho'],
      properties: { price: { type: 'string' }, rho: { type: 'string' } },
    },
    instance: { type: 'string' },
  },
  additionalProperties: false,
} as const
