import { readdir, stat } from 'node:fs/promises'
import type { House } from '../../../src/house/house.ts'

/** Whatever a refusal may not touch: all but its own entry, which says that there was one. */
export async function everything(house: House) {
  const { books } = house.world
  const files = (await readdir(house.home.data)).sort()
  return {
    sequence: (await books.sequence()) - BigInt((await books.refusals({ limit: 1_000_000 })).length),
    balances: await books.balances(),
    leaves: await books.leafCount(),
    files: await Promise.all(files.map(async (name) => [name, (await stat(`${house.home.data}/${name}`)).size])),
  }
}
