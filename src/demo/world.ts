import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { dayText, parseDay } from '../base/instant.ts'
import type { Day } from '../base/units.ts'
import { type Baskets, makeBaskets } from './baskets.ts'
import { makeChoices, type Notice } from './choices.ts'
import { products } from './goods.ts'
import { makeMembers, memberLines } from './members.ts'

export interface WorldRequest {
  /** Made when missing. Files of the same names are replaced. */
  readonly folder: string
  readonly seed?: string
  readonly members?: number
  /** The data holds the twelve months that end on this day. */
  readonly lastDay?: Day
  /** What the generated choices say was shown. */
  readonly notice?: Notice
}

export interface WorldReport {
  /** By table of the contract. */
  readonly tables: { readonly members: string; readonly products: string; readonly basket_lines: string }
  readonly choices: string
  /** Yeses that nothing proves: `usufruct consent import` refuses this file. */
  readonly choicesWithoutEvidence: string
  readonly members: number
  readonly products: number
  readonly lines: number
  /** Lines that a load leaves out, by what is wrong with them. */
  readonly faulty: Baskets['counts']['faulty']
  readonly events: number
  /** People whose newest choice is a yes, by purpose. */
  readonly given: Readonly<Record<string, number>>
  readonly from: Day
  readonly to: Day
}

/** The time span that examples/north-coop/contract.odcs.yaml declares ends here. */
export const defaultLastDay = parseDay('2026-11-30') as Day
export const defaultSeed = 'north-coop'
const defaultMembers = 20_000
/** Members whose region the contract does not declare. */
const faultyMembers = 3

/**
 * Writes the made-up world of North Co-op: members, products and basket lines as CSV, choices as JSON Lines. The same request writes the same bytes.
 * Nobody in it exists; the choices are generated and their evidence says so. Throws what the file system throws.
 */
export async function writeWorld(request: WorldRequest): Promise<WorldReport> {
  const { folder, seed = defaultSeed, members: count = defaultMembers, lastDay = defaultLastDay } = request
  const notice = request.notice ?? { id: 'product-insight', version: '1' }
  const path = (name: string) => join(folder, name)
  await mkdir(folder, { recursive: true })

  const members = makeMembers(seed, count, lastDay)
  await writeFile(path('members.csv'), memberLines(members, faultyMembers))
  await writeFile(path('products.csv'), productLines())

  const from = twelveMonthsBefore(lastDay)
  const baskets = makeBaskets(seed, members, from, lastDay)
  await writePieces(path('basket_lines.csv'), baskets)

  const choices = makeChoices(seed, members, lastDay, notice)
  await writeFile(path('choices.jsonl'), lines(choices.events))
  await writeFile(path('choices-without-evidence.jsonl'), lines(choices.withoutEvidence))

  return {
    tables: {
      members: path('members.csv'),
      products: path('products.csv'),
      basket_lines: path('basket_lines.csv'),
    },
    choices: path('choices.jsonl'),
    choicesWithoutEvidence: path('choices-without-evidence.jsonl'),
    members: members.length,
    products: products.length,
    lines: baskets.counts.lines,
    faulty: baskets.counts.faulty,
    events: choices.events.length,
    given: choices.given,
    from,
    to: lastDay,
  }
}

/** The day after the same day one year earlier. */
function twelveMonthsBefore(lastDay: Day): Day {
  const [year = '', month, day] = dayText(lastDay).split('-')
  const before = parseDay(`${Number(year) - 1}-${month}-${day}`) ?? parseDay(`${Number(year) - 1}-02-28`)
  return (before as Day) + 1
}

export const productLines = (): string =>
  `product_id,name,category,brand\n${lines(products.map(({ id, name, category, brand }) => [id, name, category, brand].join(',')))}`

const lines = (texts: readonly string[]): string => texts.map((text) => `${text}\n`).join('')

async function writePieces(path: string, baskets: Baskets): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.write(baskets.columns)
    for (const piece of baskets.pieces) await file.write(piece)
  } finally {
    await file.close()
  }
}
