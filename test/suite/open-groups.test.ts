import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { answerLines, quoteLines } from '../../src/cli/words.ts'
import { applyContract } from '../../src/house/contracts.ts'
import { loadProduct } from '../../src/house/loads.ts'
import { answer } from '../../src/release/answer.ts'
import type { AnswerDocument } from '../../src/release/document.ts'
import { preview } from '../../src/release/preview.ts'
import { quote } from '../../src/release/quote.ts'
import { verifyReceipt } from '../../src/verify/index.ts'
import { seeded } from '../privacy/seeded.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { contract, exactResult, makeSmallWorld, purpose } from './small-world.ts'

/** Each of the people has a visit of 1, of 2 and of 3: amounts that no contract declares. */
const open = 'SELECT spent AS amount, COUNT(DISTINCT person) AS people FROM visits GROUP BY 1'
const asked = (sql: string, nano = 5_000_000n) => ({ buyer: 'alpha', product: 'visits', purpose, sql, wish: { nano } })
const documentOf = (receipt: string) => (JSON.parse(receipt) as { readonly answer: AnswerDocument }).answer

async function world(people: number, random = 'open groups'): Promise<TestHouse> {
  const house = await openTestHouse({ random: seeded(random) })
  await makeSmallWorld(house, people)
  return house
}

