import { copyFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createDuckDbEngine, type DuckDbOptions } from '../../src/engines/duckdb/engine.ts'
import { openSession } from '../../src/engines/duckdb/session.ts'
import { load } from '../../src/engines/load/load.ts'
import { openRows } from '../../src/privacy/exact.ts'
import type { BoundedSql } from '../../src/release/ports.ts'
import { change, coop, freshFolder, look, pages } from './world.ts'

const persons = 500
const failure = { code: 'engine.failed', message: 'the data engine could not do its part' }

/** A file with p000 … p499, ten receipts each of 1.00. */
const original = (async () => {
  const directory = freshFolder()
  const keys = Array.from({ length: persons }, (_, i) => `p${String(i).padStart(3, '0')}`)
  const rows = keys.flatMap((key) => Array.from({ length: 10 }, () => `${key},1,1.00,shop,,`))
  writeFileSync(join(directory, 'm.csv'), `member,born,region\n${keys.map((key) => `${key},,north`).join('\n')}`)
  writeFileSync(join(directory, 'r.csv'), `member,product,amount,channel,bought,gift\n${rows.join('\n')}`)
  writeFileSync(join(directory, 'p.csv'), 'id,title\n1,bread\n')
  const csv = (name: string) => ({ kind: 'csv', path: join(directory, name) }) as const
  const sources = { members: csv('m.csv'), receipts: csv('r.csv'), products: csv('p.csv') }
  expectAccepted(await load({ catalogue: coop, sources, directory, fileName: 'data.duckdb', asOf: 20_000 }))
  return join(directory, 'data.duckdb')
})()

async function withData<T>(
  use: (data: Awaited<ReturnType<ReturnType<typeof createDuckDbEngine>['open']>>, file: string) => Promise<T>,
  options: DuckDbOptions = {},
): Promise<T> {
  const file = join(freshFolder(), 'data.duckdb')
  copyFileSync(await original, file)
  const data = await createDuckDbEngine(options).open(file)
  try {
    return await use(data, file)
  } finally {
    await data.close()
  }
}

const counting = (text: string, parameters: BoundedSql['parameters'] = {}): BoundedSql => ({
  text,
  parameters,
  groupKeys: 1,
  channels: 1,
})
const inForce: BoundedSql = {
  text: `SELECT channel, count(*)::HUGEINT, coalesce(sum(amount), 0)::HUGEINT FROM receipts WHERE _mask & $bit <> 0 GROUP BY channel`,
  parameters: { bit: 2, salt: '00' },
  groupKeys: 1,
  channels: 2,
}

describe('the mask', () => {
  it('starts empty, at sequence 0: nobody is counted before consent', async () => {
    await withData(async (data) => {
      expect(await data.maskSequence()).toBe(0n)
      expect(openRows(await data.run(inForce))).toEqual([])
    })
  })

  it('holds what the newest change of each person says, in the persons table and in every private table', async () => {
    await withData(async (data) => {
      const first = [change(1n, 'p001', 3), change(2n, 'p002', 2)]
      const second = [change(3n, 'nobody', 2), change(4n, 'p001', 1), change(5n, 'p003', 2)]
      await data.applyStanding(pages(first, [], second), 7n)
      expect(await data.maskSequence()).toBe(7n)
      expect(openRows(await data.run(inForce))).toEqual([{ keys: ['shop'], values: [20n, 2000n] }])
      expect(await look(data.session, 'SELECT member, _mask FROM members WHERE _mask <> 0 ORDER BY 1')).toEqual([
        ['p001', 1],
        ['p002', 2],
        ['p003', 2],
      ])
    })
  })

  it('takes a person out at once, and applying the same again changes nothing', async () => {
    await withData(async (data) => {
      await data.applyStanding(pages([change(1n, 'p001', 2), change(1n, 'p002', 2)]), 1n)
      for (let again = 0; again < 2; again++) {
        await data.applyStanding(pages([change(2n, 'p001', 0)]), 2n)
        expect(openRows(await data.run(inForce))).toEqual([{ keys: ['shop'], values: [10n, 1000n] }])
        expect(await data.maskSequence()).toBe(2n)
      }
      await data.applyStanding(pages(), 3n)
      expect(await data.maskSequence()).toBe(3n)
    })
  })

  it('is still there after closing and opening again', async () => {
    await withData(async (data, file) => {
      await data.applyStanding(pages([change(1n, 'p007', 2)]), 9n)
      await data.close()
      const again = await createDuckDbEngine().open(file)
      expect(await again.maskSequence()).toBe(9n)
      expect(openRows(await again.run(inForce))).toEqual([{ keys: ['shop'], values: [10n, 1000n] }])
      await again.close()
    })
  })

  it('stays as it was when the books fail in the middle, and the failure of the books is passed on as it is', async () => {
    await withData(async (data) => {
      await data.applyStanding(pages([change(1n, 'p001', 2)]), 1n)
      async function* failing() {
        yield [change(2n, 'p001', 0)]
        throw new Error('the books are gone')
      }
      await expect(data.applyStanding(failing(), 2n)).rejects.toThrow('the books are gone')
      await expect(data.applyStanding(pages([change(9n, 'p001', 0)]), 8n)).rejects.toMatchObject(failure)
      await expect(data.applyStanding(pages([change(2n, 'p001', 2 ** 31)]), 2n)).rejects.toMatchObject(failure)
      expect(await data.maskSequence()).toBe(1n)
      expect(openRows(await data.run(inForce))).toHaveLength(1)
      await data.applyStanding(pages([change(2n, 'p001', 0)]), 2n)
      expect(openRows(await data.run(inForce))).toEqual([])
    })
  })

  it('never goes back: a file that has seen later entries belongs to other books', async () => {
    await withData(async (data) => {
      await data.applyStanding(pages([change(5n, 'p001', 2)]), 5n)
      await expect(data.applyStanding(pages(), 4n)).rejects.toMatchObject({ code: 'engine.mask_ahead' })
      expect(await data.maskSequence()).toBe(5n)
    })
  })

  it('applies changes that arrive together one after the other', async () => {
    await withData(async (data) => {
      const steps = [1n, 2n, 3n, 4n].map((n) => data.applyStanding(pages([change(n, 'p001', Number(n))]), n))
      await Promise.all(steps)
      expect(await look(data.session, 'SELECT DISTINCT _mask FROM receipts WHERE _person = 1')).toEqual([[4]])
    })
  })
})

