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

/**
 * Releases that this buyer may see, newest first, after the last one seen; `next` when there are more. Refuses release.unknown for a last one that is
 * not among them: somebody else's says nothing about when it was made.
 */
export async function pageOfReleases(
  page: { readonly buyer: string | undefined; readonly before: string | undefined; readonly limit: number },
  world: World,
): Promise<Outcome<{ readonly releases: readonly ReleaseEntry[]; readonly next: string | undefined }>> {
  const { buyer, before, limit } = page
  if (before !== undefined) {
    const last = await findRelease(before, buyer, world)
    if (!last.ok) return last
  }
  const found = await world.books.releases({
    ...(buyer === undefined ? {} : { buyer }),
    ...(before === undefined ? {} : { before }),
    limit: limit + 1,
  })
  const releases = found.slice(0, limit)
  return accept({ releases, next: found.length > limit ? releases.at(-1)?.id : undefined })
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