describe('groups that nobody declared', () => {
  let house: TestHouse
  beforeAll(async () => {
    house = await world(281)
  })
  afterAll(() => house.close())

  it('appear when enough people are in them, with the count that let them appear', async () => {
    const answered = expectAccepted(await answer(asked(open), {}, house.world))
    const exact = await exactResult(house, open)
    const document = documentOf(answered.receipt)
    // rho 0.005, four groups a person: 126 noisy people.
    expect(document.selection).toMatchObject({ threshold: '126', maxGroups: '4', hidden: false, channel: 0 })
    expect(document.rows.map(([key]) => key?.value)).toEqual(['1.00', '2.00', '3.00'])
    for (const [key, count] of document.rows) {
      expect(Number(count?.value)).toBeGreaterThanOrEqual(126)
      expect(Math.abs(Number(count?.value) - Number(exact.get((key?.value ?? '').replace('.', ''))?.[0]))).toBeLessThan(
        120,
      )
    }
    expect(document.privacy).toMatchObject({ rho: '0.005', delta: '1000', epsilonAtDelta: '0.000000002' })
    const leaf = JSON.parse(answered.receipt).release
    expect(leaf.delta).toBe('1000')
    expect((await verifyReceipt(answered.receipt, house.logKey)).valid).toBe(true)
    expect(expectAccepted(await answer(asked(open), {}, house.world)).receipt).toBe(answered.receipt)
    // Another name of the same key is the same question; another way of choosing would be another.
    expect(JSON.parse(JSON.parse(answered.receipt).plan)).toMatchObject({ selection: { measure: 0, hidden: false } })
  })

  it('have values with noise of their own beside a count that nobody asked for', async () => {
    const sql = 'SELECT spent AS amount, SUM(spent) AS spent FROM visits GROUP BY 1'
    const document = documentOf(expectAccepted(await answer(asked(sql), {}, house.world)).receipt)
    expect(document.columns.map(({ name }) => name)).toEqual(['amount', 'spent'])
    expect(document.selection).toMatchObject({ channel: 1, hidden: true })
    expect(document.method.map(({ part }) => part)).toEqual(['sum', 'persons'])
    // A quarter of rho: sigma² = 4·10^9/(2·1250000) = 1600.
    expect(document.method[1]?.sigma2).toBe('1600')
    for (const row of document.rows) expect(row).toHaveLength(2)
  })

  it('mixed with declared ones: only combinations that occur can appear', async () => {
    const sql = 'SELECT spent > 2 AS more, spent, COUNT(DISTINCT person) AS n FROM visits WHERE spent > 1 GROUP BY 1, 2'
    const cheap = documentOf(expectAccepted(await answer(asked(sql, 40_000n), {}, house.world)).receipt)
    expect(cheap.rows).toEqual([])
    const document = documentOf(expectAccepted(await answer(asked(sql), {}, house.world)).receipt)
    expect(document.rows.map(([more, spent]) => [more?.value, spent?.value])).toEqual([
      ['true', '3.00'],
      ['false', '2.00'],
    ])
  })

  it('HAVING, ORDER BY and LIMIT are applied to what appeared', async () => {
    const sql = `${open} HAVING COUNT(DISTINCT person) > 0 AND spent <> 2 ORDER BY 1 DESC LIMIT 2`
    const document = documentOf(expectAccepted(await answer(asked(sql), {}, house.world)).receipt)
    expect(document.rows.map(([key]) => key?.value)).toEqual(['3.00', '1.00'])
  })

  it('the quote says by which rule, at which threshold and delta, and costs what a declared question of the same rho does', async () => {
    const chosen = expectAccepted(await quote(asked(open), house.world))
    expect(chosen.shown.groups).toMatchObject({ keys: ['amount'], open: ['amount'], selection: { threshold: '126' } })
    expect(chosen.shown.groups.count).toBeUndefined()
    expect(chosen.shown.groups.rule).toContain('at least 126')
    const declared = expectAccepted(
      await quote(asked('SELECT area, COUNT(DISTINCT person) AS people FROM people GROUP BY area'), house.world),
    )
    expect(chosen.shown.priceOfANewAnswer).toBe(declared.shown.priceOfANewAnswer)
    expect(declared.shown.privacy).toMatchObject({ delta: '0', epsilonAtDelta: '0.000000001' })
    expect(quoteLines(chosen.shown).join('\n')).toMatch(
      /at delta 2·10\^-9\) · groups with at least about 126 noisy people \(delta 10\^-9\)/,
    )
    const shown = expectAccepted(await preview(asked(open), house.world))
    expect(shown.words.groups).toContain('126')
    // 10^-7 in 30 days are a hundred such questions; the ones above are spent.
    expect(BigInt(shown.left.questions)).toBeLessThan(100n)
    expect(shown.expected).toEqual([])
    // More rho, smaller groups.
    const thresholds = shown.alternatives.map(({ threshold }) => Number(threshold))
    expect(thresholds.length).toBeGreaterThan(1)
    expect(thresholds).toEqual([...thresholds].sort((a, b) => b - a))
  })

  it('a width in advance holds for what is asked for, whether its count chooses the groups or a hidden one does', async () => {
    for (const sql of [open, 'SELECT spent, SUM(spent) AS s FROM visits GROUP BY 1']) {
      const { shown } = expectAccepted(
        await quote({ ...asked(sql), wish: { within: sql === open ? '60' : '9000' } }, house.world),
      )
      expect(Number(shown.accuracy[0]?.halfWidth95)).toBeLessThanOrEqual(sql === open ? 60 : 9000)
    }
  })

  it('a person reads what it was in, with the delta', async () => {
    const statement = expectAccepted(await house.world.books.statement('p0001', house.world.clock.now()))
    const releases = await house.world.books.releases({ limit: 100 })
    const open = releases.filter(({ delta }) => delta > 0n)
    expect(statement.spentDelta).toBe(1000n * BigInt(open.length))
    expect((await house.world.books.check()).failures).toEqual([])
  })

  it('are read safely by a terminal, whatever people wrote', () => {
    const cell = (value: string) => ({ value })
    const lines = answerLines(
      {
        columns: [{ name: 'k', kind: 'group' }],
        rows: [[cell('\u001b[2J')], [cell('\u202ecba')], [cell('é😀')]],
        notes: [],
        privacy: {},
      } as never,
      false,
    ).join('\n')
    expect(/[\p{Cc}\p{Cf}]/u.test(lines.replaceAll('\n', ''))).toBe(false)
    expect(lines).toContain('\\u{1b}[2J')
    expect(lines).toContain('é😀')
  })
})

