import { Fault } from '../../base/fault.ts'
import type { Instant } from '../../base/units.ts'
import type { Books, ConsentBatchEntry, ConsentEvent, ConsentSlot } from '../../release/ports.ts'
import { purposesOf } from './house.ts'
import { type EventRow, eventOf } from './persons.ts'
import type { Sql } from './session.ts'
import { type Opened, write } from './writing.ts'

/** Books.unbatchedChoices: a batch takes acts in the order of recording, so what follows the newest batch's last act waits. */
export async function unbatchedChoices(sql: Sql, limit: number): Promise<ConsentEvent[]> {
  const names = await purposesOf(sql)
  const rows = await sql.rows<EventRow>(
    `select e.*, p.key from consent_event e join person p on p.no = e.person
     where e.sequence > (select coalesce(max(up_to), 0) from consent_batch) order by e.sequence limit $1`,
    [limit],
  )
  return rows.map((row) => eventOf(row, names))
}

/** Books.sealConsentBatch. */
export function sealConsentBatch(
  books: Opened,
  batch: Parameters<Books['sealConsentBatch']>[0],
  at: Instant,
  leaf: Uint8Array,
): Promise<void> {
  return write(books, at, async (tx) => {
    const newest = await tx.row<{ number: number; day: number; up_to: bigint }>(
      'select number, day, up_to from consent_batch order by number desc limit 1',
    )
    const waiting = await tx.rows<{ id: string; sequence: bigint }>(
      'select id, sequence from consent_event where sequence > $1 order by sequence limit $2',
      [newest?.up_to ?? 0n, batch.slots.length],
    )
    const inOrder =
      batch.number === (newest?.number ?? 0) + 1 &&
      batch.day > (newest?.day ?? Number.NEGATIVE_INFINITY) &&
      waiting.length === batch.slots.length &&
      waiting.every((act, place) => act.id === batch.slots[place]?.event)
    if (!inOrder) throw outOfOrder(batch.number)
    const sequence = tx.next()
    const index = await tx.leaf(leaf)
    await tx.run(
      'insert into consent_batch (sequence, number, day, capacity, root, up_to, leaf) values ($1, $2, $3, $4, $5, $6, $7)',
      [
        sequence,
        batch.number,
        batch.day,
        batch.capacity,
        batch.root,
        waiting.at(-1)?.sequence ?? newest?.up_to ?? 0n,
        index,
      ],
    )
    const { slots } = batch
    await tx.run(
      `insert into consent_slot (event, batch, slot, salt, path, receipt)
       select event, $1, slot, salt, string_to_array(path, ' '), receipt
       from unnest($2::text[], $3::integer[], $4::text[], $5::text[], $6::text[]) s (event, slot, salt, path, receipt)`,
      [
        batch.number,
        slots.map((one) => one.event),
        slots.map((one) => one.slot),
        slots.map((one) => one.salt),
        slots.map((one) => one.path.join(' ')),
        slots.map((one) => one.receipt),
      ],
    )
  })
}

const outOfOrder = (number: number): Fault =>
  new Fault(
    'books.batch_out_of_order',
    `batch ${number} is not the next one, or does not hold the next acts in their order`,
  )

const batchColumns = 'b.number, b.day, b.capacity, b.root, b.leaf as "leafIndex"'

/** Books.newestConsentBatch. */
export const newestConsentBatch = (sql: Sql): Promise<ConsentBatchEntry | undefined> =>
  sql.row<ConsentBatchEntry>(`select ${batchColumns} from consent_batch b order by number desc limit 1`)

/** Books.consentSlot. */
export async function consentSlot(
  sql: Sql,
  event: string,
): Promise<(ConsentSlot & { readonly batch: ConsentBatchEntry }) | undefined> {
  if (event.includes('\0')) return undefined
  const row = await sql.row<ConsentSlot & ConsentBatchEntry>(
    `select s.event, s.slot, s.salt, s.path, s.receipt, ${batchColumns}
     from consent_slot s join consent_batch b on b.number = s.batch where s.event = $1`,
    [event],
  )
  if (row === undefined) return undefined
  const { slot, salt, path, receipt, ...batch } = row
  const { number, day, capacity, root, leafIndex } = batch
  return { event, slot, salt, path, receipt, batch: { number, day, capacity, root, leafIndex } }
}
