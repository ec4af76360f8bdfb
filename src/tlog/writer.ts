import { Fault } from '../base/fault.ts'
import { encodeBase64 } from './base64.ts'
import { type Checkpoint, signCheckpoint } from './checkpoint.ts'
import { type Disk, diskAt, storeOn } from './disk.ts'
import {
  checkLog,
  checkpointFile,
  feed,
  forked,
  type LogBooks,
  type LogHouse,
  openStored,
  type StoredCheckpoint,
} from './fsck.ts'
import { type Emit, growFrom, rootOfEdge } from './growth.ts'
import {
  consistencyProof,
  emptyRoot,
  type Hash,
  type HashSource,
  inclusionProof,
  sameHash,
  verifyConsistency,
  verifyInclusion,
} from './merkle.ts'
import type { Signer } from './note.ts'
import { damaged, storedEdge, storedHashes } from './stored.ts'
import { tilePath, tileWidth } from './tile.ts'

export interface LogParts {
  readonly books: LogBooks
  /** The folder that is served: "checkpoint" and "tile/…" appear in it. */
  readonly directory: string
  /** Its name must be the origin. */
  readonly signer: Signer
  readonly origin: string
  /** For tests that fail or stop between two steps. */
  readonly disk?: Disk | undefined
}

/** Publishes the books' leaves as a log of tiles (c2sp.org/tlog-tiles) and proves what it published. */
export interface Log {
  /**
   * Publishes every leaf that the books have queued and gives the newest checkpoint. Bundles and tiles are durable before the checkpoint is
   * signed; the books decide by compare-and-swap which signed checkpoint counts; only that one reaches the file. Safe to repeat after any crash.
   * Throws Fault 'log.damaged', 'log.forked' or 'log.busy'; then nothing new was published.
   */
  publish(at: bigint): Promise<{ readonly size: bigint; readonly root: string; readonly note: string }>
  /** Inclusion proof of a published leaf against the newest checkpoint, base64. Throws Fault 'log.not_published' or 'log.damaged'. */
  prove(
    index: bigint,
  ): Promise<{ readonly index: bigint; readonly path: readonly string[]; readonly checkpoint: string }>
  /** Proofs for any size that is published: every complete subtree of a smaller tree is one of the newest. Throw Fault 'log.not_published'. */
  inclusion(index: bigint, size: bigint): Promise<readonly string[]>
  consistency(from: bigint, to: bigint): Promise<readonly string[]>
  /** checkLog, between two publications. */
  check(): Promise<void>
}

/** Opens the log after checking everything that was signed, see checkLog. */
export async function openLog(parts: LogParts): Promise<Log> {
  const { books, signer, origin } = parts
  if (signer.name !== origin) throw new RangeError(`openLog: the key is named ${signer.name}, the log ${origin}`)
  const log: LogHouse = { books, store: storeOn(parts.disk ?? diskAt(parts.directory)), signer, origin }
  await checkLog(log)

  // One publication at a time; a failed one does not stop the next.
  let last: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = last.then(work, work)
    last = turn
    return turn
  }

  return Object.freeze({
    publish: (at: bigint) => inTurn(() => publish(log, at)),
    prove: (index: bigint) => prove(log, index),
    inclusion: (index: bigint, size: bigint) => proveIn(log, size, (source) => inclusionProof(index, size, source)),
    consistency: (from: bigint, to: bigint) => proveIn(log, to, (source) => consistencyProof(from, to, source)),
    check: () => inTurn(() => checkLog(log)),
  })
}

