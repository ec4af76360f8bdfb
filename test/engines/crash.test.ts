import { existsSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { beforeAll, describe, expect, it, vi } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createDuckDbEngine } from '../../src/engines/duckdb/engine.ts'
import { openSession } from '../../src/engines/duckdb/session.ts'
import { load } from '../../src/engines/load/load.ts'
import { compileEngines, startChild } from './child.ts'
import { catalogueOf, freshFolder, look, members, receipts } from './world.ts'

const catalogue = catalogueOf(members, receipts)
const people = 20_000

/** Sources of `people` persons with `each` receipts; returns a request for a load of them. */
function sourcesOf(directory: string, each: number) {
  const keys = Array.from({ length: people }, (_, i) => `member-${i}`)
  const rows = keys.flatMap((key, i) => Array.from({ length: each }, (_, n) => `${key},${i},${n}.25,web,,`))
  writeFileSync(join(directory, 'm.csv'), `member,born,region\n${keys.map((key) => `${key},,`).join('\n')}\n`)
  writeFileSync(join(directory, `r${each}.csv`), `member,product,amount,channel,bought,gift\n${rows.join('\n')}\n`)
  const csv = (name: string) => ({ kind: 'csv', path: join(directory, name) }) as const
  return {
    catalogue,
    directory,
    fileName: 'data.duckdb',
    asOf: 1,
    sources: { members: csv('m.csv'), receipts: csv(`r${each}.csv`) },
  }
}
const asText = (value: unknown): string =>
  JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}n` : v)).replace(/"(-?\d+n)"/g, '$1')

// Compiling and starting processes takes long on a busy machine.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 })
beforeAll(() => {
  compileEngines()
})

describe('a process killed without warning', () => {
  it('while it writes the mask leaves the old mask with the old sequence, or the new one with the new', async () => {
    const directory = freshFolder()
    const file = join(directory, 'data.duckdb')
    expectAccepted(await load(sourcesOf(directory, 10)))
    let before = 0n
    for (const delay of [5, 20, 40, 80, 160, 320]) {
      const child = startChild(`
        import { createDuckDbEngine } from './dist/engines/duckdb/engine.js'
        const data = await createDuckDbEngine().open(${JSON.stringify(file)})
        const first = await data.maskSequence()
        async function* everybody(n) {
          for (let from = 0; from < ${people}; from += 5000)
            yield Array.from({ length: 5000 }, (_, i) => ({ sequence: n, person: 'member-' + (from + i), bits: Number(n) }))
        }
        console.log('open')
        for (let n = first + 1n; ; n++) await data.applyStanding(everybody(n), n)`)
      await child.printed('open')
      await wait(delay)
      child.process.kill('SIGKILL')
      await child.ended
      const data = await createDuckDbEngine().open(file)
      const sequence = await data.maskSequence()
      expect(sequence).toBeGreaterThanOrEqual(before)
      const masks = 'SELECT DISTINCT _mask FROM (SELECT _mask FROM members UNION ALL SELECT _mask FROM receipts)'
      expect(await look(data.session, masks)).toEqual([[Number(sequence)]])
      before = sequence
      await data.close()
    }
    expect(before).toBeGreaterThan(0n)
  })

  it('while it loads leaves the old file, and the next load is not disturbed by what is left', async () => {
    const directory = freshFolder()
    const file = join(directory, 'data.duckdb')
    expectAccepted(await load(sourcesOf(directory, 1)))
    const next = sourcesOf(directory, 20)
    const seen = new Set<string>()
    for (const delay of [50, 200, 400, 600]) {
      const child = startChild(`
        import { load } from './dist/engines/load/load.js'
        console.log('start')
        await load(${asText(next)})
        console.log('done')`)
      await child.printed('start')
      await wait(delay)
      child.process.kill('SIGKILL')
      await child.ended
      const session = await openSession(file)
      const [[rows]] = (await look(session, 'SELECT count(*) FROM receipts')) as [[bigint]]
      await session.close()
      expect(rows).toBe(child.output().includes('done') || rows > 20_000n ? 400_000n : 20_000n)
      if (existsSync(`${file}.tmp`)) seen.add('left over')
      if (rows === 400_000n) break
    }
    expect([...seen]).toEqual(['left over'])
    expect(expectAccepted(await load(next)).rowsAccepted).toBe(420_000)
    expect(readdirSync(directory).filter((name) => name.startsWith('data'))).toEqual(['data.duckdb'])
  })
})

describe('a full disk', () => {
  it('ends a load with a fault that says so, removes the temporary and leaves the old file', async () => {
    const directory = freshFolder()
    expectAccepted(await load(sourcesOf(directory, 1)))
    const noise = Array.from({ length: people }, (_, i) => `${(BigInt(i + 1) * 0x9e3779b97f4a7c15n) ** 6n}`)
    writeFileSync(
      join(directory, 'noise.csv'),
      `member,note\n${noise.map((text, i) => `member-${i},${text}`).join('\n')}\n`,
    )
    const wide = {
      ...sourcesOf(directory, 1),
      catalogue: catalogueOf(members, {
        ...receipts,
        columns: [
          receipts.columns[0],
          { ...receipts.columns[3], name: 'note', domain: undefined },
        ] as typeof receipts.columns,
      }),
      sources: {
        members: { kind: 'csv', path: join(directory, 'm.csv') },
        receipts: { kind: 'csv', path: join(directory, 'noise.csv') },
      },
    }
    const child = startChild(
      `
      import { load } from './dist/engines/load/load.js'
      try {
        await load(${asText(wide)})
        console.log('no fault')
      } catch (error) {
        console.log(error.name, error.code)
      }`,
      { limitBlocks: 2048 },
    )
    await child.ended
    expect(child.output()).toBe('Fault load.disk_full\n')
    expect(readdirSync(directory).filter((name) => name.startsWith('data'))).toEqual(['data.duckdb'])
    const session = await openSession(join(directory, 'data.duckdb'))
    expect(await look(session, 'SELECT count(*) FROM receipts')).toEqual([[20_000n]])
    await session.close()
  })
})

describe('a file that another process has open', () => {
  it('is not opened; the fault names the file and the process', async () => {
    const directory = freshFolder()
    expectAccepted(await load(sourcesOf(directory, 1)))
    const file = join(directory, 'data.duckdb')
    const child = startChild(`
      import { openSession } from './dist/engines/duckdb/session.js'
      await openSession(${JSON.stringify(file)})
      console.log('open')
      setInterval(() => undefined, 1000)`)
    await child.printed('open')
    await expect(createDuckDbEngine().open(file)).rejects.toMatchObject({
      code: 'engine.held',
      message: `the data file data.duckdb is held by another process (${child.process.pid})`,
    })
    child.process.kill('SIGKILL')
    await child.ended
    await (await createDuckDbEngine().open(file)).close()
  })
})
