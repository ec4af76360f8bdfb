import { type Bytes, equal, sha256 } from './bytes.ts'

/**
 * Merkle proofs, RFC 9162 section 2.1, checked by following the definition of the tree downwards instead of the loops of the RFC: a second
 * implementation that shares nothing with the one that makes the proofs.
 */

/** A tree as a checkpoint states it. */
export interface Tree {
  readonly size: bigint
  readonly root: Bytes
}

export const leafHash = (data: Bytes): Promise<Bytes> => sha256(Uint8Array.of(0), data)

/** Whether the leaf is at this index of the tree. */
export async function includes(
  tree: Tree,
  leaf: { readonly hash: Bytes; readonly index: bigint; readonly path: readonly Bytes[] },
): Promise<boolean> {
  if (leaf.index < 0n || leaf.index >= tree.size || !areHashes([leaf.hash, tree.root, ...leaf.path])) return false
  const rest = [...leaf.path]
  const root = await rootThrough(leaf.index, tree.size, leaf.hash, rest)
  return root !== undefined && rest.length === 0 && equal(root, tree.root)
}

/** Whether the newer tree begins with exactly the older one's leaves. An empty older tree proves nothing: false. */
export async function extendsTree(older: Tree, newer: Tree, path: readonly Bytes[]): Promise<boolean> {
  if (older.size <= 0n || older.size > newer.size || !areHashes([older.root, newer.root, ...path])) return false
  const rest = [...path]
  const roots = await bothRoots(older.size, newer.size, older.root, true, rest)
  return roots !== undefined && rest.length === 0 && equal(roots.older, older.root) && equal(roots.newer, newer.root)
}

/** A tree that grows: the roots of its full subtrees, the largest first, one for each bit of the size. */
export interface Forest {
  readonly size: bigint
  readonly roots: readonly Bytes[]
}
export const emptyForest: Forest = { size: 0n, roots: [] }

/** One leaf more: as often as the size ends in a one, the last two full subtrees become one (like a carry). */
export async function appendLeaf({ size, roots }: Forest, hash: Bytes): Promise<Forest> {
  const kept = [...roots]
  let last = hash
  for (let rest = size; rest % 2n === 1n; rest /= 2n) last = await nodeHash(kept.pop() as Bytes, last)
  return { size: size + 1n, roots: [...kept, last] }
}

/** MTH of RFC 9162 2.1.1: the subtrees joined from the smallest on; undefined for the empty tree. */
export async function forestRoot({ roots }: Forest): Promise<Bytes | undefined> {
  let root = roots.at(-1)
  for (const left of roots.slice(0, -1).reverse()) root = root && (await nodeHash(left, root))
  return root
}

const nodeHash = (left: Bytes, right: Bytes): Promise<Bytes> => sha256(Uint8Array.of(1), left, right)
const areHashes = (hashes: readonly Bytes[]): boolean =>
  hashes.length <= 66 && hashes.every((hash) => hash.length === 32)

/** Root of a tree of `size` leaves with this one at `index`; the sibling of the highest split is the last hash of the path. */
async function rootThrough(index: bigint, size: bigint, hash: Bytes, path: Bytes[]): Promise<Bytes | undefined> {
  if (size === 1n) return hash
  const sibling = path.pop()
  if (sibling === undefined) return undefined
  const left = split(size)
  if (index < left) {
    const below = await rootThrough(index, left, hash, path)
    return below && nodeHash(below, sibling)
  }
  const below = await rootThrough(index - left, size - left, hash, path)
  return below && nodeHash(sibling, below)
}

/**
 * SUBPROOF of RFC 9162 2.1.4.1 read backwards: the roots of the first m and of all n leaves. While the way down went left only (`whole`), the
 * subtree that ends at m is the older tree itself, whose root the proof leaves out.
 */
async function bothRoots(
  m: bigint,
  n: bigint,
  olderRoot: Bytes,
  whole: boolean,
  path: Bytes[],
): Promise<{ readonly older: Bytes; readonly newer: Bytes } | undefined> {
  if (m === n) {
    const root = whole ? olderRoot : path.pop()
    return root && { older: root, newer: root }
  }
  const sibling = path.pop()
  if (sibling === undefined) return undefined
  const left = split(n)
  if (m <= left) {
    const below = await bothRoots(m, left, olderRoot, whole, path)
    return below && { older: below.older, newer: await nodeHash(below.newer, sibling) }
  }
  const below = await bothRoots(m - left, n - left, olderRoot, false, path)
  return below && { older: await nodeHash(sibling, below.older), newer: await nodeHash(sibling, below.newer) }
}

/** The largest power of two below n. */
function split(n: bigint): bigint {
  let k = 1n
  while (k * 2n < n) k *= 2n
  return k
}
