import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { purposeIds } from '../../src/consent/purposes.ts'
import { lint } from '../../src/contract/lint.ts'
import { starters } from '../../src/contract/starters.ts'
import { noisePlan } from '../../src/privacy/budget.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { contract } from '../suite/small-world.ts'

const example = (name: string): string =>
  readFileSync(new URL(`../../examples/${name}/contract.odcs.yaml`, import.meta.url), 'utf8')
const keyWords = contract.replaceAll('area', 'order').replaceAll('spent', 'limit')

it.each([
  ['North Co-op', example('north-coop'), 8],
  ['an online shop', example('online-retail'), 3],
  ['a small contract', contract, 5],
  ['columns named like key words', keyWords, 5],
])('every question to start from, of %s, is read by the parser and has noise that follows', async (_, yaml, least) => {
  const { catalogue, findings } = lint(yaml, 'contract', { knownPurposes: purposeIds })
  if (!catalogue) throw new Error(JSON.stringify(findings))
  const found = starters(catalogue)
  expect(found.length).toBeGreaterThanOrEqual(least)
  expect(new Set(found.map((one) => one.id)).size).toBe(found.length)
  for (const one of found) {
    expect(one.words).toMatch(/^(How many|What) .*\?$/)
    const query = await parseQuery(one.sql, catalogue)
    if (!query.ok) throw new Error(`${one.sql}\n${query.refusal.message}`)
    expect(noisePlan(query.value.measures, 500_000n).ok).toBe(true)
  }
})
