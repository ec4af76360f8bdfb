import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseDay } from '../../base/instant.ts'
import type { Day } from '../../base/units.ts'
import { makeBaskets } from '../baskets.ts'
import { type Member, memberLines } from '../members.ts'
import { makePrng } from '../prng.ts'
import { productLines } from '../world.ts'
import type { ContractVersion } from './contracts.ts'

const day = (text: string): Day => parseDay(text) as Day
const diets = ['lactose-free', 'gluten-free', 'no nuts']

/**
 * The files of each load: the register and the purchases as they were on that morning. One history is drawn for all of them, so that a purchase which
 * stands in two loads is the same line. Gives the number of basket lines of each.
 */
export async function writeYear(
  folder: string,
  seed: string,
  members: readonly Member[],
  versions: readonly ContractVersion[],
): Promise<readonly number[]> {
  const folders = versions.map((one) => folderOf(folder, one))
  for (const [at, one] of versions.entries()) {
    await mkdir(folders[at] as string, { recursive: true })
    const known = members.filter((member) => member.joinedOn <= day(one.days[1]))
    const register = memberLines(known, 3)
    await writeFile(join(folders[at] as string, 'members.csv'), one.diet ? withDiet(register, seed) : register)
    await writeFile(join(folders[at] as string, 'products.csv'), productLines())
  }
  const files = await Promise.all(folders.map((one) => open(join(one, 'basket_lines.csv'), 'w')))
  const counts = versions.map(() => 0)
  try {
    const from = versions.map((one) => one.days[0])
    const to = versions.map((one) => one.days[1])
    const baskets = makeBaskets(seed, members, day(from[0] as string), day(to.at(-1) as string), 2)
    for (const file of files) await file.write(baskets.columns)
    for (const piece of baskets.pieces) {
      const parts = versions.map(() => [] as string[])
      for (const line of piece.split('\n')) {
        if (line === '') continue
        const bought = boughtOn(line)
        for (let at = 0; at < parts.length; at++)
          if (bought >= (from[at] as string) && bought <= (to[at] as string)) parts[at]?.push(line)
      }
      for (const [at, part] of parts.entries()) {
        counts[at] = (counts[at] as number) + part.length
        if (part.length > 0) await files[at]?.write(`${part.join('\n')}\n`)
      }
    }
  } finally {
    for (const file of files) await file.close()
  }
  return counts
}

/** Where a version's load finds its files. */
export const folderOf = (folder: string, one: ContractVersion): string => join(folder, `load-${one.from}`)

/** The fourth cell of a basket line. */
function boughtOn(line: string): string {
  let comma = -1
  for (let cell = 0; cell < 3; cell++) comma = line.indexOf(',', comma + 1)
  return line.slice(comma + 1, comma + 11)
}

/** A member's own every time, whatever else the register holds. */
function withDiet(register: string, seed: string): string {
  const [header, ...rows] = register.trimEnd().split('\n')
  const dietOf = (row: string) => {
    const draw = makePrng(seed, `diet of ${row.slice(0, row.indexOf(','))}`)
    return draw.oneIn(15) ? diets[draw.below(diets.length)] : 'none'
  }
  return [`${header},diet`, ...rows.map((row) => `${row},${dietOf(row)}`), ''].join('\n')
}
