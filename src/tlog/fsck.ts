import { Fault } from '../base/fault.ts'
import { encodeBase64 } from './base64.ts'
import { type Checkpoint, openCheckpoint } from './checkpoint.ts'
import { type Disk, type Store, sameBytes, temporaryFolder } from './disk.ts'
import { type Emit, emptyEdge, type Growth, growFrom } from './growth.ts'
import { readVerifier, type Signer, type Verifier } from './note.ts'
import { damaged } from './stored.ts'
import { bundleBytes, type Tile, tileBytes, tilePath, tileWidth } from './tile.ts'

/** What the log needs of the books. */
export interface LogBooks {
  leaves(from: bigint, limit: number): Promise<readonly { readonly index: bigint; readonly data: Uint8Array }[]>
  leafCount(): Promise<bigint>
  saveCheckpoint(size: bigint, root: string, note: string, at: bigint): Promise<boolean>
  newestCheckpoint(): Promise<StoredCheckpoint | undefined>
}
/** `root` in base64, as in the note. */
export interface StoredCheckpoint {
  readonly size: bigint
  readonly root: string
  readonly note: string
}

/** The parts that every operation of the log works with. */
export interface LogHouse {
  readonly books: LogBooks
  readonly store: Store
  readonly signer: Signer
  readonly origin: string
}

export const checkpointFile = 'checkpoint'

/**
 * Recomputes the signed tree from the books' leaves and compares it with the newest checkpoint and with every file that it stands on.
 * Throws Fault 'log.damaged' naming what disagrees, 'log.forked' when a published checkpoint is not the beginning of the books' tree,
 * 'log.key_mismatch' when another key signed. Files that are missing are rebuilt, but only after everything else agreed.
 */
export async function checkLog(log: LogHouse): Promise<void> {
  const { books, store } = log
  await store.remove(temporaryFolder)
  const newest = await books.newestCheckpoint()
  const signed = newest && openStored(newest, log.signer, log.origin)
  const published = await readPublished(store, log.signer, log.origin)
  if (published !== undefined && published.size > (signed?.size ?? -1n))
    throw forked(`the published checkpoint has ${published.size} leaves, the books signed ${signed?.size ?? 'none'}`)
  if (newest === undefined || signed === undefined) return

  const found = { wrong: [] as string[], missing: 0, superseded: [] as string[] }
  let publishedRoot: string | undefined
  const tree = growFrom(emptyEdge, async (tile, bytes, parts) => {
    const path = tilePath(tile)
    const stored = await store.read(path)
    if (stored === undefined) found.missing++
    else if (!sameBytes(stored, bytes)) found.wrong.push(path)
    await checkPartials(store, tile, parts, found)
  })
  await feed(books, tree, signed.size, () => {
    if (tree.size() === published?.size) publishedRoot = encodeBase64(tree.root())
  })
  await tree.finish()

  if (encodeBase64(tree.root()) !== newest.root)
    throw damaged(found.wrong[0] ?? 'the books', `and the checkpoint of ${signed.size} leaves disagree`)
  if (found.wrong[0] !== undefined) throw damaged(found.wrong[0], 'does not follow from the leaves that were signed')
  if (published !== undefined && publishedRoot !== encodeBase64(published.root))
    throw forked(`the published checkpoint of ${published.size} leaves has another root than the books’ tree`)

  if (found.missing > 0) await rebuild(books, store, signed.size)
  for (const folder of found.superseded) await store.remove(folder)
  if (published?.size !== signed.size) await store.put(checkpointFile, Buffer.from(newest.note, 'utf8'))
}

/** Reads the books' newest checkpoint back as what this log's key signed. */
export function openStored(stored: StoredCheckpoint, signer: Signer, origin: string): Checkpoint {
  const opened = openCheckpoint(stored.note, origin, [verifierOf(signer)])
  if (!opened.ok)
    throw new Fault('log.key_mismatch', `the books’ newest checkpoint does not open: ${opened.reason}`, {
      hint: 'The log goes on only with the key and the origin that it began with.',
    })
  const { size, root } = opened.checkpoint
  if (size !== stored.size || encodeBase64(root) !== stored.root)
    throw damaged('the books', `hold a checkpoint whose note says ${size} leaves and another row`)
  return opened.checkpoint
}

/** Feeds the leaves that the tree does not have yet, up to `size`. Throws Fault 'log.damaged' when the books have a gap. */
export async function feed(books: LogBooks, tree: Growth, size: bigint, each: () => void = () => {}): Promise<void> {
  while (tree.size() < size) {
    const left = size - tree.size()
    const page = await books.leaves(tree.size(), left < 512n ? Number(left) : 512)
    if (page.length === 0) throw damaged('the books', `have no leaf ${tree.size()} of ${size}`)
    for (const { index, data } of page) {
      if (index !== tree.size()) throw damaged('the books', `have leaf ${index} in the place of leaf ${tree.size()}`)
      if (index >= size) break
      await tree.append(data)
      each()
    }
  }
}

export const forked = (what: string): Fault =>
  new Fault('log.forked', `the log would fork: ${what}`, {
    hint: 'The books are probably an older copy than the published log. Restore the newest copy of the books; nothing is signed before.',
  })

function verifierOf(signer: Signer): Verifier {
  const verifier = readVerifier(signer.vkey)
  if (verifier === undefined) throw new RangeError('the signer has no readable public key')
  return verifier
}

/** The checkpoint that the world sees. One that our key did not sign is damage: it can be deleted and is then written again. */
async function readPublished(disk: Disk, signer: Signer, origin: string): Promise<Checkpoint | undefined> {
  const bytes = await disk.read(checkpointFile)
  if (bytes === undefined) return undefined
  const opened = openCheckpoint(Buffer.from(bytes).toString('utf8'), origin, [verifierOf(signer)])
  if (!opened.ok) throw damaged(checkpointFile, `does not open with this log’s key: ${opened.reason}`)
  return opened.checkpoint
}

/** Older partial tiles must begin the newest; beside a full tile they are no longer needed. */
async function checkPartials(
  disk: Disk,
  tile: Tile,
  parts: readonly Uint8Array[],
  found: { wrong: string[]; superseded: string[] },
): Promise<void> {
  const folder = `${tilePath({ ...tile, width: tileWidth })}.p`
  const names = await disk.list(folder)
  if (tile.width === tileWidth && names.length > 0) found.superseded.push(folder)
  for (const name of names) {
    // Wider ones are left from a crash before they were signed; publishing writes them again.
    const width = /^[1-9]\d{0,2}$/.test(name) ? Number(name) : tileWidth
    if (width >= tile.width) continue
    const prefix = parts.slice(0, width)
    const bytes = tile.level === 'entries' ? bundleBytes(prefix) : tileBytes(prefix)
    const stored = await disk.read(`${folder}/${name}`)
    if (stored === undefined || !sameBytes(stored, bytes)) found.wrong.push(`${folder}/${name}`)
  }
}

async function rebuild(books: LogBooks, store: Store, size: bigint): Promise<void> {
  const emit: Emit = async (tile, bytes) => {
    const path = tilePath(tile)
    if ((await store.read(path)) === undefined) await store.put(path, bytes)
  }
  const tree = growFrom(emptyEdge, emit)
  await feed(books, tree, size)
  await tree.finish()
}
