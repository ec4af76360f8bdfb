import { sha256 } from '../../base/hash.ts'
import { consentDomain } from '../../consent/receipt.ts'
import { decodeHash } from '../../tlog/base64.ts'
import { leafHash, verifyInclusion } from '../../tlog/merkle.ts'
import { broken, count, type Findings } from './check.ts'
import type { Sql } from './session.ts'

/** Batches of acts of consent: in the log as they are, one act in one place, and every place proves its act. */
export async function checkConsentBatches(sql: Sql, findings: Findings): Promise<void> {
  findings.note(
    'batches of acts of consent are numbered without a gap, a day each, with their root in the log',
    await count(sql, 'consent_batch'),
    await broken(
      sql,
      `select 'batch ' || b.number from (select *, row_number() over (order by sequence) as place, lag(day) over (order by sequence) as before,
         lag(up_to) over (order by sequence) as reached from consent_batch) b left join leaf l on l.index = b.leaf
       where b.number <> b.place or b.day <= b.before or b.up_to < b.reached
         or convert_from(l.data, 'UTF8')::json ->> 'root' is distinct from b.root`,
    ),
  )
  const wrong: string[] = []
  let places = 0
  await sql.run(
    `declare places no scroll cursor for select s.event, s.slot, s.salt, s.path, s.receipt, b.capacity, b.root, e.sequence <= b.up_to as reached
     from consent_slot s join consent_batch b on b.number = s.batch join consent_event e on e.id = s.event`,
  )
  for (;;) {
    const rows = await sql.rows<PlaceRow>('fetch 5000 from places')
    if (rows.length === 0) break
    places += rows.length
    for (const row of rows) if (!proves(row)) wrong.push(`act ${row.event}`)
  }
  await sql.run('close places')
  findings.note('every act of consent in a batch is proved by its salt and its path', places, wrong)
}

interface PlaceRow {
  readonly event: string
  readonly slot: number
  readonly salt: string
  readonly path: readonly string[]
  readonly receipt: string
  readonly capacity: number
  readonly root: string
  readonly reached: boolean
}

function proves(row: PlaceRow): boolean {
  const commitment = sha256(consentDomain, Buffer.from(row.salt, 'hex'), row.receipt)
  return (
    row.reached &&
    verifyInclusion({
      leafHash: leafHash(commitment),
      index: BigInt(row.slot),
      size: BigInt(row.capacity),
      proof: row.path.map((hash) => decodeHash(hash) ?? new Uint8Array()),
      root: Buffer.from(row.root, 'hex'),
    })
  )
}
