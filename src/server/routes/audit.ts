import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { createAuditor } from '../../house/audit.ts'
import { auditRelease, checkpointHistory, proveConsistency, proveInclusion, searchLog } from '../../house/audit-log.ts'
import type { House } from '../../house/house.ts'
import { AuditedRelease, Checkpoints, Claims, ConsistencyProof, InclusionProof, LogPage } from '../documents/audit.ts'
import { Limit, limitOf } from '../page.ts'
import { body, Id, problems, unwrap } from '../schema.ts'

const Index = Type.String({ pattern: '^(0|[1-9][0-9]{0,17})$', description: 'a whole number' })
const Search = Type.Object(
  {
    from: Type.Optional(Index),
    before: Type.Optional(Index),
    kind: Type.Optional(Type.String({ pattern: '^[a-z-]{1,40}$' })),
    q: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    limit: Limit,
  },
  { additionalProperties: false },
)
const History = Type.Object({ before: Type.Optional(Index), limit: Limit }, { additionalProperties: false })
const Inclusion = Type.Object({ index: Index, size: Type.Optional(Index) }, { additionalProperties: false })
const Consistency = Type.Object({ from: Index, to: Type.Optional(Index) }, { additionalProperties: false })
const Nothing = Type.Optional(Type.Union([Type.Null(), Type.Object({}, { additionalProperties: false })]))

/** What everybody may check, without an account. Nothing here depends on who chose what. */
export function auditRoutes(app: FastifyInstance, house: House): void {
  const open = { config: { access: 'public' as const } }
  const answers = <T extends TSchema>(document: T) => ({ response: { 200: document, ...problems } })
  const auditor = createAuditor(house)

  app.get(
    '/v1/audit/claims',
    {
      ...open,
      schema: {
        summary: 'Which promises are made, and did they hold when they were last checked?',
        ...answers(Claims),
      },
    },
    async () => body(auditor.claims()),
  )

  app.post(
    '/v1/audit/claims/run',
    {
      ...open,
      schema: {
        summary: 'Check them now; at most once a minute, otherwise the last results',
        body: Nothing,
        ...answers(Claims),
      },
    },
    async () => body(await auditor.run()),
  )

  app.get<{ Params: { id: string } }>(
    '/v1/audit/releases/:id',
    {
      ...open,
      schema: {
        summary: 'One release as the log has it: leaf, money, period, proof; never its answer',
        params: Type.Object({ id: Id }),
        ...answers(AuditedRelease),
      },
    },
    async (request) => body(unwrap(await auditRelease(house, request.params.id))),
  )

  app.get<{ Querystring: Static<typeof Search> }>(
    '/v1/log/entries',
    {
      ...open,
      schema: {
        summary: 'Decoded entries: newest first, or onwards from an index',
        querystring: Search,
        ...answers(LogPage),
      },
    },
    async (request) => {
      const { from, before, kind, q, limit } = request.query
      return body(
        await searchLog(house, {
          from: whole(from),
          before: whole(before),
          kind,
          text: q,
          limit: limitOf(limit),
        }),
      )
    },
  )

  app.get<{ Querystring: Static<typeof History> }>(
    '/v1/log/checkpoints',
    {
      ...open,
      schema: {
        summary: 'Every checkpoint that was signed, newest first',
        querystring: History,
        ...answers(Checkpoints),
      },
    },
    async (request) => body(await checkpointHistory(house, whole(request.query.before), limitOf(request.query.limit))),
  )

  app.get<{ Querystring: Static<typeof Inclusion> }>(
    '/v1/log/proof',
    {
      ...open,
      schema: {
        summary: 'That an entry is in a tree (RFC 9162, 2.1.3)',
        querystring: Inclusion,
        ...answers(InclusionProof),
      },
    },
    async (request) =>
      body(unwrap(await proveInclusion(house, BigInt(request.query.index), whole(request.query.size)))),
  )

  app.get<{ Querystring: Static<typeof Consistency> }>(
    '/v1/log/consistency',
    {
      ...open,
      schema: {
        summary: 'That a tree only added to an older one (RFC 9162, 2.1.4)',
        querystring: Consistency,
        ...answers(ConsistencyProof),
      },
    },
    async (request) => body(unwrap(await proveConsistency(house, BigInt(request.query.from), whole(request.query.to)))),
  )
}

const whole = (text: string | undefined): bigint | undefined => (text === undefined ? undefined : BigInt(text))