async function publish(log: LogHouse, at: bigint): Promise<StoredCheckpoint> {
  const { books, store } = log
  for (let attempt = 0; attempt < 5; attempt++) {
    const newest = await books.newestCheckpoint()
    const count = await books.leafCount()
    const signed = newest && openStored(newest, log.signer, log.origin)
    if (count < (signed?.size ?? 0n)) throw forked(`the books have ${count} leaves, ${signed?.size} were signed`)
    if (newest !== undefined && newest.size === count) return show(log, newest)

    const { next, superseded } = await grow(log, signed, count)
    const stored = { size: count, root: encodeBase64(next.root), note: signCheckpoint(next, [log.signer]) }
    // When somebody else was faster, theirs counts; ours was shown to nobody. Begin again from theirs.
    if (!(await books.saveCheckpoint(stored.size, stored.root, stored.note, at))) continue
    await show(log, stored)
    for (const folder of superseded) await store.remove(folder)
    return stored
  }
  throw new Fault('log.busy', 'somebody else is publishing this log all the time', {
    hint: 'One house publishes one log: stop the other process.',
  })
}

/** Writes bundles and tiles from the signed tree to `count` leaves, and gives the checkpoint to sign: never one that does not extend the signed. */
async function grow(
  log: LogHouse,
  signed: Checkpoint | undefined,
  count: bigint,
): Promise<{ next: Checkpoint; superseded: readonly string[] }> {
  const { books, store } = log
  const edge = await storedEdge(store, signed?.size ?? 0n)
  if (!sameHash(rootOfEdge(edge), signed?.root ?? emptyRoot)) {
    // A full check names the file at fault.
    await checkLog(log)
    throw damaged('tile', 'does not give the root that was signed')
  }
  const superseded: string[] = []
  const write: Emit = async (tile, bytes) => {
    const path = tilePath(tile)
    if (tile.width === tileWidth) superseded.push(`${path}.p`)
    // Every tile written here covers leaves that were never signed, so another content is a leftover and may go.
    await store.put(path, bytes)
  }
  const tree = growFrom(edge, write)
  await feed(books, tree, count)
  await tree.finish()

  const next = { origin: log.origin, size: count, root: tree.root() }
  if (signed !== undefined && signed.size > 0n) {
    // From the files as they are now, not from memory: what will be served must carry the proof.
    const proof = await consistencyProof(signed.size, count, storedHashes(store, count))
    const extension = { size1: signed.size, root1: signed.root, size2: count, root2: next.root, proof }
    if (!verifyConsistency(extension))
      throw damaged('tile', `as written does not extend the ${signed.size} leaves that were signed`)
  }
  return { next, superseded }
}

/** Puts the newest stored checkpoint into the file; repeats when a newer one was stored meanwhile, so it never goes back. */
async function show(log: LogHouse, stored: StoredCheckpoint): Promise<StoredCheckpoint> {
  let newest = stored
  for (;;) {
    await log.store.put(checkpointFile, Buffer.from(newest.note, 'utf8'))
    const now = await log.books.newestCheckpoint()
    if (now === undefined || now.size <= newest.size) return newest
    newest = now
  }
}

async function prove(
  log: LogHouse,
  index: bigint,
): Promise<{ readonly index: bigint; readonly path: readonly string[]; readonly checkpoint: string }> {
  const newest = await log.books.newestCheckpoint()
  if (index < 0n || newest === undefined || index >= newest.size)
    throw new Fault('log.not_published', `leaf ${index} is not published yet`, { hint: 'Publish the log first.' })
  const { size, root } = openStored(newest, log.signer, log.origin)
  const source = storedHashes(log.store, size)
  const proof = await inclusionProof(index, size, source)
  const leafHash = await source(0, index)
  // A damaged tile must not leave the house as a proof that fails elsewhere.
  if (!verifyInclusion({ leafHash, index, size, proof, root })) {
    await checkLog(log)
    throw damaged('tile', `does not prove leaf ${index}`)
  }
  return { index, path: proof.map(encodeBase64), checkpoint: newest.note }
}

async function proveIn(
  log: LogHouse,
  size: bigint,
  proof: (source: HashSource) => Promise<readonly Hash[]>,
): Promise<readonly string[]> {
  const newest = await log.books.newestCheckpoint()
  if (newest === undefined || size > newest.size)
    throw new Fault('log.not_published', `a tree of ${size} leaves is not published yet`)
  return (await proof(storedHashes(log.store, newest.size))).map(encodeBase64)
}
