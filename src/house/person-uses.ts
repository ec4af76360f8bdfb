import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { House } from './house.ts'
import { readUse, type Use } from './views/uses.ts'

/** Uses of a person's data, newest first, a page at a time. Refuses person.unknown. */
export async function ownUses(
  house: House,
  person: string,
  page: { readonly before?: string | undefined; readonly limit: number },
): Promise<Outcome<{ readonly uses: readonly Use[]; readonly next: string | undefined; readonly total: number }>> {
  const { books, clock } = house.world
  const statement = await books.statement(person, clock.now())
  if (!statement.ok) return statement
  const all = statement.value.releases
  const start = page.before === undefined ? 0 : all.findIndex((one) => one.id === page.before) + 1
  if (page.before !== undefined && start === 0) return unknown(page.before)
  const shown = all.slice(start, start + page.limit)
  const names = await buyerNames(house)
  const uses: Use[] = []
  for (const stated of shown)
    uses.push(readUse(stated, await books.release(stated.id), names.get(stated.buyer) ?? stated.buyer))
  const more = start + shown.length < all.length
  return accept({ uses, next: more ? shown.at(-1)?.id : undefined, total: all.length })
}

/** One use with the receipt that proves it. Somebody else's is as unknown as one that does not exist. Refuses release.unknown. */
export async function ownUse(
  house: House,
  person: string,
  id: string,
): Promise<Outcome<Use & { readonly receipt: string | undefined }>> {
  const { books, clock } = house.world
  const statement = await books.statement(person, clock.now())
  if (!statement.ok) return statement
  const stated = statement.value.releases.find((one) => one.id === id)
  if (stated === undefined) return unknown(id)
  const release = await books.release(id)
  const names = await buyerNames(house)
  return accept({
    ...readUse(stated, release, names.get(stated.buyer) ?? stated.buyer),
    receipt: release?.buyer === 'house' ? undefined : release?.receipt,
  })
}

export async function buyerNames({ world }: House): Promise<ReadonlyMap<string, string>> {
  const { books } = world
  const names = new Map((await books.buyers()).map((buyer) => [buyer.id, buyer.name]))
  return names.set('house', (await books.settings())?.name ?? 'the house')
}

const unknown = (id: string) =>
  refuse('release.unknown', `you were in no release "${id.slice(0, 80)}"`, { hint: 'GET /v1/me/uses' })
