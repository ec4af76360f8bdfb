import { assert } from '../../base/assert.ts'
import { Fault } from '../../base/fault.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Instant } from '../../base/units.ts'
import type { AnswerRules, ContractEntry, HouseSettings, NoticeEntry } from '../../release/ports.ts'
import type { Sql } from './session.ts'
import { exactText, fromExact } from './text.ts'
import { type Opened, settingsOf, write, writeOutcome } from './writing.ts'

/** Books.init. */
export async function init(books: Opened, settings: HouseSettings, at: Instant, leaf: Uint8Array): Promise<void> {
  await write(books, at, async (tx) => {
    if ((await readSettings(tx)) !== undefined) throw new Fault('books.initialised', 'the books have settings already')
    await tx.run('insert into house (sequence, at, settings) values ($1, $2, $3)', [tx.next(), at, exactText(settings)])
    await tx.leaf(leaf)
  })
  books.settings = settings
}

export async function readSettings(sql: Sql): Promise<HouseSettings | undefined> {
  const row = await sql.row<{ settings: string; rules: string | null }>(
    'select settings, (select rules from answer_rules order by sequence desc limit 1) as rules from house',
  )
  if (!row) return undefined
  const settings = fromExact<HouseSettings>(row.settings)
  return row.rules === null ? settings : { ...settings, answers: fromExact<AnswerRules>(row.rules) }
}

/** Books.setAnswerRules. */
export async function setAnswerRules(books: Opened, rules: AnswerRules, at: Instant, leaf: Uint8Array): Promise<void> {
  await write(books, at, async (tx) => {
    settingsOf(tx)
    const sequence = tx.next()
    await tx.run('insert into answer_rules (sequence, at, rules, leaf) values ($1, $2, $3, $4)', [
      sequence,
      at,
      exactText(rules),
      await tx.leaf(leaf),
    ])
  })
  books.settings = { ...settingsOf(books), answers: rules }
}

/** Names of the purposes; the place in the list is the bit. */
export const purposesOf = async (sql: Sql): Promise<readonly string[]> =>
  (await sql.rows<{ name: string }>('select name from purpose order by bit')).map((row) => row.name)

/** Books.applyContract. */
export function applyContract(
  books: Opened,
  entry: ContractEntry,
  at: Instant,
  leaf: Uint8Array,
): Promise<Outcome<ContractEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<ContractEntry>> => {
    const row = await tx.row<ContractRow>('select * from contract where product = $1 and version = $2', [
      entry.product,
      entry.version,
    ])
    if (row !== undefined)
      return row.hash === entry.hash
        ? accept(contractOf(row))
        : refuse('contract.version_exists', `${entry.product} ${entry.version} is applied already with another content`)
    const sequence = tx.next()
    const known = await purposesOf(tx)
    const fresh = entry.purposes.filter((name, place, all) => !known.includes(name) && all.indexOf(name) === place)
    assert(known.length + fresh.length <= 31, 'at most 31 purposes fit the mask')
    for (const [place, name] of fresh.entries()) {
      const bit = known.length + place
      await tx.run('insert into purpose (bit, name, registered) values ($1, $2, $3)', [bit, name, sequence])
      await tx.run('insert into public_index (purpose) values ($1)', [bit])
    }
    const { budget } = entry
    await tx.run(
      'insert into contract (sequence, product, version, hash, yaml, purposes, budget_nano, budget_days, budget_max, applied_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [
        sequence,
        entry.product,
        entry.version,
        entry.hash,
        entry.yaml,
        entry.purposes,
        budget.nano,
        budget.days,
        budget.maxPerRelease,
        entry.appliedAt,
      ],
    )
    await tx.leaf(leaf)
    return accept(entry)
  })
}

/** Books.contracts: the one applied last is the newest of its product. */
export async function contracts(sql: Sql): Promise<ContractEntry[]> {
  const rows = await sql.rows<ContractRow>(
    'select distinct on (product) * from contract order by product, sequence desc',
  )
  return rows.map(contractOf)
}

interface ContractRow {
  readonly product: string
  readonly version: string
  readonly hash: string
  readonly yaml: string
  readonly purposes: readonly string[]
  readonly budget_nano: bigint
  readonly budget_days: number
  readonly budget_max: bigint
  readonly applied_at: bigint
}

const contractOf = (row: ContractRow): ContractEntry => ({
  product: row.product,
  version: row.version,
  hash: row.hash,
  yaml: row.yaml,
  purposes: row.purposes,
  budget: { nano: row.budget_nano, days: row.budget_days, maxPerRelease: row.budget_max },
  appliedAt: row.applied_at,
})

/** Books.publishNotice. */
export function publishNotice(
  books: Opened,
  entry: NoticeEntry,
  at: Instant,
  leaf: Uint8Array,
): Promise<Outcome<NoticeEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<NoticeEntry>> => {
    const known = (await notices(tx)).find(
      (one) => one.id === entry.id && one.version === entry.version && one.language === entry.language,
    )
    if (known !== undefined)
      return known.hash === entry.hash
        ? accept(known)
        : refuse('request.idempotency_conflict', `notice ${entry.id} ${entry.version} is published with another text`)
    await tx.run(
      'insert into notice (sequence, id, version, language, purposes, text, hash, published_at) values ($1, $2, $3, $4, $5, $6, $7, $8)',
      [tx.next(), entry.id, entry.version, entry.language, entry.purposes, entry.text, entry.hash, entry.publishedAt],
    )
    await tx.leaf(leaf)
    return accept(entry)
  })
}

/** Books.notices, oldest first. */
export function notices(sql: Sql): Promise<NoticeEntry[]> {
  return sql.rows<NoticeEntry>(
    'select id, version, language, purposes, text, hash, published_at as "publishedAt" from notice order by sequence',
  )
}
