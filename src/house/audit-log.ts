import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { amountText } from '../money/amount.ts'
import type { Leaf } from '../tlog/leaves.ts'
import { writeProof } from '../tlog/proof.ts'
import type { House } from './house.ts'
import type { AuditedRelease, CheckpointView, LogEntryView, LogPage } from './views/audit.ts'
import { timeText } from './views/time.ts'

/** At most so many leaves are read for one page, however few of them match. */
const mostRead = 2048n
const pageOfLeaves = 256

export interface LogSearch {
  /** Going forward from this index. Without from and before: the newest. */
  readonly from?: bigint | undefined
  /** Going back from the leaf before this index. */
  readonly before?: bigint | undefined
  readonly kind?: string | undefined
  /** Occurs anywhere in the leaf's text, letter case aside. */
  readonly text?: string | undefined
  readonly limit: number
}

/** Decoded leaves under the newest checkpoint. Everything in the log is public. */
export async function searchLog({ world }: House, search: LogSearch): Promise<LogPage> {
  const { books } = world
  const size = (await books.newestCheckpoint())?.size ?? 0n
  const back = search.from === undefined
  const entries: LogEntryView[] = []
  let at = back ? smaller(search.before ?? size, size) : (search.from ?? 0n)
  const stop = back ? larger(at - mostRead, 0n) : smaller(at + mostRead, size)
  while (at !== stop && entries.length < search.limit && (back ? at > stop : at < stop)) {
    const first = back ? larger(at - BigInt(pageOfLeaves), stop) : at
    const last = back ? at : smaller(at + BigInt(pageOfLeaves), stop)
    const page = await books.leaves(first, Number(last - first))
    for (const { index, data } of back ? page.toReversed() : page) {
      if (entries.length === search.limit) break
      at = back ? index : index + 1n
      const entry = entryOf(index, data, search)
      if (entry !== undefined) entries.push(entry)
    }
    if (page.length === 0) break
  }
  const more = back ? at > 0n : at < size
  return { size: `${size}`, entries, next: more ? `${at}` : undefined }
}

function entryOf(index: bigint, data: Uint8Array, search: LogSearch): LogEntryView | undefined {
  const text = Buffer.from(data).toString('utf8')
  const leaf = JSON.parse(text) as Leaf
  if (search.kind !== undefined && leaf.kind !== search.kind) return undefined
  if (search.text !== undefined && !text.toLowerCase().includes(search.text.toLowerCase())) return undefined
  return { index: `${index}`, kind: leaf.kind, leaf }
}

/** Signed checkpoints, newest first. */
export async function checkpointHistory(
  { world }: House,
  before: bigint | undefined,
  limit: number,
): Promise<{ readonly checkpoints: readonly CheckpointView[]; readonly next: string | undefined }> {
  const upTo = before === undefined ? (1n << 62n) - 1n : before - 1n
  const found = await world.books.checkpoints(upTo, limit + 1)
  const shown = found.slice(0, limit)
  return {
    checkpoints: shown.map(({ size, root, note, at }) => ({ size: `${size}`, root, note, at: timeText(at) })),
    next: found.length > limit ? `${shown.at(-1)?.size}` : undefined,
  }
}

/** Base64 proof that a leaf is in the first `size` leaves; with the checkpoint of that size where one was signed. Refuses request.not_found. */
export async function proveInclusion(
  { world }: House,
  index: bigint,
  size: bigint | undefined,
): Promise<
  Outcome<{
    readonly index: string
    readonly size: string
    readonly path: readonly string[]
    readonly checkpoint: string | undefined
  }>
> {
  const published = (await world.books.newestCheckpoint())?.size ?? 0n
  const tree = size ?? published
  if (index >= tree || tree > published) return notThere(published)
  const path = await world.log.inclusion(index, tree)
  return accept({ index: `${index}`, size: `${tree}`, path, checkpoint: await noteOf(world, tree) })
}

/** Base64 proof that the larger tree only added to the smaller. Refuses request.not_found. */
export async function proveConsistency(
  { world }: House,
  from: bigint,
  to: bigint | undefined,
): Promise<
  Outcome<{
    readonly from: string
    readonly to: string
    readonly path: readonly string[]
    readonly older: string | undefined
    readonly newer: string | undefined
  }>
> {
  const published = (await world.books.newestCheckpoint())?.size ?? 0n
  const tree = to ?? published
  if (from < 1n || from > tree || tree > published) return notThere(published)
  const path = await world.log.consistency(from, tree)
  return accept({
    from: `${from}`,
    to: `${tree}`,
    path,
    older: await noteOf(world, from),
    newer: await noteOf(world, tree),
  })
}

/** One release from its leaf alone, with its period and its proof. Refuses release.unknown: also for one that is not in the log yet. */
export async function auditRelease({ world }: House, id: string): Promise<Outcome<AuditedRelease>> {
  const release = await world.books.release(id)
  const published = (await world.books.newestCheckpoint())?.size ?? 0n
  const unknown = refuse('release.unknown', `the log holds no release "${id.slice(0, 80)}"`, {
    hint: 'GET /v1/log/entries?kind=release',
  })
  if (release?.leafIndex === undefined || release.leafIndex >= published) return unknown
  const [stored] = await world.books.leaves(release.leafIndex, 1)
  if (stored === undefined) return unknown
  const leaf = JSON.parse(Buffer.from(stored.data).toString('utf8')) as Leaf
  const settings = await world.books.settings()
  const period = (await world.books.periods()).find((one) => one.id === release.periodId)
  return accept({
    release: id,
    index: `${release.leafIndex}`,
    leaf,
    postings: postingsOf(leaf),
    currency: settings?.currency ?? '',
    period: period && { id: period.id, openedAt: timeText(period.openedAt), endsAt: timeText(period.endsAt) },
    upperBound: leaf.kind === 'release' ? leaf.upperBound : undefined,
    proof: writeProof(await world.log.prove(release.leafIndex)),
  })
}

/** What moved, as the leaf states it. */
function postingsOf(leaf: Leaf): AuditedRelease['postings'] {
  const line = (account: string, amount: string, words: string) => ({
    account,
    amount: amountText(BigInt(amount)),
    words,
  })
  if (leaf.kind === 'release')
    return [
      line('buyer', leaf.price, 'paid for the release, the fixed fee included'),
      line('pool', leaf.pool, 'to the people who were in it'),
      line('steward', leaf.shares.steward, "the steward's share"),
      line('operator', leaf.shares.operator, "the operator's share"),
      line('reserve', leaf.shares.reserve, 'to the reserve'),
    ]
  if (leaf.kind === 'incident')
    return [
      line('buyer', '0', 'the release failed: the money went back'),
      line('pool', leaf.pool, 'to the people who were in it, paid by the steward'),
    ]
  return []
}

async function noteOf(world: House['world'], size: bigint): Promise<string | undefined> {
  const [found] = await world.books.checkpoints(size, 1)
  return found?.size === size ? found.note : undefined
}

const notThere = (size: bigint) =>
  refuse('request.not_found', `the published tree has ${size} leaves`, {
    hint: 'name an index below the size, and a size that is published',
  })

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b)
