import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { ContractEntry, ReleaseEntry } from '../release/ports.ts'
import type { World } from '../release/world.ts'

/** What is looked up by name through every door, refused in the same words. */

/** The contract of a product. Refuses product.unknown. */
export async function findProduct(name: string, world: World): Promise<Outcome<ContractEntry>> {
  const entry = (await world.books.contracts()).find((one) => one.product === name)
  return entry
    ? accept(entry)
    : refuse('product.unknown', `there is no data product "${name.slice(0, 80)}"`, {
        hint: 'list the products to see their names',
      })
}

/** A release that this buyer may see; without a buyer, any. Somebody else's looks exactly like one that does not exist: release.unknown. */
export async function findRelease(id: string, buyer: string | undefined, world: World): Promise<Outcome<ReleaseEntry>> {
  const release = await world.books.release(id)
  return release && (buyer === undefined || release.buyer === buyer)
    ? accept(release)
    : refuse('release.unknown', `there is no release "${id.slice(0, 80)}"`, {
        hint: 'list the releases to see their ids',
      })
}

/** The stored receipt, byte for byte. Refuses release.unknown, also while the release has none. */
export async function findReceipt(id: string, buyer: string | undefined, world: World): Promise<Outcome<string>> {
  const release = await findRelease(id, buyer, world)
  if (!release.ok) return release
  return release.value.receipt === undefined
    ? refuse('release.unknown', `the release "${id.slice(0, 80)}" has no receipt`, {
        hint: 'only what was answered has one',
      })
    : accept(release.value.receipt)
}
