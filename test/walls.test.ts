import { describe, expect, it } from 'vitest'
import { refusals } from '../src/base/refusal.ts'
import { bannedUses, firstArguments } from './walls/calls.ts'
import { deadFiles, importsThroughWalls, roomOf } from './walls/imports.ts'
import { parseSource, readSources } from './walls/source.ts'

/** What is run or imported from outside: everything in src/ is reached from one of these. */
const entries = ['main.ts', 'index.ts', 'cli/main.ts', 'verify/index.ts', 'embed/card.ts', 'web/main.tsx']
const longestFile = 400

const sources = readSources()

describe('the walls of the house', () => {
  it('lets a room import only the rooms below it', () => {
    expect(sources.flatMap(importsThroughWalls)).toEqual([])
  })

  it('has no banned call: time and randomness are passed in, money and privacy loss are exact', () => {
    expect(sources.flatMap(bannedUses)).toEqual([])
  })

  it('has no file that nothing reaches', () => {
    expect(deadFiles(sources, entries)).toEqual([])
  })

  it(`has no source of more than ${longestFile} lines`, () => {
    const long = sources.filter(({ text }) => text.trimEnd().split('\n').length > longestFile)
    expect(long.map(({ path }) => path)).toEqual([])
  })

  it('refuses with codes of the catalogue only', () => {
    const strange = sources.flatMap((source) =>
      firstArguments(source, 'refuse')
        .filter(({ code }) => code !== undefined && !Object.hasOwn(refusals, code))
        .map(({ code, line }) => `src/${source.path}:${line} refuses with ${code}`),
    )
    expect(strange).toEqual([])
  })

  it('gives every fault a code that stands in the source, room first', () => {
    const strange = sources.flatMap((source) =>
      firstArguments(source, 'Fault')
        .filter(({ code }) => code === undefined || !/^[a-z]+\.[a-z_]+$/.test(code))
        .map(({ code, line }) => `src/${source.path}:${line} throws ${code}`),
    )
    expect(strange).toEqual([])
  })
})

describe('the test of the walls', () => {
  const through = (path: string, text: string) => importsThroughWalls(parseSource(path, text)).length
  const banned = (text: string, path = 'money/bad.ts') => bannedUses(parseSource(path, text)).length

  it.each([
    ['base/bad.ts', `import { refuse } from '../contract/catalogue.ts'`],
    ['contract/bad.ts', `import type { Query } from '../query/query.ts'`],
    ['money/bad.ts', `import { rule } from '../law/rule.ts'`],
    ['consent/bad.ts', `export { openBooks } from '../store/books.ts'`],
    ['privacy/bad.ts', `const engine = await import('../engines/duckdb/engine.ts')`],
    ['law/bad.ts', `type Far = import('../money/tariff.ts').Tariff`],
    ['release/bad.ts', `import { engine } from '../engines/duckdb/engine.ts'`],
    ['verify/bad.ts', `import { sha256 } from '../base/hash.ts'`],
    ['verify/bad.ts', `import { createHash } from 'node:crypto'`],
    ['engines/bad.ts', `import { store } from '../store/postgres/books.ts'`],
    ['engines/bad.ts', `import { answer } from '../release/answer.ts'`],
    ['store/bad.ts', `import { duck } from '../engines/duckdb/engine.ts'`],
    ['house/bad.ts', `import { duck } from '../engines/duckdb/engine.ts'`],
    ['server/bad.ts', `import { store } from '../store/postgres/books.ts'`],
    ['cli/bad.ts', `import { duck } from '../engines/duckdb/engine.ts'`],
    ['demo/bad.ts', `const worker = new URL('../engines/duckdb/worker.ts', import.meta.url)`],
    ['query/bad.ts', `import { readFileSync } from 'node:fs'`],
    ['cli/bad.ts', `import { spawn } from 'node:child_process'`],
    ['money/bad.ts', `import { Client } from 'pg'`],
    ['cellar/bad.ts', `export const here = 1`],
    ['base/bad.ts', `import { help } from '../../test/help.ts'`],
  ])('finds an import through a wall: %s %s', (path, text) => {
    expect(through(path, text)).toBe(1)
  })

  it.each([
    `Math.random()`,
    `const dice = Math['random']`,
    `globalThis.Math.random()`,
    `Date.now()`,
    `new Date()`,
    `Date()`,
    `performance.now()`,
    `parseFloat(text)`,
    `Number.parseFloat(text)`,
    `Number(price.nano)`,
    `const half = rateMicro / 2`,
    `const half = 2 * rho`,
    `const lost = +spentNano`,
    `const charge = (maxRho: number) => maxRho`,
    `interface Charge { readonly nano: number }`,
    `console.log('here')`,
    `eval('1')`,
    `new Function('return 1')`,
    `import { openRows } from '../privacy/exact.ts'`,
  ])('finds a banned use: %s', (text) => {
    expect(banned(text)).toBeGreaterThan(0)
  })

  it.each([
    `const at = new Date(Number(micros / 1000n))`,
    `const text = rhoText(nano)`,
    `const half = nano / 2n`,
    `// Math.random() in a comment`,
    `const text = 'Date.now()'`,
  ])('lets be what is not banned: %s', (text) => {
    expect(banned(text)).toBe(0)
  })

  it('finds a file that no entry reaches', () => {
    const house = [
      parseSource('main.ts', `import './base/used.ts'`),
      parseSource('base/used.ts', `export const used = 1`),
      parseSource('base/dead.ts', `export const dead = 1`),
    ]
    expect(deadFiles(house, ['main.ts', 'index.ts'])).toEqual(['base/dead.ts'])
  })

  it('finds a code that is not in the catalogue, in either branch', () => {
    const text = `import { refuse } from '../base/refusal.ts'; refuse(late ? 'money.gone' : 'market.quote_expired', 'no')`
    const source = parseSource('money/bad.ts', text)
    expect(firstArguments(source, 'refuse').map(({ code }) => code)).toEqual(['money.gone', 'market.quote_expired'])
  })

  it('looked at the house', () => {
    expect(new Set(sources.map(({ path }) => roomOf(path))).size).toBeGreaterThan(10)
  })
})
