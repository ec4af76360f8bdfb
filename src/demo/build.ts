import { readFile } from 'node:fs/promises'
import type { House } from '../house/house.ts'
import { type Staged, setStage } from './stage.ts'
import { type WorldReport, writeWorld } from './world.ts'

/** Who asks in the demo: three supplier brands and a university, all made up. */
export const demoBuyers = [
  { id: 'brightoat', name: 'Brightoat', purpose: 'product-statistics' },
  { id: 'meadowfarm', name: 'Meadowfarm', purpose: 'product-statistics' },
  { id: 'harbourtea', name: 'Harbourtea', purpose: 'product-statistics' },
  { id: 'north-university', name: 'North University', purpose: 'scientific-research' },
] as const

export interface Built extends Staged {
  readonly world: WorldReport
}

/** Writes the made-up world of North Co-op and fills the house with it. `say` is told each step. */
export async function buildNorthCoop(
  house: House,
  folder: string,
  members: number,
  say: (line: string) => void,
): Promise<Built> {
  const examples = new URL('../../examples/north-coop/', import.meta.url)
  const notice = { id: 'member-card', version: '1' }
  const made = await writeWorld({ folder, members, notice })
  say(`${members} made-up members, ${made.lines} basket lines of twelve months, ${made.events} generated choices`)
  const staged = await setStage(
    house,
    {
      contract: {
        name: 'contract.odcs.yaml',
        text: await readFile(new URL('contract.odcs.yaml', examples), 'utf8'),
      },
      sources: Object.fromEntries(
        Object.entries(made.tables).map(([table, path]) => [table, { kind: 'csv' as const, path }]),
      ),
      notice: { ...notice, language: 'en', text: await readFile(new URL('notice.en.txt', examples), 'utf8') },
      choicesWithoutEvidence: {
        name: 'choices-without-evidence.jsonl',
        text: await readFile(made.choicesWithoutEvidence, 'utf8'),
      },
      choices: { name: 'choices.jsonl', text: await readFile(made.choices, 'utf8') },
      buyers: demoBuyers,
    },
    say,
  )
  return { world: made, ...staged }
}
