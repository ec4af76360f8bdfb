import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it, describe as suite } from 'vitest'
import { canonical } from '../../src/base/canonical.ts'
import { rational } from '../../src/base/rational.ts'
import { purposeIds } from '../../src/consent/purposes.ts'
import { type Catalogue, findColumn, findTable, personsTable } from '../../src/contract/catalogue.ts'
import { describe } from '../../src/contract/describe.ts'
import { lint } from '../../src/contract/lint.ts'

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
const north = fixture('north-coop.odcs.yaml')
const check = (yaml: string) => lint(yaml, 'contract.odcs.yaml', { knownPurposes: purposeIds })
function catalogueOf(yaml: string): Catalogue {
  const { catalogue, findings } = check(yaml)
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
  return catalogue as Catalogue
}
const column = (catalogue: Catalogue, table: string, name: string) => {
  const found = findTable(catalogue, table)
  return found && findColumn(found, name)
}

suite('the catalogue of North Co-op', () => {
  const catalogue = catalogueOf(north)

  it('is named, hashed and limited as the text says', () => {
    expect(catalogue).toMatchObject({
      contractId: 'urn:usufruct:north-coop:baskets',
      product: 'baskets',
      version: '1.0.0',
      hash: createHash('sha256').update(north).digest('hex'),
      purposes: ['product-statistics', 'scientific-research'],
      span: { from: 20_423, to: 20_787 },
      budget: { nano: 450_000_000n, days: 365, maxPerRelease: 5_000_000n },
      currency: 'EUR',
      minimumPayout: 2_000_000n,
      retention: { count: 25, unit: 'months' },
    })
    expect(catalogue.tariff).toEqual({
      fee: 500_000n,
      floorPerMilliRho: 1_000_000n,
      peoplesShare: rational(7n, 10n),
      remainder: { steward: rational(2n, 3n), operator: rational(1n, 6n), reserve: rational(1n, 6n) },
      multiplier: { 'product-statistics': rational(3n, 2n) },
    })
  })

  it('has the person table first and knows whose each row is', () => {
    expect(catalogue.tables.map(({ name, kind, personColumn }) => [name, kind, personColumn])).toEqual([
      ['members', 'persons', 'member_id'],
      ['products', 'public', undefined],
      ['basket_lines', 'private', 'member_id'],
    ])
    expect(personsTable(catalogue).maxRowsPerPerson).toBe(1n)
    expect(findTable(catalogue, 'basket_lines')).toMatchObject({
      maxRowsPerPerson: 400n,
      maxGroupsPerPerson: 4n,
      primaryKey: ['line_id'],
    })
    expect(column(catalogue, 'basket_lines', 'product_id')?.references).toEqual({
      table: 'products',
      column: 'product_id',
    })
  })

  it('holds bounds as whole cents and whole items', () => {
    expect(column(catalogue, 'basket_lines', 'spend_eur')).toMatchObject({
      type: 'decimal',
      scale: 2,
      minimum: 0n,
      maximum: 20_000n,
      maxSumPerPerson: 90_000n,
    })
    expect(column(catalogue, 'basket_lines', 'quantity')).toMatchObject({
      type: 'integer',
      scale: 0,
      maximum: 50n,
      maxSumPerPerson: 800n,
    })
    expect(column(catalogue, 'members', 'household_size')?.domain).toEqual(['1', '2', '3', '4', '5', '6', '7', '8'])
  })

  it('offers neither restricted columns nor the person key', () => {
    const withheld = catalogue.tables.flatMap(({ name, columns }) =>
      columns.filter(({ offered }) => !offered).map((one) => `${name}.${one.name}`),
    )
    expect(withheld).toEqual([
      'members.member_id',
      'members.birth_date',
      'basket_lines.line_id',
      'basket_lines.member_id',
    ])
  })

  it('lets whoever may read a column group by its values, unless the steward says no; what cannot be read says no', () => {
    expect(column(catalogue, 'members', 'joined_on')?.openGroups).toBeUndefined()
    const said = (value: string) =>
      column(
        lint(
          north.replace(
            '- name: joined_on\n',
            `- name: joined_on\n        customProperties:\n          - { property: usufructOpenGroups, value: ${value} }\n`,
          ),
          'f',
          { knownPurposes: purposeIds },
        ).catalogue as Catalogue,
        'members',
        'joined_on',
      )?.openGroups
    expect([said('false'), said('true')]).toEqual([false, undefined])
    expect(catalogue.minimumCohort).toBeUndefined()
    expect(catalogue.budget.delta).toBeUndefined()
  })

  it('cannot be changed by anybody who holds it', () => {
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return
      expect(Object.isFrozen(value)).toBe(true)
      Object.values(value).forEach(walk)
    }
    walk(catalogue)
  })

  it('is described in plain words and exact decimals that can be written as JSON', () => {
    const page = describe(catalogue)
    expect(JSON.parse(canonical(page))).toMatchObject({ product: 'baskets', limits: { rho: '0.450000000', days: 365 } })
    expect(canonical(page)).toContain('One person adds at most 900.00 to a sum. One row counts from 0.00 to 200.00.')
    expect(canonical(page)).toContain('"words":"The person: may be counted and joined on, never shown."')
  })
})

