import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parseDay } from '../../src/base/instant.ts'
import { expectAccepted } from '../../src/base/refusal.ts'
import type { Catalogue } from '../../src/contract/catalogue.ts'
import { createDuckDbEngine } from '../../src/engines/duckdb/engine.ts'
import { adultOn, adultOnByYear, personFacts } from '../../src/engines/duckdb/people.ts'
import { openSession } from '../../src/engines/duckdb/session.ts'
import { load } from '../../src/engines/load/load.ts'
import { catalogueOf, column, coop, freshFolder, members, products, receipts } from './world.ts'

async function loaded(catalogue: Catalogue, texts: Record<string, string>): Promise<string> {
  const directory = freshFolder()
  const sources = Object.fromEntries(
    Object.entries(texts).map(([table, text]) => {
      const path = join(directory, `${table}.csv`)
      writeFileSync(path, text)
      return [table, { kind: 'csv', path } as const]
    }),
  )
  expectAccepted(await load({ catalogue, sources, directory, fileName: 'data.duckdb', asOf: 1 }))
  return join(directory, 'data.duckdb')
}

async function factsOf(source: Parameters<typeof personFacts>[0], catalogue: Catalogue) {
  const all = []
  for await (const page of personFacts(source, catalogue)) all.push(...page)
  return all
}
const day = (text: string) => parseDay(text) as number

describe('when a person is of age', () => {
  it('is the 18th birthday; for a birthday on 29 February 1 March where the year has no 29th', () => {
    expect(adultOn(day('2000-05-17'))).toBe(day('2018-05-17'))
    expect(adultOn(day('2000-02-29'))).toBe(day('2018-03-01'))
    expect(adultOn(day('1886-02-28'))).toBe(day('1904-02-28'))
  })
  it('is the first day of the 19th year after a year of birth, when surely everybody of that year is', () => {
    expect(adultOnByYear(2000)).toBe(day('2019-01-01'))
    for (const odd of [Number.NaN, -1, 1.5, 99_999]) expect(adultOnByYear(odd)).toBeUndefined()
  })
})

describe('the facts that the law needs', () => {
  it('come for every person, in order of key; what is missing stays unknown', async () => {
    const file = await loaded(catalogueOf(members), {
      members: 'member,born,region\nb,2000-02-29,sør\na,,north\nc,1990-01-02,\n',
    })
    expect(await factsOf(file, catalogueOf(members))).toEqual([
      { person: 'a', adultOn: undefined, place: 'north' },
      { person: 'b', adultOn: day('2018-03-01'), place: 'sør' },
      { person: 'c', adultOn: day('2008-01-02'), place: undefined },
    ])
  })

  it('come from a year of birth where there is no date, and in pages for many people', async () => {
    const byYear = {
      ...members,
      columns: [column('member', 'integer', { role: 'person' }), column('year', 'integer', { role: 'birth_year' })],
    }
    const lines = Array.from({ length: 25_000 }, (_, i) => `${i},${i === 3 ? '' : 2001}`)
    const catalogue = catalogueOf(byYear)
    const session = await openSession(await loaded(catalogue, { members: `member,year\n${lines.join('\n')}` }))
    const facts = await factsOf(session, catalogue)
    expect(facts).toHaveLength(25_000)
    expect(facts.map(({ person }) => person)).toEqual(facts.map(({ person }) => person).toSorted())
    expect(facts.find(({ person }) => person === '3')?.adultOn).toBeUndefined()
    expect(facts.find(({ person }) => person === '12')).toEqual({
      person: '12',
      adultOn: day('2020-01-01'),
      place: undefined,
    })
    await session.close()
  })
})

describe("a person's own records", () => {
  it('show every row about them in every table, in readable amounts, and nothing about anybody else', async () => {
    const data = await createDuckDbEngine().open(
      await loaded(coop, {
        members: "member,born,region\no'neil,2000-02-29,sør\nother,,\n",
        receipts:
          "member,product,amount,channel,bought,gift\no'neil,7,-12.5,shop,2026-01-02T03:04:05Z,true\nother,1,1,,,\no'neil,8,0.05,,,\n",
        products: 'id,title\n1,bread\n',
      }),
    )
    expect(await data.personRecords(coop, "o'neil")).toEqual({
      person: "o'neil",
      tables: [
        { table: 'members', rows: [{ member: "o'neil", born: '2000-02-29', region: 'sør' }] },
        {
          table: 'receipts',
          rows: [
            { product: '7', amount: '-12.50', channel: 'shop', bought: '2026-01-02 03:04:05', gift: true },
            { product: '8', amount: '0.05', channel: null, bought: null, gift: null },
          ],
        },
      ],
    })
    for (const stranger of ["' OR true --", '%', '', "O'NEIL", '\0'])
      expect(await data.personRecords(coop, stranger)).toEqual({ person: stranger, tables: [] })
    expect(JSON.stringify(await data.personRecords(catalogueOf(members, receipts, products), 'other'))).not.toContain(
      'neil',
    )
    await data.close()
  })
})
