import { readFileSync } from 'node:fs'
import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { instantText } from '../../base/instant.ts'
import { Refused, refusals } from '../../base/refusal.ts'
import { createLink } from '../../house/access-sessions.ts'
import { answerCard, cardFacts } from '../../house/card.ts'
import type { House } from '../../house/house.ts'
import { answeredHtml, cardHtml, cardPolicy, refusedHtml } from '../card/html.ts'
import { rateLimit, within } from '../rate.ts'
import { body, Id, Purpose, problems, secured, unwrap } from '../schema.ts'

const Language = Type.Union([Type.Literal('en'), Type.Literal('de')])
/** Only a path of this house: no form can send anybody elsewhere. */
const Path = Type.String({ pattern: '^/[a-z0-9][a-z0-9/_-]*$', maxLength: 200 })
const Answer = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 200 }),
    purpose: Purpose,
    notice: Id,
    version: Id,
    language: Language,
    answer: Type.Union([Type.Literal('yes'), Type.Literal('no')]),
    back: Type.Optional(Path),
  },
  { additionalProperties: false },
)
const Answered = Type.Object({
  yes: Type.Boolean(),
  words: Type.String(),
  tookEffectAt: Type.Optional(Type.String()),
  joinsAt: Type.Optional(Type.String()),
  token: Type.String({ description: 'a fresh one: to change the answer, or to open the own page' }),
})
const Card = Type.Object(
  {
    purpose: Purpose,
    language: Type.Optional(Language),
    base: Type.Optional(
      Type.String({
        pattern: '^https?://[A-Za-z0-9.:\\[\\]-]+$',
        maxLength: 300,
        description: 'origin of this house, for a form that stands in another site',
      }),
    ),
  },
  { additionalProperties: false },
)

/** One address may answer a handful of times at once and one more every six seconds. */
const each = { burst: 20, microsEach: 6_000_000n }

/**
 * The consent card's door. A form of any page sends an answer here, with or without JavaScript; what it needs is the one-time token that was put into the form
 * for this person. No cookie counts, so no other site can answer for a visitor; and there is no GET, so whoever opens or previews an address consents to nothing.
 */
export function cardRoutes(app: FastifyInstance, house: House): void {
  const perAddress = rateLimit(house.sessionClock, each)
  // Only in this door: everywhere else a body is JSON, which no form can send.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: 8 * 1024 },
    (_request, text, done) => done(null, Object.fromEntries(new URLSearchParams(String(text)))),
  )

  app.post<{ Body: Static<typeof Answer> }>(
    '/consent/answer',
    {
      config: { access: 'public' },
      schema: {
        summary: 'The answer of the consent card: a form with a one-time token; HTML, or JSON for whoever accepts it',
        consumes: ['application/x-www-form-urlencoded'],
        produces: ['text/html', 'application/json'],
        body: Answer,
        response: { 200: Answered, ...problems },
      },
      serializerCompiler: () => (data) => (typeof data === 'string' ? data : JSON.stringify(data)),
    },
    async (request, reply) => {
      const { token, purpose, answer, language, back } = request.body
      const notice = { id: request.body.notice, version: request.body.version, language }
      try {
        within(perAddress, request.ip, reply)
        const done = unwrap(await answerCard(house, { token, purpose, answer, notice }, language, request.id))
        if (wantsJson(request)) return body({ ...done })
        const facts = unwrap(await cardFacts(house, purpose, language))
        return html(reply).send(answeredHtml({ facts, token: done.token, action: '/consent/answer', back }, done))
      } catch (cause) {
        if (!(cause instanceof Refused) || wantsJson(request)) throw cause
        const { code, message, hint } = cause.refusal
        const why = hint === undefined ? message : `${message}; ${hint}`
        return html(reply)
          .code(refusals[code][0])
          .send(refusedHtml(language, why, back))
      }
    },
  )

  app.post<{ Params: { person: string }; Body: Static<typeof Card> }>(
    '/v1/persons/:person/card',
    {
      config: { access: 'person.link' },
      schema: {
        summary: 'The consent card of one purpose for one person, as HTML for a page of your own',
        description: 'Takes the place of the person’s last link. The form works for 24 hours and once.',
        security: secured,
        params: Type.Object({ person: Id }),
        body: Card,
        response: { 201: Type.Object({ html: Type.String(), expiresAt: Type.String() }), ...problems },
      },
    },
    async (request, reply) => {
      const { purpose, language = 'en', base = '' } = request.body
      const facts = unwrap(await cardFacts(house, purpose, language))
      const { link, token } = unwrap(await createLink(house, request.params.person))
      const card = cardHtml({ facts, token, action: `${base}/consent/answer` })
      return reply.code(201).send({ html: card, expiresAt: instantText(link.expiresAt) })
    },
  )

  const sheet = readFileSync(new URL('../card/page.css', import.meta.url))
  app.get('/consent/page.css', { config: { access: 'public' }, schema: { hide: true } }, async (_request, reply) =>
    reply.type('text/css; charset=utf-8').send(sheet),
  )
}

const wantsJson = (request: FastifyRequest): boolean => /^application\/json\b/.test(request.headers.accept ?? '')

const html = (reply: FastifyReply): FastifyReply =>
  reply
    .header('content-security-policy', cardPolicy)
    .header('referrer-policy', 'no-referrer')
    .type('text/html; charset=utf-8')
