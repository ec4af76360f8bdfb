import { stat, statfs } from 'node:fs/promises'
import { answerRulesOf, gridWords } from '../release/answer-rules.ts'
import type { Finding, House } from './house.ts'

/** Looks at the home from the outside in: folders, keys, books, data, log. Reads only. */
export async function diagnose(house: House): Promise<readonly Finding[]> {
  const { home, world } = house
  const findings: Finding[] = [await folder(home.root), ...(await house.durability())]
  const space = await statfs(home.root)
  const free = BigInt(space.bavail) * BigInt(space.bsize)
  findings.push({
    what: 'disk',
    good: free > 1n << 30n,
    words: `${free >> 20n} MiB free`,
    remedy: free > 1n << 30n ? undefined : 'a load needs about as much again as the data hold',
  })
  for (const contract of await world.books.contracts()) {
    const [load] = await world.books.loads(contract.product)
    if (!load) continue
    const trouble = await world.data(load).then(
      () => undefined,
      (cause: unknown) => (cause instanceof Error ? cause.message : String(cause)),
    )
    findings.push({
      what: `data of ${contract.product}`,
      good: trouble === undefined,
      words: trouble ?? `load ${load.number} opens`,
      remedy: trouble === undefined ? undefined : 'load the sources again, or restore a backup',
    })
  }
  const books = await world.books.check()
  findings.push({
    what: 'books',
    good: books.failures.length === 0,
    words: books.failures[0] ?? `agree, ${books.entries} entries`,
    remedy: books.failures.length === 0 ? undefined : 'usufruct books check',
  })
  const rules = answerRulesOf(await world.books.settings())
  findings.push({
    what: 'answers',
    good: rules.everyMilliseconds > 0,
    words: gridWords(rules),
    remedy: rules.everyMilliseconds > 0 ? undefined : 'usufruct answers set --every 1 --least 1',
  })
  const leaves = await world.books.leafCount()
  const published = (await world.books.newestCheckpoint())?.size ?? 0n
  findings.push({
    what: 'log',
    good: leaves === published,
    words: `${published} of ${leaves} leaves under the newest checkpoint`,
    remedy: leaves === published ? undefined : 'usufruct log checkpoint publishes them',
  })
  return findings
}

async function folder(path: string): Promise<Finding> {
  const { mode } = await stat(path)
  const closed = (mode & 0o077) === 0
  return {
    what: 'home',
    good: closed,
    words: closed ? 'closed to other accounts' : 'other accounts of this machine can enter it',
    remedy: closed ? undefined : `chmod 700 ${path}`,
  }
}
