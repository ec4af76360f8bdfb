import { sha256 } from '../../base/hash.ts'
import { consentDomain } from '../../consent/receipt.ts'
import { decodeHash, encodeBase64 } from '../../tlog/base64.ts'
import { leafHash, nodeHash } from '../../tlog/merkle.ts'
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
  let batch: Proved = { number: 0, known: new Map() }
  await sql.run(
    `declare places no scroll cursor for select s.event, s.batch, s.slot, s.salt, s.path, s.receipt, b.capacity, b.root, e.sequence <= b.up_to as reached
     from consent_slot s join consent_batch b on b.number = s.batch join consent_event e on e.id = s.event order by s.batch`,
  )
  for (;;) {
    const rows = await sql.rows<PlaceRow>('fetch 5000 from places')
    if (rows.length === 0) break
    places += rows.length
    for (const row of rows) {
      if (row.batch !== batch.number) batch = { number: row.batch, known: new Map() }
      if (!row.reached || !proves(row, batch.known)) wrong.push(`act ${row.event}`)
    }
  }
  await sql.run('close places')
  findings.note('every act of consent in a batch is proved by its salt and its path', places, wrong)
}

interface PlaceRow {
  readonly event: string
  readonly batch: number
  readonly slot: number
  readonly salt: string
  readonly path: readonly string[]
  readonly receipt: string
  readonly capacity: number
  readonly root: string
  readonly reached: boolean
}
/** Nodes of one batch, base64, that a path up to the root has proved: where another path meets one, the rest of it needs no hashing. */
interface Proved {
  readonly number: number
  readonly known: Map<string, string>
}

function proves(row: PlaceRow, known: Proved['known']): boolean {
  const { slot, path, capacity } = row
  if (2 ** path.length !== capacity || slot < 0 || slot >= capacity) return false
  let node = leafHash(sha256(consentDomain, Buffer.from(row.salt, 'hex'), row.receipt))
  let level = 0
  const met: [string, string][] = []
  for (; level < path.length && !known.has(place(level, slot >> level)); level++) {
    const index = slot >> level
    const sibling = decodeHash(path[level] as string)
    if (sibling === undefined) return false
    met.push([place(level, index), encodeBase64(node)], [place(level, index ^ 1), path[level] as string])
    node = index % 2 === 0 ? nodeHash(node, sibling) : nodeHash(sibling, node)
  }
  const expected =
    level === path.length ? encodeBase64(Buffer.from(row.root, 'hex')) : known.get(place(level, slot >> level))
  const rest = path.slice(level).every((hash, i) => known.get(place(level + i, (slot >> (level + i)) ^ 1)) === hash)
  if (encodeBase64(node) !== expected || !rest) return false
  for (const [at, hash] of met) known.set(at, hash)
  return true
}

const place = (level: number, index: number): string => `${level}/${index}`
