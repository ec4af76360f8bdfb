import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Instant } from '../../base/units.ts'
import type { KeyEntry, QuoteEntry } from '../../release/ports.ts'
import type { Sql } from './session.ts'
import { fromJson, jsonText } from './text.ts'
import { type Opened, write, writeOutcome } from './writing.ts'

/** Books.addKey. */
export function addKey(books: Opened, key: KeyEntry, at: Instant): Promise<void> {
  return write(books, at, async (tx) => {
    await tx.run(
      'insert into key_entry (sequence, id, role, subject, secret_hash, label, created_at) values ($1, $2, $3, $4, $5, $6, $7)',
      [tx.next(), key.id, key.role, key.subject, key.secretHash, key.label, key.createdAt],
    )
    if (key.revokedAt !== undefined)
      await tx.run('insert into key_revocation (sequence, id, at) values ($1, $2, $3)', [
        tx.next(),
        key.id,
        key.revokedAt,
      ])
  })
}

/** Books.revokeKey: the first revocation counts. */
export function revokeKey(books: Opened, id: string, at: Instant): Promise<Outcome<KeyEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<KeyEntry>> => {
    const key = (await keysWhere(tx, 'k.id = $1', [id]))[0]
    if (key === undefined) return refuse('key.unknown', `no key "${id}"`)
    if (key.revokedAt !== undefined) return accept(key)
    await tx.run('insert into key_revocation (sequence, id, at) values ($1, $2, $3)', [tx.next(), id, at])
    return accept({ ...key, revokedAt: at })
  })
}

/** Books.findKey. */
export const findKey = async (sql: Sql, secretHash: string): Promise<KeyEntry | undefined> =>
  (await keysWhere(sql, 'k.secret_hash = $1 and r.at is null', [secretHash]))[0]

/** Books.keys, oldest first. */
export const keys = (sql: Sql): Promise<KeyEntry[]> => keysWhere(sql, 'true', [])

async function keysWhere(sql: Sql, condition: string, values: readonly unknown[]): Promise<KeyEntry[]> {
  const rows = await sql.rows<Omit<KeyEntry, 'revokedAt'> & { revokedAt: bigint | null }>(
    `select k.id, k.role, k.subject, k.secret_hash as "secretHash", k.label, k.created_at as "createdAt", r.at as "revokedAt"
     from key_entry k left join key_revocation r on r.id = k.id where ${condition} order by k.sequence`,
    values,
  )
  return rows.map(({ revokedAt, ...key }) => (revokedAt === null ? key : { ...key, revokedAt }))
}

/** Books.saveQuote. */
export function saveQuote(books: Opened, quote: QuoteEntry): Promise<void> {
  // A quote has no moment of its own but its end; nothing here depends on the day.
  return write(books, quote.expiresAt, async (tx) => {
    // The id follows from what the quote says, so the same quote asked again is the same row.
    if (await tx.row('select 1 as one from quote where id = $1', [quote.id])) return
    await tx.run(
      'insert into quote (sequence, id, buyer, product, purpose, sql, nano, price, period_id, expires_at, shown) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)',
      [
        tx.next(),
        quote.id,
        quote.buyer,
        quote.product,
        quote.purpose,
        quote.sql,
        quote.nano,
        quote.price,
        quote.periodId,
        quote.expiresAt,
        jsonText(quote.shown),
      ],
    )
  })
}

/** Books.quote. */
export async function quote(sql: Sql, id: string): Promise<QuoteEntry | undefined> {
  const row = await sql.row<Omit<QuoteEntry, 'shown'> & { shown: string }>(
    `select id, buyer, product, purpose, sql, nano, price, period_id as "periodId", expires_at as "expiresAt", shown from quote where id = $1`,
    [id],
  )
  return row && { ...row, shown: fromJson(row.shown) }
}
