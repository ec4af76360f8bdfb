import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { purposeIds } from '../../src/consent/purposes.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { lint } from '../../src/contract/lint.ts'
import { type Change, planChange } from '../../src/contract/plan.ts'

const north = readFileSync(new URL('fixtures/north-coop.odcs.yaml', import.meta.url), 'utf8')
const catalogueOf = (yaml: string): Catalogue => lint(yaml, 'f', { knownPurposes: purposeIds }).catalogue as Catalogue
const before = catalogueOf(north)
function after(from: string, to: string): readonly Change[] {
  expect(north).toContain(from)
  return planChange(before, catalogueOf(north.replace(from, () => to)))
}
const sentences = (from: string, to: string): readonly string[] =>
  after(from, to).map(({ words, breaking }) => `${breaking ? '! ' : ''}${words}`)

describe('the plan of a change', () => {
  it('is empty when nothing changes, and one line for a new product', () => {
    expect(planChange(before, catalogueOf(`${north}# a remark\n`))).toEqual([])
    expect(planChange(undefined, before).map(({ words }) => words)).toEqual([
      'baskets 1.0.0 is a new data product with the tables members, products, basket_lines.',
    ])
  })

  it('says what a wider bound of one person does to noise, and to privacy loss at the same error', () => {
    expect(after('{ amount: 900 }', '{ amount: 2250 }')).toEqual([
      {
        kind: 'bound',
        subject: 'basket_lines.spend_eur',
        words:
          'basket_lines.spend_eur: most one person can add up to 900.00 → 2250.00: noise on sums grows 2.5 times; the same error costs 6.25 times the privacy loss.',
        factor: '5/2',
        breaking: false,
      },
    ])
    expect(sentences('{ rows: 400 }', '{ rows: 200 }')).toEqual([
      'basket_lines: rows of one person that count 400 → 200: noise on counts of rows and on averages falls to 0.5 of what it was; the same error costs 0.25 times the privacy loss.',
    ])
    expect(sentences('{ groups: 4 }', '{ groups: 8 }')).toEqual([
      'basket_lines: groups in which one person counts 4 → 8: noise on counts of people by group grows 1.41 times; the same error costs 2 times the privacy loss.',
    ])
    expect(sentences('minimum: 0, maximum: 50', 'minimum: 0, maximum: 100')).toEqual([
      'basket_lines.quantity: one row counts from 0 to 50 → 0 to 100: noise on averages grows 2 times.',
    ])
  })

  it('counts windows: a shorter window of the same amount is a wider bound', () => {
    expect(sentences('{ amount: 900 }', '{ amount: 60, per: P28D }')).toEqual([])
    expect(sentences('{ amount: 900 }', '{ amount: 60, per: P14D }')).toEqual([
      'basket_lines.spend_eur: most one person can add up to 900.00 → 1680.00: noise on sums grows 1.87 times; the same error costs 3.48 times the privacy loss.',
    ])
  })

  it('marks as breaking what makes an answered question refused', () => {
    expect(sentences('[product-statistics, scientific-research]', '[product-statistics, public-statistics]')).toEqual([
      '! scientific-research: withdrawn: questions for this purpose are refused.',
      'public-statistics: added: questions may be asked for it; only people who say yes to it are counted.',
    ])
    expect(
      sentences(
        'description: The day of joining the co-operative.\n        classification: confidential',
        'classification: restricted',
      ),
    ).toEqual(['! members.joined_on: withdrawn: questions that name it are refused.'])
    expect(sentences('[north, south, east, west]', '[north, south, west, centre]')).toEqual([
      '! members.region: 4 → 4 cells, without "east", with "centre".',
    ])
    expect(sentences('maxPerRelease: 0.005', 'maxPerRelease: 0.004')).toEqual([
      '! most rho of one release: 0.005 → 0.004: questions that cost more are refused.',
    ])
    expect(sentences('      - { property: usufructMaxRowsPerPerson, value: { rows: 400 } }\n', '')).toEqual([
      '! basket_lines: rows of one person that count 400 → not declared: counts of its rows and averages are refused.',
    ])
  })

  it('does not mark what is only added', () => {
    expect(
      sentences(
        '- name: birth_date\n        logicalType: date\n        description: Given when joining. Decides who is of age; never shown.\n        classification: restricted',
        '- name: birth_date\n        logicalType: date\n        classification: confidential',
      ),
    ).toEqual(['members.birth_date: newly offered, classified confidential.'])
    expect(sentences('[north, south, east, west]', '[north, south, east, west, null]')).toEqual([
      'members.region: 4 → 5 cells, with a missing value.',
    ])
  })

  it('says what becomes of groups that nobody declared', () => {
    const column = '- name: joined_on\n        logicalType: date\n'
    const closed = `${column}        customProperties:\n          - { property: usufructOpenGroups, value: false }\n`
    expect(sentences(column, closed)).toEqual([
      '! members.joined_on: its values are no groups any more: questions that group by them are refused.',
    ])
    expect(
      planChange(catalogueOf(north.replace(column, closed)), before).map(({ words, breaking }) => [words, breaking]),
    ).toEqual([['members.joined_on: its values can be groups: those with enough people appear.', false]])
    expect(sentences(column, closed.replace('false', 'true'))).toEqual([])
    expect(sentences('          - { property: usufructDomain, value: true }\n', '')).toEqual([
      '! members.household_size: loses its domain: only groups with enough people appear.',
    ])
    expect(
      sentences(
        '          - { property: usufructDomain, value: true }\n',
        '          - { property: usufructOpenGroups, value: false }\n',
      )[0],
    ).toBe('! members.household_size: loses its domain: questions that group by it are refused.')
    const payout = '  - { property: usufructPayout,'
    expect(sentences(payout, `  - { property: usufructMinimumCohort, value: { people: 20 } }\n${payout}`)).toEqual([
      '! smallest group of undeclared values: not demanded → 20 people, compared with the noisy number of people.',
    ])
    expect(sentences('maxPerRelease: 0.005', 'maxPerRelease: 0.005, delta: 0.00000002')).toEqual([
      '! delta of the privacy budget: not declared → 0.00000002: fewer questions with open groups are answered.',
    ])
  })

  it('gives prices as factors, for what they depend on besides is not in a contract', () => {
    expect(sentences('shareOfBasePrice: 7/10', 'shareOfBasePrice: 3/5')).toEqual([
      "the people's share of the base price: 7/10 → 3/5: pay stays the same, the base price grows 1.17 times.",
    ])
    expect(sentences('product-statistics: 3/2', 'product-statistics: 2')).toEqual([
      'product-statistics: multiplier 1.5 → 2: price without the fee, and pay, grow 1.33 times.',
    ])
    expect(sentences('fee: 0.50', 'fee: 1.00')).toEqual(['fee of a release: 0.50 EUR → 1.00 EUR.'])
    expect(sentences('floorPerMilliRho: 1.00', 'floorPerMilliRho: 0.50')).toEqual([
      'least price of a milli-rho: 1.00 EUR → 0.50 EUR: where the least price decides, the price without the fee falls to 0.5 of what it was.',
    ])
    expect(sentences('rho: 0.45, per: P365D', 'rho: 0.3, per: P365D')).toEqual([
      'privacy budget: rho 0.45 in 365 days → 0.3 in 365 days: what can be asked in the long run falls to 0.67 of what it was.',
    ])
    expect(sentences('steward: 2/3, operator: 1/6', 'steward: 1/2, operator: 1/3')).toEqual([
      'what is left is split otherwise: steward 2/3, operator 1/6, reserve 1/6 → steward 1/2, operator 1/3, reserve 1/6; prices and pay stay.',
    ])
  })
})
