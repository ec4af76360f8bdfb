import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { measured } from '../../src/demo/year/measured.ts'
import { offlineCatalogue } from '../../src/house/contracts.ts'
import { measures } from '../../src/measures/all.ts'
import { compileMeasure } from '../../src/measures/compile.ts'
import { markOf } from '../../src/measures/mark.ts'
import { offers } from '../../src/measures/offer.ts'
import { noisePlan } from '../../src/privacy/budget.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { catalogue as coop } from '../query/catalogue.ts'
import { fittings } from './fittings.ts'

const read = (file: string): Catalogue =>
  expectAccepted(offlineCatalogue(readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8'), file))
const products: readonly (readonly [name: string, catalogue: Catalogue])[] = [
  ['a small co-operative', coop],
  ['the demo', read('examples/north-coop/contract.odcs.yaml')],
  ['Complete Journey', read('test/query/contracts/complete-journey.odcs.yaml')],
  ['Online Retail', read('test/query/contracts/online-retail.odcs.yaml')],
  ['TPC-H', read('test/query/contracts/tpch.odcs.yaml')],
]

describe.each(products)('the measures that %s offers', (_, catalogue) => {
  it('each compiles for every fitting choice that was tried, is accepted, and one person changes one cell by one', async () => {
    const found = offers(catalogue)
    expect(found.length).toBeGreaterThan(3)
    for (const offer of found) {
      const tried = fittings(offer)
      expect(tried.length, offer.measure).toBeGreaterThan(0)
      for (const parameters of tried) {
        const compiled = compileMeasure(offer.measure, parameters, catalogue)
        if (!compiled.ok) throw new Error(`${offer.measure} ${JSON.stringify(parameters)}: ${compiled.refusal.message}`)
        const query = await parseQuery(compiled.value.sql, catalogue)
        if (!query.ok) throw new Error(`${query.refusal.code} ${query.refusal.message}\n${compiled.value.sql}`)
        const plan = expectAccepted(noisePlan(query.value.measures, 5_000_000n))
        const parts = plan.channels.map((channel) => channel.part)
        if (offer.measure === 'revenue-lift') expect(parts).toEqual(['rows', 'count', 'centred', 'squares'])
        else expect(parts).toEqual(['rows'])
        expect(plan.channels[0]?.sensitivitySquared).toBe(1n)
        expect(query.value.groups.every((group) => group.perPerson && group.domain !== undefined)).toBe(true)
      }
    }
  }, 60_000)
})

it('a contract without tables of people’s rows offers no measure, and asking one is refused', () => {
  const bare = { ...coop, tables: coop.tables.slice(0, 1) }
  expect(offers(bare)).toEqual([])
  for (const measure of measures) {
    const refused = compileMeasure(measure.id, {}, bare)
    expect(refused.ok ? '' : refused.refusal.code).toBe('measure.not_offered')
  }
})

it.each([
  ['penetration', {}, ['no', 'yes']],
  ['repeat-rate', { date: 'bought_on' }, ['never', 'fewer', 'again']],
  ['reach-frequency', { cap: '3' }, ['0', '1', '2', '3']],
  ['overlap', { item: 'products.category', first: 'bread', second: 'milk' }, ['true', 'false']],
  ['basket-affinity', { item: 'products.category', first: 'bread', second: 'milk' }, ['true', 'false']],
  ['funnel', { item: 'products.category', first: 'bread', second: 'milk', date: 'bought_on' }, ['2', '1', '0']],
  ['retention', { date: 'bought_on', from: '2025-02-01', periods: '3' }, ['1', '2', '3']],
  ['price-bands', { amount: 'spend', edges: '1, 2' }, ['below 1', '1 to below 2', '2 and more']],
])('%s has a cell also for whoever did nothing', async (measure, more, domain) => {
  const { sql } = expectAccepted(compileMeasure(measure, { events: 'basket_lines', ...more }, coop))
  const query = expectAccepted(await parseQuery(sql, coop))
  for (const group of query.groups) expect([...(group.domain ?? [])].sort()).toEqual([...domain].sort())
})

it('the questions of the demo’s year that came from a measure are what it writes, and have figures’ marks', () => {
  const catalogue = read('examples/north-coop/contract.odcs.yaml')
  for (const { words, sql } of Object.values(measured)) {
    const text = `-- ${words}\n${sql}`
    const mark = markOf(text)
    expect(expectAccepted(compileMeasure(mark?.measure ?? '', mark?.parameters ?? {}, catalogue)).sql).toBe(text)
  }
})
