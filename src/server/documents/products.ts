import { Type } from '@sinclair/typebox'
import { exactly, Limit, named, oneOf, optional, text, texts, whole, yesOrNo } from './basics.ts'

const column = {
  name: text,
  type: text,
  description: text,
  classification: text,
  offered: yesOrNo,
  role: optional,
  references: named({ table: text, column: text }),
  places: Type.Optional(whole),
  minimum: optional,
  maximum: optional,
  maxSumPerPerson: optional,
  domain: Type.Optional(Type.Array(Type.Union([text, Type.Null()]))),
  openGroups: Type.Optional(yesOrNo),
  words: text,
}
const Table = exactly({
  name: text,
  kind: oneOf('persons', 'private', 'public'),
  personColumn: optional,
  primaryKey: texts,
  maxRowsPerPerson: optional,
  maxGroupsPerPerson: optional,
  words: text,
  columns: Type.Array(exactly(column)),
})
const described = {
  contract: text,
  product: text,
  version: text,
  hash: text,
  title: text,
  description: exactly({ purpose: text, usage: text, limitations: text }),
  purposes: texts,
  span: named({ from: text, to: text }),
  retention: optional,
  contacts: Type.Array(exactly({ role: oneOf('dpo', 'owner'), address: text })),
  limits: exactly({ rho: text, days: whole, maxPerRelease: text, delta: optional, words: text }),
  tariff: exactly({
    currency: optional,
    fee: text,
    floorPerMilliRho: text,
    peoplesShare: text,
    multiplier: Type.Record(text, text),
    remainder: exactly({ steward: text, operator: text, reserve: text }),
    minimumPayout: optional,
    words: text,
  }),
  tables: Type.Array(Table),
}
const Facts = exactly({
  loadedAt: optional,
  people: Type.Array(
    exactly({
      purpose: text,
      title: text,
      upperBound: optional,
      words: text,
      periods: Type.Array(exactly({ id: text, from: text, to: text, upperBound: text })),
      tiers: Type.Array(exactly({ people: whole, rho: text, price: text, available: yesOrNo })),
    }),
  ),
  representative: exactly({ compared: Type.Literal(false), words: text }),
  left: exactly({ questions: text, fitsOn: optional, limits: Type.Array(Limit) }),
  questions: Type.Array(
    exactly({
      id: text,
      kind: oneOf('people', 'total', 'average', 'rows'),
      words: text,
      sql: text,
      table: text,
      column: optional,
      by: optional,
    }),
  ),
})
export const Product = exactly({ ...described, facts: Facts })
export const Products = exactly({ products: Type.Array(Product) })
export const ProblemCode = exactly({ code: text, status: whole, meaning: text })

// ── contracts, for the steward ───────────────────────────────────────────────────────────────────────────────────
const contract = {
  product: text,
  version: text,
  hash: text,
  status: optional,
  purposes: texts,
  appliedAt: text,
}
export const Contract = exactly(contract)
export const Contracts = exactly({ contracts: Type.Array(Contract) })
export const ContractWithText = exactly({ ...contract, text })
export const Lint = exactly({
  valid: yesOrNo,
  findings: Type.Array(
    exactly({
      severity: oneOf('error', 'warning'),
      code: text,
      file: text,
      path: text,
      line: whole,
      column: whole,
      message: text,
      remedy: text,
    }),
  ),
  /** As everybody will see it; missing when it is not valid. */
  product: Type.Optional(exactly(described)),
})
export const ContractPlan = exactly({
  product: text,
  version: text,
  breaking: yesOrNo,
  changes: Type.Array(exactly({ kind: text, subject: text, words: text, factor: optional, breaking: yesOrNo })),
})
export const Loads = exactly({
  products: Type.Array(
    exactly({
      product: text,
      title: text,
      contract: text,
      loads: Type.Array(
        exactly({
          id: text,
          number: whole,
          current: yesOrNo,
          contract: text,
          loadedAt: text,
          persons: whole,
          tables: Type.Array(
            exactly({
              table: text,
              read: whole,
              accepted: whole,
              setAside: whole,
              setAsidePercent: text,
              reasons: Type.Array(exactly({ reason: text, rows: whole, words: text })),
            }),
          ),
        }),
      ),
    }),
  ),
})
/** A made-up world alone has it. */
export const Demo = exactly({
  name: text,
  madeUp: text,
  now: text,
  nextPeriodAt: text,
  logins: Type.Array(exactly({ who: text, login: text, password: text, portal: text })),
  members: Type.Array(exactly({ person: text, link: text, story: text })),
})
