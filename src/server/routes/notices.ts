import { Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import type { House } from '../../house/house.ts'
import { noticeUrl } from '../../house/views/my-choices.ts'
import { timeText } from '../../house/views/time.ts'
import type { NoticeEntry } from '../../release/ports.ts'
import { Notice, Notices } from '../documents/persons.ts'
import { body, Id, problems } from '../schema.ts'

/** The texts that people are shown before they choose, every version that was ever published. Public. */
export function noticeRoutes(app: FastifyInstance, { world }: House): void {
  const open = { config: { access: 'public' as const } }

  app.get(
    '/v1/notices',
    { ...open, schema: { summary: 'Every notice, newest first', response: { 200: Notices, ...problems } } },
    async () => body({ notices: (await world.books.notices()).toReversed().map(withoutText) }),
  )

  app.get<{ Params: { id: string; version: string; language: string } }>(
    '/v1/notices/:id/:version/:language',
    {
      ...open,
      schema: {
        summary: 'One notice with its text, whose hash is in the log',
        params: Type.Object({ id: Id, version: Id, language: Id }),
        response: { 200: Notice, ...problems },
      },
    },
    async (request) => {
      const { id, version, language } = request.params
      const notice = (await world.books.notices()).find(
        (one) => one.id === id && one.version === version && one.language === language,
      )
      if (!notice)
        throw new Refused(refuse('request.not_found', 'there is no such notice', { hint: 'GET /v1/notices' }).refusal)
      return body({ ...withoutText(notice), text: notice.text })
    },
  )
}

const withoutText = (notice: NoticeEntry) => ({
  id: notice.id,
  version: notice.version,
  language: notice.language,
  purposes: notice.purposes,
  hash: notice.hash,
  publishedAt: timeText(notice.publishedAt),
  url: noticeUrl(notice),
})