describe('one bounded statement', () => {
  it('gives exact integers beyond 2^53 and missing group keys, sealed', async () => {
    await withData(async (data) => {
      const sealed = await data.run(
        counting(
          `SELECT k, (v::HUGEINT * 1000000000000)::HUGEINT FROM (VALUES ('a', 9007199254740993), (NULL, -1)) t(k, v)`,
        ),
      )
      expect(openRows(sealed)).toEqual([
        { keys: ['a'], values: [9_007_199_254_740_993_000_000_000_000n] },
        { keys: [null], values: [-1_000_000_000_000n] },
      ])
      expect(inspect(sealed)).toBe('[exact]')
      expect(() => JSON.stringify(sealed)).toThrow()
    })
  })

  it('is interrupted when its signal says so, and the file answers the next one', async () => {
    await withData(async (data) => {
      // A hundred thousand million rows: minutes, if nothing stopped it.
      const endless = counting(
        `SELECT 'a', sum(a.range % 7 + b.range % 5)::HUGEINT FROM range(1000000) a, range(100000) b`,
      )
      const stop = new AbortController()
      const began = performance.now()
      setTimeout(() => stop.abort(), 200)
      await expect(data.run(endless, stop.signal)).rejects.toMatchObject(failure)
      expect(performance.now() - began).toBeLessThan(20_000)
      await expect(data.run(endless, AbortSignal.abort())).rejects.toMatchObject(failure)
      expect(openRows(await data.run(counting("SELECT 'a', 1::HUGEINT")))).toEqual([{ keys: ['a'], values: [1n] }])
    })
  })

  it('binds parameters by name, whatever they hold', async () => {
    await withData(async (data) => {
      const hostile = `'; DROP TABLE members; --`
      const sealed = await data.run(counting('SELECT $salt, $bit::HUGEINT', { bit: 2 ** 40, salt: hostile, unused: 1 }))
      expect(openRows(sealed)).toEqual([{ keys: [hostile], values: [2n ** 40n] }])
      await expect(data.run(counting('SELECT $salt, 1::HUGEINT', {}))).rejects.toMatchObject(failure)
      await expect(data.run(counting('SELECT $salt, 1::HUGEINT', { salt: 0.5 }))).rejects.toMatchObject(failure)
    })
  })

  it.each([
    ['a count of 64 bits', "SELECT 'a', count(*) FROM receipts"],
    ['a small integer', "SELECT 'a', 1"],
    ['a floating point number', "SELECT 'a', 1.5::DOUBLE"],
    ['a decimal', "SELECT 'a', 1.5::DECIMAL(18,2)"],
    ['a number as key', 'SELECT 1::HUGEINT, 1::HUGEINT'],
    ['a missing integer', "SELECT 'a', NULL::HUGEINT"],
    ['too few columns', "SELECT 'a'"],
    ['too many columns', "SELECT 'a', 1::HUGEINT, member FROM members"],
  ])('is refused when its result is not texts and HUGEINT: %s', async (_, sql) => {
    await withData(async (data) => {
      await expect(data.run(counting(sql))).rejects.toMatchObject(failure)
    })
  })

  it('can do nothing but read this file', async () => {
    await withData(async (data, file) => {
      const folder = freshFolder()
      const csv = join(folder, 'secret.csv')
      writeFileSync(csv, 'a\nsecret\n')
      for (const sql of [
        `COPY members TO '${join(folder, 'out.csv')}'`,
        `COPY (SELECT member, 1::HUGEINT FROM members) TO '${join(folder, 'out.parquet')}'`,
        `ATTACH '${join(folder, 'other.duckdb')}' AS other`,
        `EXPORT DATABASE '${join(folder, 'all')}'`,
        `SELECT a, 1::HUGEINT FROM read_csv('${csv}')`,
        `SELECT content, 1::HUGEINT FROM read_text('${csv}')`,
        `SELECT file, 1::HUGEINT FROM glob('${folder}/*')`,
        `SELECT a, 1::HUGEINT FROM '${csv}'`,
        'SET threads = 1',
        'SET lock_configuration = false',
        'SET enable_external_access = true',
        "SET SESSION TimeZone = 'Asia/Tokyo'",
        'PRAGMA enable_external_access',
        'RESET lock_configuration',
        'INSTALL httpfs',
        'LOAD httpfs',
        'CREATE TABLE copy_of_members AS FROM members',
        'CREATE TEMP TABLE copy_of_members AS FROM members',
        'UPDATE members SET _mask = 1 RETURNING member, 1::HUGEINT',
        'DELETE FROM receipts',
        'DROP TABLE receipts',
        "SELECT 'a', 1::HUGEINT; DROP TABLE receipts",
        'EXPLAIN ANALYZE SELECT 1',
        'CHECKPOINT',
        'not SQL at all',
      ])
        await expect(data.run(counting(sql)), sql).rejects.toMatchObject(failure)
      expect(readdirSync(folder)).toEqual(['secret.csv'])
      // The session itself is bound too, whoever forgets to go through run().
      for (const sql of [`COPY members TO '${join(folder, 'x.csv')}'`, `FROM read_csv('${csv}')`, 'SET threads = 1'])
        await expect(look(data.session, sql), sql).rejects.toThrow(/disabled|locked/)
      expect(await look(data.session, 'SELECT count(*) FROM receipts')).toEqual([[BigInt(persons * 10)]])
      expect(file).toBe(data.session.file)
    })
  })

  it("fails with one and the same words whatever the data hold; the engine's own words go to the incident file alone", async () => {
    const incidents: string[] = []
    const statements = [
      'SELECT member, member::HUGEINT FROM members',
      "SELECT 'a', (9223372036854775807 + _person)::HUGEINT FROM members",
      "SELECT error('member ' || member), 1::HUGEINT FROM members",
      'SELECT nothing, 1::HUGEINT FROM members',
    ]
    await withData(
      async (data) => {
        const texts = new Set<string>()
        for (const sql of statements) {
          const error: unknown = await data.run(counting(sql)).catch((e: unknown) => e)
          const { stack: _, ...shown } = error as Error & Record<string, unknown>
          expect((error as Error).cause).toBeUndefined()
          texts.add(inspect([(error as Error).message, shown]))
          expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('p000')
        }
        expect(texts.size).toBe(1)
      },
      { onIncident: (detail) => incidents.push(detail) },
    )
    expect(incidents).toHaveLength(statements.length)
    expect(incidents[0]).toContain('p000')
  })

  it('is interrupted at its deadline, and the next one runs', async () => {
    await withData(
      async (data) => {
        const endless = "SELECT 'a', sum(hash(a.i, b.i))::HUGEINT FROM range(10000000) a(i), range(1000000) b(i)"
        await expect(data.run(counting(endless))).rejects.toMatchObject(failure)
        expect(openRows(await data.run(counting("SELECT 'a', 1::HUGEINT")))).toHaveLength(1)
      },
      { deadlineMilliseconds: 300 },
    )
  })
})

