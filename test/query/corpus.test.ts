import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { checkQuestion, lintContract } from '../../src/house/contracts.ts'
import { parseQuery } from '../../src/query/parse.ts'
import { printDuckdb, printPlain } from '../../src/query/print/duckdb.ts'
import { Engine } from './engine.ts'

interface Case {
  readonly sql: string
  readonly expect: string
}
const read = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8')
const casesOf = (path: string): readonly Case[] =>
  read(path)
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case)

const contracts = ['online-retail', 'complete-journey', 'telco-churn', 'bank-marketing', 'tpch'] as const
const catalogueOf = (name: string): Catalogue => {
  const { catalogue, findings } = lintContract(read(`./contracts/${name}.odcs.yaml`), name)
  if (!catalogue) throw new Error(findings.map((finding) => finding.message).join('; '))
  return catalogue
}

describe('questions over five schemas', () => {
  it('are at least 250 that are answered and 150 that are refused', () => {
    const all = contracts.flatMap((name) => casesOf(`./contracts/${name}.jsonl`))
    expect(new Set(all.map(({ sql }) => sql)).size).toBe(all.length)
    expect(all.filter((one) => one.expect === 'accepted').length).toBeGreaterThanOrEqual(250)
    expect(all.filter((one) => one.expect !== 'accepted').length).toBeGreaterThanOrEqual(150)
  })

  for (const name of contracts)
    it(`${name}: each is answered by a statement that the engine takes, or refused for its reason`, async () => {
      const catalogue = catalogueOf(name)
      const engine = await Engine.open(catalogue)
      for (const { sql, expect: code } of casesOf(`./contracts/${name}.jsonl`)) {
        const refusal = await checkQuestion(sql, catalogue)
        expect(refusal?.code ?? 'accepted', sql).toBe(code)
        if (refusal) {
          expect(refusal.hint, sql).toBeTruthy()
          continue
        }
        const query = expectAccepted(await parseQuery(sql, catalogue))
        for (const printed of [printDuckdb(query, catalogue, { purposeBit: 0 }), printPlain(query, catalogue)])
          expect((await engine.run(printed)).length, sql).toBeLessThanOrEqual(1)
      }
    }, 60_000)
})