describe('delta in the books', () => {
  it('is refused in public when the public ledger is full, and does not touch questions without it', async () => {
    const house = await world(9)
    try {
      // 98 of the 100 that the window holds; what else the sensitivities are does not matter to the books.
      const first = expectAccepted(await answer(asked(open, 1_000n), {}, house.world))
      const [release] = await house.world.books.releases({ limit: 1 })
      if (!release) throw new Error('no release')
      const spend = (delta: bigint) =>
        house.world.books.charge(
          {
            ...release,
            releaseId: `spend-${delta}`,
            nano: 1n,
            delta,
            price: 0n,
            pool: 0n,
            shares: { steward: 0n, operator: 0n, reserve: 0n },
            memoKey: `spend-${delta}`,
            caps: {
              product: { nano: 10n ** 9n, days: 30, maxPerRelease: 10n ** 9n },
              house: {
                windows: [],
                life: { nano: 10n ** 12n, delta: 10n ** 12n },
                houseShare: 0n,
                maxPerRelease: 10n ** 9n,
                headCount: 1n,
              },
            },
          },
          house.world.clock.now(),
        )
      expectAccepted(await spend(98_000n))
      const other = (where: string) =>
        asked(`SELECT spent, COUNT(DISTINCT person) FROM visits WHERE ${where} GROUP BY 1`, 1_000n)
      expect((await quote(other('spent > 1'), house.world)).ok).toBe(true)
      expect((await answer(other('spent > 1'), {}, house.world)).ok).toBe(true)
      for (const way of [quote(other('spent > 2'), house.world), answer(other('spent > 2'), {}, house.world)])
        expect(await way).toMatchObject({
          ok: false,
          refusal: { code: 'privacy.budget_used_up', message: expect.stringMatching(/delta/) },
        })
      // The same as before is served again; what has declared groups has no delta.
      expect(expectAccepted(await answer(asked(open, 1_000n), {}, house.world)).receipt).toBe(first.receipt)
      expect((await answer(asked('SELECT area, COUNT(*) FROM people GROUP BY area', 1_000n), {}, house.world)).ok).toBe(
        true,
      )
      expect((await house.world.books.check()).failures).toEqual([])
    } finally {
      await house.close()
    }
  })
})

/** People of whom each has three visits of 1, 2 and 3, but the last, whose amounts are `own`. */
async function loadPeople(house: TestHouse, count: number, own: readonly string[], name: string): Promise<void> {
  const folder = join(house.folder, name)
  await mkdir(folder)
  const people = Array.from({ length: count }, (_, index) => `p${String(index).padStart(4, '0')}`)
  const spent = (index: number): readonly string[] => (index === count - 1 ? own : ['1', '2', '3'])
  const rows = people.map((person, index) => `${person},1980-01-01,${'abc'[index % 3]}`)
  const visits = people.flatMap((person, index) =>
    spent(index).map((amount, nth) => `${person}-${nth},${person},${amount}`),
  )
  await writeFile(join(folder, 'people.csv'), ['person,born,area', ...rows].join('\n'))
  await writeFile(join(folder, 'visits.csv'), ['visit,person,spent', ...visits].join('\n'))
  const sources = Object.fromEntries(
    ['people', 'visits'].map((table) => [table, { kind: 'csv' as const, path: join(folder, `${table}.csv`) }]),
  )
  expectAccepted(await loadProduct(house, 'visits', sources, () => {}))
}

describe('what anybody sees', () => {
  it('is the same whether somebody is alone in his groups, in those of many, or not there, but for the noisy values', async () => {
    const count = 150
    const worlds = {
      alone: Array.from({ length: 9 }, (_, nth) => `${70 + nth}.5`),
      'one of many': ['1', '2', '3'],
      gone: ['1', '2', '3'],
    }
    const seen: string[] = []
    for (const [name, own] of Object.entries(worlds)) {
      const house = await world(count, name)
      try {
        await loadPeople(house, count, own, 'people of the world')
        const { books, clock } = house.world
        const at = clock.now()
        if (name === 'gone')
          expectAccepted(
            await books.recordChoices(
              [{ id: 'no', recordId: 'r', person: 'p0149', purpose, status: 'withdrawn', at, entity: 'person' }],
              at,
            ),
          )
        const sql = 'SELECT spent, COUNT(DISTINCT person) AS n, SUM(spent) AS s FROM visits GROUP BY spent'
        const { shown } = expectAccepted(await quote(asked(sql), house.world))
        const { receipt } = expectAccepted(await answer(asked(sql), {}, house.world))
        const { answer: document, plan, release: leaf } = JSON.parse(receipt)
        // N^ has noise of its own, and price, pool and shares follow from it; ids and commitments are fresh.
        const noisy =
          'rows upperBound price priceOfANewAnswer paid pool shares people words quote result id release'.split(' ')
        const fresh = 'period chargedAt validUntil'.split(' ')
        seen.push(
          JSON.stringify({ shown, document, plan, leaf, tree: [(await books.leafCount()).toString()] }, (key, value) =>
            noisy.includes(key) || fresh.includes(key) ? '' : value,
          ),
        )
        expect(
          document.rows.every(([key]: readonly { value: string }[]) =>
            ['1.00', '2.00', '3.00'].includes(key?.value ?? ''),
          ),
        ).toBe(true)
      } finally {
        await house.close()
      }
    }
    // A withdrawal is an act that a batch will hold, with dummies around it; nothing else differs.
    expect(seen[1]).toBe(seen[0])
    expect(seen[2]).toBe(seen[0])
  }, 60_000)

  it('nobody at all makes an empty list, at the same price', async () => {
    const house = await world(6)
    try {
      const { price } = expectAccepted(await quote(asked(open), house.world))
      const document = documentOf(expectAccepted(await answer(asked(open), {}, house.world)).receipt)
      expect(document.rows).toEqual([])
      expect(document.price).toBe(`${price}`)
      expect(document.columns.map(({ name }) => name)).toEqual(['amount', 'people'])
    } finally {
      await house.close()
    }
  })
})