suite('exactness', () => {
  it('reads 0.0005 as 500,000 nano-rho, and rounds what is finer down', () => {
    const rho = (text: string): bigint =>
      catalogueOf(north.replace('maxPerRelease: 0.005', `maxPerRelease: ${text}`)).budget.maxPerRelease
    expect(rho('0.0005')).toBe(500_000n)
    expect(rho('"0.0005"')).toBe(500_000n)
    expect(rho('5e-4')).toBe(500_000n)
    expect(rho('0.0000000019')).toBe(1n)
    expect(rho('0.004999999999999999999999')).toBe(4_999_999n)
  })

  it('multiplies a bound per window by the windows that the declared span can touch', () => {
    const text = north
      .replace('{ rows: 400 }', '{ rows: 60, per: P28D }')
      .replace('{ amount: 900 }', '{ amount: 60, per: P1M }')
    const catalogue = catalogueOf(text)
    expect(findTable(catalogue, 'basket_lines')?.maxRowsPerPerson).toBe(900n)
    expect(column(catalogue, 'basket_lines', 'spend_eur')?.maxSumPerPerson).toBe(90_000n)
  })

  it('keeps bounds that no float can hold', () => {
    const catalogue = catalogueOf(
      north.replace('maximum: 200, multipleOf: 0.01', 'maximum: 9007199.254740993, multipleOf: 0.000000001'),
    )
    expect(column(catalogue, 'basket_lines', 'spend_eur')).toMatchObject({
      scale: 9,
      maximum: 9_007_199_254_740_993n,
      maxSumPerPerson: 900_000_000_000n,
    })
  })

  it('takes the grid from DECIMAL(p,s) where no step is given, and exclusive bounds to the next step', () => {
    const options = '{ minimum: 0, maximum: 200, multipleOf: 0.01 }'
    const catalogue = catalogueOf(
      north.replace(options, '{ exclusiveMinimum: 0, exclusiveMaximum: 200 }\n        physicalType: DECIMAL(10,3)'),
    )
    expect(column(catalogue, 'basket_lines', 'spend_eur')).toMatchObject({ scale: 3, minimum: 1n, maximum: 199_999n })
  })
})

suite('domains', () => {
  it('know a missing value as a group only where it is declared', () => {
    const catalogue = catalogueOf(north.replace('[north, south, east, west]', '[north, null, "null"]'))
    expect(column(catalogue, 'members', 'region')).toMatchObject({ domain: ['north', 'null'], domainHasNull: true })
  })

  it('of booleans are false and true by nature', () => {
    const catalogue = catalogueOf(
      north.replace('- name: joined_on\n        logicalType: date', '- name: joined_on\n        logicalType: boolean'),
    )
    expect(column(catalogue, 'members', 'joined_on')?.domain).toEqual(['false', 'true'])
  })

  it('of integers hold at most 10,000 members', () => {
    const upTo = (maximum: number): string => north.replace('minimum: 1, maximum: 8', `minimum: 1, maximum: ${maximum}`)
    expect(column(catalogueOf(upTo(10_000)), 'members', 'household_size')?.domain).toHaveLength(10_000)
    expect(check(upTo(10_001)).catalogue).toBeUndefined()
  })
})

suite('the sample of the product plan', () => {
  const sample = fixture('sample.odcs.yaml')

  it('passes the schema of the standard; of ours it lacks the time span for its bounds per 28 days', () => {
    const errors = check(sample).findings.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ code }) => code)).toEqual(['contract.span_missing', 'contract.span_missing'])
    expect(errors[0]?.remedy).toContain('usufructTimeSpan: { from: 2025-12-01, to: 2026-11-30 }')
  })

  it('is accepted with the span, and one person then counts with 15 windows', () => {
    const text = `${sample.trimEnd()}\n  - { property: usufructTimeSpan, value: { from: 2025-12-01, to: 2026-11-30 } }\n`
    const catalogue = catalogueOf(text)
    expect(findTable(catalogue, 'basket_lines')?.maxRowsPerPerson).toBe(3000n)
    expect(column(catalogue, 'basket_lines', 'spend_eur')?.maxSumPerPerson).toBe(300_000n)
    expect(catalogue.tariff.peoplesShare).toEqual(rational(7n, 10n))
  })
})

suite('versions of the standard', () => {
  it('3.0.2 is read as 3.1: rules as metrics, a team as a list, the person link from a custom property', () => {
    const { findings, catalogue } = check(fixture('v3.0.2.odcs.yaml'))
    expect(findings).toEqual([])
    expect(catalogue?.contacts).toEqual([{ role: 'dpo', address: 'dpo@north-coop.example' }])
    expect(catalogue?.tables.map(({ kind }) => kind)).toEqual(['persons', 'private'])
    expect(column(catalogue as Catalogue, 'members', 'region')?.domain).toEqual(['north', 'south'])
    expect(column(catalogue as Catalogue, 'visits', 'spend')).toMatchObject({ minimum: 0n, maximum: 19_999n })
    expect(column(catalogue as Catalogue, 'visits', 'entered_at')?.type).toBe('timestamp')
  })

  it('3.2.0 is read as far as 3.1 goes, and what is newer is warned about', () => {
    const text = north
      .replace('v3.1.0', 'v3.2.0')
      .replace('status: active', 'context: Ask about baskets.\nservers: [{ server: lake, type: iceberg }]')
    const { findings, catalogue } = check(text)
    expect(findings.map(({ code }) => code)).toEqual(['contract.standard_newer', 'contract.standard_newer'])
    expect(catalogue?.tables).toEqual(catalogueOf(north).tables)
  })

  it('3.0.0 to 3.2.0 are known, others refused before anything else is judged', () => {
    const judged = (version: string): readonly string[] =>
      check(north.replace('v3.1.0', version)).findings.map(({ code }) => code)
    for (const version of ['v2.2.2', 'v3.1.1', 'v3.3.0', '3.1.0', 'v4.0.0', 'v3.0'])
      expect(judged(version)).toEqual(['contract.api_version'])
    for (const version of ['v3.0.0', 'v3.0.1', 'v3.1.0', 'v3.2.0'])
      expect(judged(version)).not.toContain('contract.api_version')
  })
})
