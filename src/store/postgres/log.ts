import { assert } from '../../base/assert.ts'
import type { Instant } from '../../base/units.ts'
import type { Sql } from './session.ts'
import { type Opened, write } from './writing.ts'

/** Books.leaves. */
export function leaves(sql: Sql, from: bigint, limit: number): Promise<{ index: bigint; data: Buffer }[]> {
  return sql.rows('select index, data from leaf where index >= $1 order by index limit $2', [from, limit])
}

/** Books.leafCount. */
export const leafCount = async (sql: Sql): Promise<bigint> =>
  (await sql.row<{ leaves: bigint }>('select leaves from progress'))?.leaves ?? 0n

/** Books.saveCheckpoint: compare-and-swap by size. A checkpoint covers no more leaves than there are. */
export function saveCheckpoint(books: Opened, size: bigint, root: string, note: string, at: Instant): Promise<boolean> {
  return write(books, at, async (tx) => {
    assert(size >= 0n && size <= (await leafCount(tx)), 'a checkpoint covers leaves that exist')
    const newest = await newestCheckpoint(tx)
    if (newest !== undefined && size <= newest.size) return false
    await tx.run('insert into checkpoint (size, root, note, at) values ($1, $2, $3, $4)', [size, root, note, at])
    return true
  })
}

/** Books.newestCheckpoint. */
export const newestCheckpoint = (sql: Sql): Promise<{ size: bigint; root: string; note: string } | undefined> =>
  sql.row('select size, root, note from checkpoint order by size desc limit 1')

/** Books.checkpoints. */
export const checkpoints = (
  sql: Sql,
  upTo: bigint,
  limit: number,
): Promise<{ size: bigint; root: string; note: string; at: bigint }[]> =>
  sql.rows('select size, root, note, at from checkpoint where size <= $1 order by size desc limit $2', [upTo, limit])