describe('what the steward may say', () => {
  const closed = (text: string, column: string): string =>
    text.replace(
      new RegExp(`(\\{ name: ${column}, .*?customProperties: \\[ )`),
      '$1{ property: usufructOpenGroups, value: false }, ',
    )

  it('no groups of what a column holds, nor of what is made of it; declared groups stay', async () => {
    const house = await world(6)
    try {
      const version = closed(contract, 'spent').replace('version: 1.0.0', 'version: 1.1.0')
      expect(version).toContain('usufructOpenGroups')
      expectAccepted(await applyContract(house, version, 'contract'))
      const folder = join(house.folder, 'again')
      await mkdir(folder)
      await writeFile(join(folder, 'people.csv'), 'person,born,area\np1,1980-01-01,a\n')
      await writeFile(join(folder, 'visits.csv'), 'visit,person,spent\nv,p1,1\n')
      const sources = Object.fromEntries(
        ['people', 'visits'].map((table) => [table, { kind: 'csv' as const, path: join(folder, `${table}.csv`) }]),
      )
      expectAccepted(await loadProduct(house, 'visits', sources, () => {}))
      for (const sql of [
        'SELECT spent, COUNT(*) FROM visits GROUP BY spent',
        'SELECT spent / 2, COUNT(*) FROM visits GROUP BY 1',
        "SELECT CASE WHEN area = 'a' THEN spent END, COUNT(*) FROM visits JOIN people USING (person) GROUP BY 1",
        'SELECT t.total, COUNT(*) FROM (SELECT person, SUM(spent) AS total FROM visits GROUP BY person) t GROUP BY t.total',
        'SELECT t.s, COUNT(*) FROM (SELECT person, spent AS s FROM visits UNION ALL SELECT person, 1 FROM people) t GROUP BY t.s',
      ])
        expect(await quote(asked(sql), house.world), sql).toMatchObject({
          ok: false,
          refusal: { code: 'query.group_key_not_declared', message: expect.stringContaining('lets nobody group') },
        })
      for (const sql of [
        'SELECT LOWER(area), COUNT(*) FROM people GROUP BY 1',
        'SELECT spent > 2, COUNT(*) FROM visits GROUP BY 1',
        'SELECT LOWER(area), SUM(spent) FROM visits JOIN people USING (person) WHERE spent > 1 GROUP BY 1',
      ])
        expect((await quote(asked(sql), house.world)).ok, sql).toBe(true)
    } finally {
      await house.close()
    }
  })

  it('a smallest group: the threshold is raised, on the noisy count alone', async () => {
    const house = await world(6)
    try {
      const version = contract
        .replace('version: 1.0.0', 'version: 1.1.0')
        .replace(
          'customProperties:\n  - {',
          'customProperties:\n  - { property: usufructMinimumCohort, value: { people: 200 } }\n  - {',
        )
      expect(version).toContain('usufructMinimumCohort')
      expectAccepted(await applyContract(house, version, 'contract'))
      const folder = join(house.folder, 'again')
      await mkdir(folder)
      await writeFile(join(folder, 'people.csv'), 'person,born,area\np1,1980-01-01,a\n')
      await writeFile(join(folder, 'visits.csv'), 'visit,person,spent\nv,p1,1\n')
      const sources = Object.fromEntries(
        ['people', 'visits'].map((table) => [table, { kind: 'csv' as const, path: join(folder, `${table}.csv`) }]),
      )
      expectAccepted(await loadProduct(house, 'visits', sources, () => {}))
      const { shown } = expectAccepted(await quote(asked(open), house.world))
      // sigma = 20: 200 + ⌈32.9⌉.
      expect(shown.groups.selection?.threshold).toBe('233')
    } finally {
      await house.close()
    }
  })
})
