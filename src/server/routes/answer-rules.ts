import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import { changeAnswerRules } from '../../house/answers.ts'
import type { House } from '../../house/house.ts'
import { answerRulesView, answersView, millisecondsOf } from '../../house/views/answers.ts'
import { AnswerRules, Answers } from '../documents/house.ts'
import { body, problems, secured, unwrap } from '../schema.ts'

const Seconds = Type.String({ minLength: 1, maxLength: 12, description: 'seconds, at most three decimals' })
const Path = Type.Union([Type.Literal('records'), Type.Literal('flat'), Type.Literal('two-level')])
const RulesBody = Type.Object(
  {
    every: Type.Optional(Seconds),
    least: Type.Optional(Seconds),
    deadlines: Type.Optional(
      Type.Object(
        { records: Type.Optional(Seconds), flat: Type.Optional(Seconds), 'two-level': Type.Optional(Seconds) },
        { additionalProperties: false },
      ),
    ),
    block: Type.Optional(Path),
    unblock: Type.Optional(Path),
  },
  { additionalProperties: false, minProperties: 1 },
)

/** When answers leave: public, changed by the steward, and every change is in the log. */
export function answerRuleRoutes(app: FastifyInstance, house: House): void {
  const { world } = house
  app.get(
    '/v1/answer-rules',
    {
      config: { access: 'public' },
      schema: {
        summary: 'When answers leave, how long a computation may take, and what is not answered in this period',
        response: { 200: AnswerRules, ...problems },
      },
    },
    async () => body(await answerRulesView(world)),
  )

  app.get(
    '/v1/steward/answers',
    {
      config: { access: 'house.see' },
      schema: {
        summary: 'The same, and what failed after its charge',
        security: secured,
        response: { 200: Answers, ...problems },
      },
    },
    async () => body(await answersView(world)),
  )

  app.post<{ Body: Static<typeof RulesBody> }>(
    '/v1/answer-rules',
    {
      config: { access: 'house.manage' },
      schema: {
        summary: 'Change them; grid and deadlines hold at once, a block from the next period on',
        security: secured,
        body: RulesBody,
        response: { 200: Answers, ...problems },
      },
    },
    async (request) => {
      const { every, least, deadlines, block, unblock } = request.body
      unwrap(
        await changeAnswerRules(house, {
          everyMilliseconds: seconds(every),
          leastMilliseconds: seconds(least),
          deadlineMilliseconds: deadlines && {
            records: seconds(deadlines.records),
            flat: seconds(deadlines.flat),
            'two-level': seconds(deadlines['two-level']),
          },
          block,
          unblock,
        }),
      )
      return body(await answersView(world))
    },
  )
}

function seconds(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const milliseconds = millisecondsOf(text)
  if (milliseconds === undefined)
    throw new Refused(
      refuse('request.invalid', `"${text}" is not a number of seconds`, { hint: 'for example 1 or 0.25' }).refusal,
    )
  return milliseconds
}
