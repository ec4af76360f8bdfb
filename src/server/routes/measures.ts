import { type Static, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import { Refused, refuse } from '../../base/refusal.ts'
import { findProduct, findRelease } from '../../house/find.ts'
import type { House } from '../../house/house.ts'
import { answerOf } from '../../house/views/answer.ts'
import { compileMeasure } from '../../measures/compile.ts'
import { figuresOf } from '../../measures/figures.ts'
import { offers } from '../../measures/offer.ts'
import { CompiledMeasure, MeasureFigures, Measures } from '../documents/measures.ts'
import { body, Id, problems, secured, unwrap } from '../schema.ts'
import { buyerOf } from './releases.ts'

const Language = Type.Unsafe<'en' | 'de'>({ type: 'string', enum: ['en', 'de'] })
/** Texts by name. Names and values are judged by the measure, in its own words. */
const CompileBody = Type.Object(
  {
    parameters: Type.Record(Type.String({ maxLength: 60 }), Type.String({ maxLength: 1_000 }), { maxProperties: 40 }),
    language: Type.Optional(Language),
  },
  { additionalProperties: false },
)

/** Marketing measures: which a product offers, and the SQL of one. Public: both follow from the contract alone. What one says of an answer is the buyer's own. */
export function measureRoutes(app: FastifyInstance, { world }: House): void {
  app.get<{ Params: { product: string } }>(
    '/v1/products/:product/measures',
    {
      config: { access: 'public' },
      schema: {
        summary: 'The marketing measures that can be asked of a product, with what may stand in each parameter',
        params: Type.Object({ product: Id }),
        response: { 200: Measures, ...problems },
      },
    },
    async (request) => {
      const catalogue = world.catalogue(unwrap(await findProduct(request.params.product, world)))
      return body({ product: catalogue.product, measures: offers(catalogue) })
    },
  )

  app.post<{ Params: { product: string; measure: string }; Body: Static<typeof CompileBody> }>(
    '/v1/products/:product/measures/:measure',
    {
      config: { access: 'public' },
      schema: {
        summary: 'A measure with its parameters as SQL and in words; to be quoted and asked like any other question',
        params: Type.Object({ product: Id, measure: Id }),
        body: CompileBody,
        response: { 200: CompiledMeasure, ...problems },
      },
    },
    async (request) => {
      const { product, measure } = request.params
      const catalogue = world.catalogue(unwrap(await findProduct(product, world)))
      const { parameters, language } = request.body
      return body(unwrap(compileMeasure(measure, parameters, catalogue, language)))
    },
  )

  app.get<{ Params: { id: string } }>(
    '/v1/releases/:id/figures',
    {
      config: { access: 'release.see' },
      schema: {
        summary:
          'What the measure that the question came from says of its answer: derived figures with intervals; costs no privacy',
        security: secured,
        params: Type.Object({ id: Id }),
        response: { 200: MeasureFigures, ...problems },
      },
    },
    async (request) => {
      const release = unwrap(await findRelease(request.params.id, buyerOf(request), world))
      const found = answerOf(release)
      if (found === undefined)
        throw new Refused(refuse('release.unknown', 'this release has no answer', { hint: 'GET /v1/releases' }).refusal)
      return body({ release: release.id, figures: figuresOf(found) })
    },
  )
}
