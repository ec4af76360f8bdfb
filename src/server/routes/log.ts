import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { parseTilePath } from '../../tlog/tile.ts'
import { LogKey } from '../documents/audit.ts'
import { problems } from '../schema.ts'

/** The log as C2SP tlog-tiles serves it: a checkpoint for seconds, tiles and entry bundles for ever. Public. */
export function logRoutes(app: FastifyInstance, house: House): void {
  const open = { config: { access: 'public' as const } }

  app.get(
    '/log/checkpoint',
    {
      ...open,
      schema: {
        summary: 'The newest signed checkpoint',
        produces: ['text/plain'],
        response: { 200: Type.String(), ...problems },
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
        produces: ['application/octet-stream'],
        response: { 200: Type.String(), ...problems },
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

  app.get(
    '/v1/log/key',
    {
      ...open,
      schema: { summary: "The log's public key", response: { 200: LogKey, ...problems } },
    },
    async () => ({ key: house.logKey }),
  )
}

const read = (path: string): Promise<Buffer> =>
  readFile(path).catch(() => {
    throw new Refused(notFound.refusal)
  })

const notFound = refuse('request.not_found', 'the log has no such resource', {
  hint: 'GET /log/checkpoint tells its size',
})
