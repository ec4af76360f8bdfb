/** The product under attack: people with quasi-identifiers that are unique together, one secret, free texts, and rows with numbers at the ends of their types. */
export const product = 'visits'
export const purpose = 'product-statistics'
export const areas = ['a', 'b', 'c'] as const
export const jobs = ['baker', 'clerk', 'nurse', 'smith', 'judge'] as const
/** A row is at most this much, a person at most twice. */
export const mostSpent = 100

const domain = (values: readonly string[]) =>
  `quality: [ { metric: invalidValues, arguments: { validValues: [${values.join(', ')}] }, mustBe: 0 } ]`
const plain = 'classification: internal'

export const contract = `apiVersion: v3.1.0
kind: DataContract
id: urn:usufruct:attack:visits
name: Visits
version: 1.0.0
status: active
description: { purpose: attacks, usage: attacks, limitations: Nobody in it exists. }
schema:
  - name: people
    properties:
      - { name: person, logicalType: string, primaryKey: true, required: true, classification: restricted, customProperties: [ { property: usufructPrivacyUnit, value: true } ] }
      - { name: born, logicalType: date, ${plain}, customProperties: [ { property: usufructRole, value: birth_date } ] }
      - { name: area, logicalType: string, ${plain}, ${domain(areas)}, customProperties: [ { property: usufructRole, value: place } ] }
      - { name: job, logicalType: string, ${plain}, ${domain(jobs)} }
      - { name: door, logicalType: integer, ${plain}, logicalTypeOptions: { minimum: 0, maximum: 999 } }
      - { name: owes, logicalType: boolean, ${plain} }
      - { name: nickname, logicalType: string, ${plain} }
  - name: visits
    customProperties: [ { property: usufructMaxRowsPerPerson, value: { rows: 10 } } ]
    properties:
      - { name: visit, logicalType: string, primaryKey: true, required: true, classification: restricted }
      - { name: person, logicalType: string, required: true, classification: restricted, relationships: [ { to: people.person } ] }
      - { name: spent, logicalType: number, ${plain}, logicalTypeOptions: { minimum: 0, maximum: ${mostSpent}, multipleOf: 0.01 }, customProperties: [ { property: usufructMaxSumPerPerson, value: { amount: 200 } } ] }
      - { name: points, logicalType: integer, ${plain}, logicalTypeOptions: { minimum: -9000000000000, maximum: 9000000000000 } }
      - { name: day, logicalType: date, ${plain} }
      - { name: note, logicalType: string, ${plain} }
price: { priceAmount: 1, priceCurrency: EUR, priceUnit: query }
customProperties:
  - { property: usufructPurposes, value: [product-statistics, scientific-research] }
  - { property: usufructPrivacyBudget, value: { rho: 0.45, per: P365D, maxPerRelease: 0.005 } }
  - { property: usufructTariff, value: { fee: 0.10, floorPerMilliRho: 0.01 } }
`
