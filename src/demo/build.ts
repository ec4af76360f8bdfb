import { readFile } from 'node:fs/promises'
import { expectAccepted } from '../base/refusal.ts'
import { importChoices, publishNotice } from '../house/choices.ts'
import { applyContract } from '../house/contracts.ts'
import type { House, LoadReport } from '../house/house.ts'
import { loadProduct } from '../house/loads.ts'
import { openPeriod } from '../release/period.ts'
import { type WorldReport, writeWorld } from './world.ts'

/** Who asks in the demo: three supplier brands and a university, all made up. */
export const demoBuyers = [
  { id: 'brightoat', name: 'Brightoat', purpose: 'product-statistics' },
  { id: 'meadowfarm', name: 'Meadowfarm', purpose: 'product-statistics' },
  { id: 'harbourtea', name: 'Harbourtea', purpose: 'product-statistics' },
  { id: 'north-university', name: 'North University', purpose: 'scientific-research' },
] as const

export interface Built {
  readonly world: WorldReport
  readonly report: LoadReport
  readonly choices: number
}

/** Makes North Co-op the way any steward would: contract, notice, load, existing choices, buyers, period. `say` is told each step. */
export async function buildNorthCoop(
  house: House,
  folder: string,
  members: number,
  say: (line: string) => void,
): Promise<Built> {
  const { world } = house
  const examples = new URL('../../examples/north-coop/', import.meta.url)
  const made = await writeWorld({ folder, members, notice: { id: 'member-card', version: '1' } })
  say(`${members} made-up members, ${made.lines} basket lines of twelve months, ${made.events} generated choices`)

  const contract = expectAccepted(
    await applyContract(house, await readFile(new URL('contract.odcs.yaml', examples), 'utf8'), 'contract.odcs.yaml'),
  )
  say(`contract ${contract.product} ${contract.version} is in force`)
  const loaded = expectAccepted(await loadProduct(house, contract.product, sources(made), () => {}))
  const report = loaded.report as LoadReport
  for (const table of report.tables) {
    const aside = Object.values(table.quarantined).reduce((sum: number, count) => sum + (count ?? 0), 0)
    say(`${table.table}: ${table.accepted} of ${table.read} rows accepted${aside > 0 ? `, ${aside} set aside` : ''}`)
  }

  const text = await readFile(new URL('notice.en.txt', examples), 'utf8')
  expectAccepted(
    await publishNotice(house, { id: 'member-card', version: '1', language: 'en', purposes: contract.purposes, text }),
  )
  const without = await importChoices(
    house,
    await readFile(made.choicesWithoutEvidence, 'utf8'),
    'choices-without-evidence.jsonl',
  )
  say(
    without.ok
      ? 'choices without evidence were recorded'
      : `refused ${without.refusal.code}: ${without.refusal.message}`,
  )
  const choices = expectAccepted(await importChoices(house, await readFile(made.choices, 'utf8'), 'choices.jsonl'))
  say(`${choices.recorded} choices with evidence recorded`)

  const at = world.clock.now()
  for (const buyer of demoBuyers) {
    expectAccepted(await world.books.addBuyer({ id: buyer.id, name: buyer.name }, at))
    expectAccepted(await world.books.approveBuyer(buyer.id, buyer.purpose, at))
    expectAccepted(await world.books.fundBuyer(buyer.id, 5_000_000_000n, `demo-${buyer.id}`, at))
  }
  const period = expectAccepted(await openPeriod({}, world))
  for (const [purpose, bound] of Object.entries(period.upperBounds))
    say(`${purpose}: about ${bound} people or fewer (a noisy upper bound; nobody sees the number itself)`)
  return { world: made, report, choices: choices.recorded }
}

const sources = (world: WorldReport) =>
  Object.fromEntries(Object.entries(world.tables).map(([table, path]) => [table, { kind: 'csv' as const, path }]))
