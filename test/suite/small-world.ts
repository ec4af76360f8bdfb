import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expectAccepted } from '../../src/base/refusal.ts'
import { importChoices, publishNotice } from '../../src/house/choices.ts'
import { applyContract } from '../../src/house/contracts.ts'
import type { House } from '../../src/house/house.ts'
import { loadProduct } from '../../src/house/loads.ts'
import { openRows } from '../../src/privacy/exact.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { printDuckdb } from '../../src/query/print/duckdb.ts'
import type { Query } from '../../src/query/query.ts'
import { openPeriod } from '../../src/release/period.ts'
import type { SealedRows } from '../../src/release/ports.ts'
import type { TestHouse } from './house.ts'

/** A contract of one persons table and one private table, small enough to know every row of. */
export const contract = `apiVersion: v3.1.0
kind: DataContract
id: urn:usufruct:test:visits
name: Visits
version: 1.0.0
status: active
description: { purpose: tests, usage: tests, limitations: Only people of the test. }
schema:
  - name: people
    properties:
      - { name: person, logicalType: string, primaryKey: true, required: true, classification: restricted, customProperties: [ { property: usufructPrivacyUnit, value: true } ] }
      - { name: born, logicalType: date, classification: restricted, customProperties: [ { property: usufructRole, value: birth_date } ] }
      - { name: area, logicalType: string, classification: internal, quality: [ { metric: invalidValues, arguments: { validValues: [a, b, c] }, mustBe: 0 } ], customProperties: [ { property: usufructRole, value: place } ] }
  - name: visits
    customProperties: [ { property: usufructMaxRowsPerPerson, value: { rows: 10 } } ]
    properties:
      - { name: visit, logicalType: string, primaryKey: true, required: true, classification: restricted }
      - { name: person, logicalType: string, required: true, classification: restricted, relationships: [ { to: people.person } ] }
      - { name: spent, logicalType: number, classification: internal, logicalTypeOptions: { minimum: 0, maximum: 100, multipleOf: 0.01 }, customProperties: [ { property: usufructMaxSumPerPerson, value: { amount: 200 } } ] }
price: { priceAmount: 1, priceCurrency: EUR, priceUnit: query }
customProperties:
  - { property: usufructPurposes, value: [product-statistics, scientific-research] }
  - { property: usufructPrivacyBudget, value: { rho: 0.45, per: P365D, maxPerRelease: 0.005 } }
  - { property: usufructTariff, value: { fee: 0.10, floorPerMilliRho: 0.01 } }
`

export const purpose = 'product-statistics'
export const sql =
  'SELECT area, COUNT(DISTINCT person) AS people, SUM(spent) AS spent FROM visits JOIN people USING (person) GROUP BY area'

/** A house with a folder to write sources into. */
export type WithFolder = House & { readonly folder: string }

export interface SmallWorld {
  readonly people: readonly string[]
}

/** Loads `count` adults of three areas with three visits each, all of whom said yes; opens a period; adds two funded buyers. */
export async function makeSmallWorld(house: WithFolder, count: number): Promise<SmallWorld> {
  const people = Array.from({ length: count }, (_, index) => `p${String(index).padStart(4, '0')}`)
  expectAccepted(await applyContract(house, contract, 'contract'))
  await loadRows(house, people, 'first')
  expectAccepted(
    await publishNotice(house, {
      id: 'n',
      version: '1',
      language: 'en',
      purposes: [purpose, 'scientific-research'],
      text: 'May we count you?',
    }),
  )
  const yes = people.map((person) =>
    JSON.stringify({
      id: `yes-${person}`,
      person,
      purpose,
      status: 'given',
      at: '2026-11-01',
      evidence: { method: 'test' },
    }),
  )
  expectAccepted(await importChoices(house, yes.join('\n'), 'choices'))
  const { books, clock } = house.world
  for (const id of ['alpha', 'beta']) {
    expectAccepted(await books.addBuyer({ id, name: id }, clock.now()))
    expectAccepted(await books.approveBuyer(id, purpose, clock.now()))
    expectAccepted(await books.fundBuyer(id, 1_000_000_000n, `fund-${id}`, clock.now()))
  }
  expectAccepted(await openPeriod({}, house.world))
  return { people }
}

/** Loads the people with three visits each; `spent` of each visit is 1.00, 2.00, 3.00. */
export async function loadRows(house: WithFolder, people: readonly string[], name: string): Promise<void> {
  const folder = join(house.folder, name)
  await mkdir(folder, { recursive: true })
  const area = (index: number) => 'abc'[index % 3]
  await writeFile(
    join(folder, 'people.csv'),
    ['person,born,area', ...people.map((person, index) => `${person},1980-01-01,${area(index)}`)].join('\n'),
  )
  const visits = people.flatMap((person) => [1, 2, 3].map((nth) => `${person}-${nth},${person},${nth}.00`))
  await writeFile(join(folder, 'visits.csv'), ['visit,person,spent', ...visits].join('\n'))
  const sources = Object.fromEntries(
    ['people', 'visits'].map((table) => [table, { kind: 'csv' as const, path: join(folder, `${table}.csv`) }]),
  )
  expectAccepted(await loadProduct(house, 'visits', sources, () => {}))
}

/** What the engine computes with the mask as it stands, opened: only a test may look. Group key text → integers. */
export async function exactResult(house: TestHouse, text: string): Promise<ReadonlyMap<string, readonly bigint[]>> {
  const { rows } = await runSealed(house, 'visits', text)
  return new Map(openRows(rows).map((row) => [row.keys.join('|'), row.values]))
}

export interface SealedQuestion {
  readonly query: Query
  readonly rows: SealedRows
}

/** One engine run with the mask brought up to the newest entry, as a release would: for tests that add noise to the same rows again and again. */
export async function sealedRows(house: TestHouse, product: string, text: string): Promise<SealedQuestion> {
  const { books } = house.world
  const data = await house.engineData(product)
  const [stored, newest] = [await data.maskSequence(), await books.sequence()]
  if (stored < newest) await data.applyStanding(books.standingChanges(stored, newest), newest)
  return runSealed(house, product, text)
}

async function runSealed(house: TestHouse, product: string, text: string): Promise<SealedQuestion> {
  const { world } = house
  const entry = (await world.books.contracts()).find((one) => one.product === product)
  if (!entry) throw new Error('no contract')
  const catalogue = world.catalogue(entry)
  const query = expectAccepted(await parseQuery(text, catalogue))
  const bits = await world.books.purposeBits()
  const printed = printDuckdb(query, catalogue, { purposeBit: bits[purpose] as number })
  const data = await house.engineData(product)
  return { query, rows: await data.run({ ...printed, parameters: { salt: '00' } }) }
}