describe('a data file', () => {
  it('is opened once in a process, under whatever name', async () => {
    await withData(async (data, file) => {
      const other = join(freshFolder(), 'same.duckdb')
      symlinkSync(file, other)
      const engine = createDuckDbEngine()
      for (const path of [file, other])
        await expect(engine.open(path)).rejects.toMatchObject({ code: 'engine.already_open' })
      await expect(openSession(other)).rejects.toMatchObject({ code: 'engine.already_open' })
      await data.close()
      await (await engine.open(other)).close()
    })
  })

  it('is not made by opening it, and nothing else is taken for one', async () => {
    const folder = freshFolder()
    const engine = createDuckDbEngine()
    await expect(engine.open(join(folder, 'none.duckdb'))).rejects.toMatchObject({ code: 'engine.file_missing' })
    expect(readdirSync(folder)).toEqual([])
    writeFileSync(join(folder, 'text.duckdb'), 'some text that is no database '.repeat(1000))
    for (let again = 0; again < 2; again++)
      await expect(engine.open(join(folder, 'text.duckdb'))).rejects.toMatchObject({ code: 'engine.unreadable' })
    writeFileSync(join(folder, 'empty.duckdb'), '')
    await expect(engine.open(join(folder, 'empty.duckdb'))).rejects.toMatchObject({ code: 'engine.unreadable' })
  })

  it('closes after the work under way, once, and takes no more', async () => {
    await withData(async (data) => {
      const slow = data.run(counting("SELECT 'a', sum(hash(i))::HUGEINT FROM range(20000000) t(i)"))
      await Promise.all([data.close(), data.close()])
      expect(openRows(await slow)).toHaveLength(1)
      await expect(data.maskSequence()).rejects.toMatchObject({ code: 'engine.closed' })
    })
  })
})
