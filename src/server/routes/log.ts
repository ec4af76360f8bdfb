import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Json } from '../../base/canonical.ts'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { encodeBase64 } from '../../tlog/base64.ts'
import { diskAt } from '../../tlog/disk.ts'
import { consistencyProof } from '../../tlog/merkle.ts'
import { writeProof } from '../../tlog/proof.ts'
import { storedHashes } from '../../tlog/stored.ts'
import { parseTilePath } from '../../tlog/tile.ts'
import { Consistency, Leaves } from '../documents.ts'
import { body, problems } from '../schema.ts'

/** The log as C2SP tlog-tiles serves it: a checkpoint for seconds, tiles and entry bundles for ever. Public. */
export function logRoutes(app: FastifyInstance, house: House): void {
  const open = { config: { access: 'public' as const } }
  /** Leaves under the newest checkpoint: what waits is not shown. */
  const published = async () => (await house.world.books.newestCheckpoint())?.size ?? 0n

  app.get(
    '/log/checkpoint',
    {
      ...open,
      schema: {
        summary: 'The newest signed checkpoint',
        response: { 200: PlainText, ...problems },
      },
    },
    async (_, reply) =>
      reply
        .type('text/plain; charset=utf-8')
        .header('cache-control', 'max-age=5')
        .send(await read(join(house.home.log, 'checkpoint'))),
  )

  app.get<{ Params: { '*': string } }>(
    '/log/tile/*',
    {
      ...open,
      schema: {
        summary: 'A tile or an entry bundle',
        params: Type.Object({ '*': Type.String({ maxLength: 200 }) }),
        response: { 200: Bytes, ...problems },
      },
    },
    async (request, reply) => {
      const path = `tile/${request.params['*']}`
      // Hostile input: only names that parse as a tile are ever looked for on disk.
      if (!parseTilePath(path)) throw new Refused(notFound.refusal)
      return reply
        .type('application/octet-stream')
        .header('cache-control', 'public, max-age=31536000, immutable')
        .send(await read(join(house.home.log, path)))
    },
  )

  app.get<{ Querystring: Static<typeof LeafPage> }>(
    '/v1/log/leaves',
    {
      ...open,
      schema: {
        summary: 'Published leaves in order, readable; the entry bundles hold the same bytes',
        querystring: LeafPage,
        response: { 200: Leaves, ...problems },
      },
    },
    async (request) => {
      const size = await published()
      const from = BigInt(request.query.from ?? '0')
      const limit = BigInt(Math.min(Number(request.query.limit ?? '100') || 100, 256))
      const end = from + limit < size ? from + limit : size
      const page = from < end ? await house.world.books.leaves(from, Number(end - from)) : []
      return body({
        size,
        leaves: page.map(({ index, data }) => ({
          index,
          leaf: JSON.parse(Buffer.from(data).toString('utf8')) as Json,
        })),
        next: from < end && end < size ? end : undefined,
      })
    },
  )

  app.get<{ Params: { index: string } }>(
    '/v1/log/leaves/:index/proof',
    {
      ...open,
      schema: {
        summary: 'Inclusion proof under the newest checkpoint (c2sp.org/tlog-proof)',
        params: Type.Object({ index: Index }),
        response: { 200: PlainText, ...problems },
      },
    },
    async (request, reply) => {
      const index = BigInt(request.params.index)
      if (index >= (await published())) throw new Refused(notFound.refusal)
      return reply.type('text/plain; charset=utf-8').send(writeProof(await house.world.log.prove(index)))
    },
  )

  app.get<{ Querystring: { from: string } }>(
    '/v1/log/consistency',
    {
      ...open,
      schema: {
        summary: 'Proof that the newest checkpoint extends the log of an earlier size (RFC 9162)',
        querystring: Type.Object({ from: Index }, { additionalProperties: false }),
        response: { 200: Consistency, ...problems },
      },
    },
    async (request) => {
      const newest = await house.world.books.newestCheckpoint()
      const from = BigInt(request.query.from)
      if (!newest || from > newest.size) throw new Refused(notFound.refusal)
      const hashes = storedHashes(diskAt(house.home.log), newest.size)
      const proof = from === 0n ? [] : await consistencyProof(from, newest.size, hashes)
      return body({ from, to: newest.size, proof: proof.map(encodeBase64), checkpoint: newest.note })
    },
  )

  app.get(
    '/v1/log/key',
    {
      ...open,
      schema: { summary: "The log's public key", response: { 200: Type.Object({ key: Type.String() }), ...problems } },
    },
    async () => ({ key: house.logKey }),
  )
}

const PlainText = { description: 'Text', content: { 'text/plain': { schema: Type.String() } } }
const Bytes = { description: 'Bytes', content: { 'application/octet-stream': { schema: Type.String() } } }
const Index = Type.String({ pattern: '^(0|[1-9][0-9]{0,15})$', description: 'a whole number from 0' })
const LeafPage = Type.Object(
  { from: Type.Optional(Index), limit: Type.Optional(Type.String({ pattern: '^[0-9]{1,3}$' })) },
  { additionalProperties: false },
)

const read = (path: string): Promise<Buffer> =>
  readFile(path).catch(() => {
    throw new Refused(notFound.refusal)
  })

const notFound = refuse('request.not_found', 'the log has no such resource', {
  hint: 'GET /log/checkpoint tells its size',
})
