// @ts-check
/** A generated product of any size for the data plane: people with a region, and their lines. Nobody in it exists; the same size gives the same rows. */
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { built } from './bench.js'

const regions = ['north', 'south', 'east', 'west', 'hills', 'coast', 'islands', 'city']
const categories = Array.from({ length: 20 }, (_, index) => `category ${index + 1}`)

const list = (/** @type {readonly string[]} */ words) => words.map((word) => `'${word}'`).join(', ')
const domain = (/** @type {readonly string[]} */ words) =>
  `quality: [ { metric: invalidValues, arguments: { validValues: [${list(words)}] }, mustBe: 0 } ]`

const contract = `apiVersion: v3.1.0
kind: DataContract
id: urn:usufruct:bench:baskets
name: Baskets
version: 1.0.0
status: active
description: { purpose: benchmark, usage: benchmark, limitations: Generated. }
schema:
  - name: people
    properties:
      - { name: person, logicalType: string, primaryKey: true, required: true, classification: restricted, customProperties: [ { property: usufructPrivacyUnit, value: true } ] }
      - { name: born, logicalType: date, classification: restricted, customProperties: [ { property: usufructRole, value: birth_date } ] }
      - { name: region, logicalType: string, classification: internal, ${domain(regions)}, customProperties: [ { property: usufructRole, value: place } ] }
  - name: lines
    customProperties: [ { property: usufructMaxRowsPerPerson, value: { rows: 200 } } ]
    properties:
      - { name: line, logicalType: integer, primaryKey: true, required: true, classification: restricted }
      - { name: person, logicalType: string, required: true, classification: restricted, relationships: [ { to: people.person } ] }
      - { name: category, logicalType: string, classification: internal, ${domain(categories)} }
      - { name: bought_on, logicalType: date, required: true, classification: confidential }
      - { name: spent, logicalType: number, classification: internal, logicalTypeOptions: { minimum: 0, maximum: 500, multipleOf: 0.01 }, customProperties: [ { property: usufructMaxSumPerPerson, value: { amount: 2000 } } ] }
price: { priceAmount: 1, priceCurrency: EUR, priceUnit: query }
customProperties:
  - { property: usufructPurposes, value: [product-statistics] }
  - { property: usufructPrivacyBudget, value: { rho: 0.45, per: P365D, maxPerRelease: 0.005 } }
  - { property: usufructTariff, value: { fee: 0.10, floorPerMilliRho: 0.01 } }
`

/** The compiled contract. */
export async function basketsCatalogue() {
  const { lint } = await built('contract/lint.js')
  const { catalogue, findings } = lint(contract, 'baskets', { knownPurposes: ['product-statistics'] })
  if (!catalogue) throw new Error(`the contract of the benchmark does not lint: ${JSON.stringify(findings)}`)
  return catalogue
}

/**
 * Writes people and lines as files. Lines a person: few with many, many with few. @param {string} folder @param {'csv' | 'parquet'} kind
 * @param {{ people: number, lines: number }} size @returns {Promise<Record<'people' | 'lines', { kind: 'csv' | 'parquet', path: string }>>}
 */
export async function writeBaskets(folder, kind, size) {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  const path = (/** @type {string} */ name) => join(folder, `${name}.${kind}`)
  const pick = (/** @type {readonly string[]} */ words, /** @type {string} */ seed) =>
    `list_extract([${list(words)}], 1 + (hash(i, '${seed}') % ${words.length})::INTEGER)`
  const draw = (/** @type {string} */ seed) => `((hash(i, '${seed}') % 1000000) / 1000000.0)`
  const copy = (/** @type {string} */ select, /** @type {string} */ name) =>
    connection.run(`COPY (${select}) TO '${path(name)}' (${kind === 'csv' ? 'FORMAT csv, HEADER' : 'FORMAT parquet'})`)
  try {
    await copy(
      `SELECT 'P' || i AS person, DATE '1950-01-01' + (hash(i, 'born') % 18000)::INTEGER AS born, ${pick(regions, 'region')} AS region
       FROM range(${size.people}) t(i)`,
      'people',
    )
    await copy(
      `SELECT i AS line, 'P' || floor(${size.people} * pow(${draw('person')}, 1.5))::BIGINT AS person, ${pick(categories, 'category')} AS category,
         DATE '2026-01-01' + (hash(i, 'day') % 365)::INTEGER AS bought_on, (1 + 40 * pow(${draw('spent')}, 3))::DECIMAL(9, 2) AS spent
       FROM range(${size.lines}) t(i)`,
      'lines',
    )
  } finally {
    connection.closeSync()
    instance.closeSync()
  }
  return { people: { kind, path: path('people') }, lines: { kind, path: path('lines') } }
}
