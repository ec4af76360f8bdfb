import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { FastifyInstance } from 'fastify'
import type { Json } from '../../base/canonical.ts'
import { instantText } from '../../base/instant.ts'
import { Refused, refuse } from '../../base/refusal.ts'
import { describe } from '../../contract/describe.ts'
import { statusOf } from '../../contract/status.ts'
import { applyContract, lintContract, planContract } from '../../house/contracts.ts'
import type { House } from '../../house/house.ts'
import type { ContractEntry } from '../../release/ports.ts'
import { Contract, ContractPlan, Contracts, ContractWithText, Lint } from '../documents/products.ts'
import { body, Id, problems, secured, unwrap } from '../schema.ts'

const ContractBody = Type.Object(
  {
    text: Type.String({ maxLength: 1_000_000, description: 'the contract, YAML of the Open Data Contract Standard' }),
    name: Type.Optional(Type.String({ minLength: 1, maxLength: 200, description: 'how findings call the file' })),
  },
  { additionalProperties: false },
)

/** Data contracts: looked at, compared with what is in force, put in force. The same JSON as the command line's. */
export function contractRoutes(app: FastifyInstance, house: House): void {
  const { world } = house
  const steward = { config: { access: 'contract.manage' as const } }
  const response = <T extends TSchema>(document: T) => ({ 200: document, ...problems })
  const taking = <T extends TSchema>(summary: string, document: T) => ({
    summary,
    security: secured,
    body: ContractBody,
    response: response(document),
  })

  app.get(
    '/v1/contracts',
    { ...steward, schema: { summary: 'Contracts in force', security: secured, response: response(Contracts) } },
    async () => body({ contracts: (await world.books.contracts()).map(contractJson) }),
  )

  app.get<{ Params: { product: string } }>(
    '/v1/contracts/:product',
    {
      ...steward,
      schema: {
        summary: 'One contract in force, with its text',
        security: secured,
        params: Type.Object({ product: Id }),
        response: response(ContractWithText),
      },
    },
    async (request) => {
      const entry = (await world.books.contracts()).find((one) => one.product === request.params.product)
      if (!entry) throw new Refused(refuse('product.unknown', 'there is no such data product').refusal)
      return body({ ...contractJson(entry), text: entry.yaml })
    },
  )

  app.post<{ Body: Static<typeof ContractBody> }>(
    '/v1/contracts/lint',
    { ...steward, schema: taking('Every error and warning with line, reason and remedy; nothing is changed', Lint) },
    async (request) => {
      const { findings, catalogue } = lintContract(request.body.text, nameOf(request.body))
      return body({
        valid: catalogue !== undefined,
        findings: findings.map((one) => ({ ...one }) as unknown as Json),
        product: catalogue && describe(catalogue),
      })
    },
  )

  app.post<{ Body: Static<typeof ContractBody> }>(
    '/v1/contracts/plan',
    {
      ...steward,
      schema: taking('What applying it would change for noise and price; nothing is changed', ContractPlan),
    },
    async (request) => {
      const { after, changes } = unwrap(await planContract(house, request.body.text, nameOf(request.body)))
      return body({
        product: after.product,
        version: after.version,
        breaking: changes.some((change) => change.breaking),
        changes: changes.map((change) => ({ ...change }) as unknown as Json),
      })
    },
  )

  app.post<{ Body: Static<typeof ContractBody> }>(
    '/v1/contracts',
    { ...steward, schema: taking('Puts it in force; the same bytes again change nothing', Contract) },
    async (request) => body(contractJson(unwrap(await applyContract(house, request.body.text, nameOf(request.body))))),
  )
}

const nameOf = ({ name }: Static<typeof ContractBody>): string => name ?? 'contract'

const contractJson = (entry: ContractEntry) => ({
  product: entry.product,
  version: entry.version,
  hash: entry.hash,
  status: statusOf(entry.yaml),
  purposes: entry.purposes,
  appliedAt: instantText(entry.appliedAt),
})
