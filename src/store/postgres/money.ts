import { assert } from '../../base/assert.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Instant, Micro } from '../../base/units.ts'
import type { BuyerEntry } from '../../release/ports.ts'
import { purposesOf } from './house.ts'
import type { Sql } from './session.ts'
import { type Opened, type Writing, writeOutcome } from './writing.ts'

/** Accounts that may go below zero: the outside world, what the house advances, and a pool whose N^ fell below the exact count. */
export const mayBeNegative: readonly string[] = ['external', 'steward', 'reserve', 'pool']

export const prepaid = (buyer: string): string => `prepaid:${buyer}`
export const pending = (release: string): string => `pending:${release}`

export interface Line {
  readonly from: string
  readonly to: string
  readonly amount: Micro
}

/** Appends a journal entry and moves the balances; lines of nothing are left out, and an entry without lines is none. One entry per kind and subject. */
export async function writeJournal(tx: Writing, kind: string, subject: string, lines: readonly Line[]): Promise<void> {
  assert(
    lines.every((line) => line.amount >= 0n),
    'a journal line moves an amount that is not negative',
  )
  const moved = lines.filter((line) => line.amount > 0n)
  if (moved.length === 0) return
  const sequence = tx.next()
  await tx.run('insert into journal_entry (sequence, kind, subject, at) values ($1, $2, $3, $4)', [
    sequence,
    kind,
    subject,
    tx.at,
  ])
  const postings = moved.flatMap((line) => [
    { account: line.from, amount: -line.amount },
    { account: line.to, amount: line.amount },
  ])
  const columns = [postings.map((posting) => posting.account), postings.map((posting) => posting.amount)]
  await tx.run(
    'insert into posting (entry, line, account, amount) select $1::bigint, place, account, amount from unnest($2::text[], $3::numeric[]) with ordinality u (account, amount, place)',
    [sequence, ...columns],
  )
  const after = await tx.rows<{ account: string; amount: bigint }>(
    `insert into balance (account, amount) select account, sum(amount) from unnest($1::text[], $2::numeric[]) u (account, amount) group by account
     on conflict (account) do update set amount = balance.amount + excluded.amount returning account, amount`,
    columns,
  )
  for (const { account, amount } of after)
    assert(amount >= 0n || mayBeNegative.includes(account), `the account ${account} does not go below zero`)
}

/** Books.balances. */
export async function balances(sql: Sql): Promise<Record<string, Micro>> {
  const rows = await sql.rows<{ account: string; amount: bigint }>(
    'select account, amount from balance order by account',
  )
  return Object.fromEntries(rows.map((row) => [row.account, row.amount]))
}

export async function balanceOf(sql: Sql, account: string): Promise<Micro> {
  return (await sql.row<{ amount: bigint }>('select amount from balance where account = $1', [account]))?.amount ?? 0n
}

/** Books.addBuyer. The house itself is the buyer of head counts. */
export function addBuyer(
  books: Opened,
  buyer: { readonly id: string; readonly name: string },
  at: Instant,
): Promise<Outcome<BuyerEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<BuyerEntry>> => {
    const taken = await tx.row('select 1 as one from buyer where id = $1 or name = $2', [buyer.id, buyer.name])
    if (taken !== undefined || buyer.id === 'house')
      return refuse('buyer.exists', `there is a buyer "${buyer.name}" already`)
    await tx.run('insert into buyer (sequence, at, id, name) values ($1, $2, $3, $4)', [
      tx.next(),
      at,
      buyer.id,
      buyer.name,
    ])
    return found(tx, buyer.id)
  })
}

/** Books.approveBuyer. */
export function approveBuyer(books: Opened, id: string, purpose: string, at: Instant): Promise<Outcome<BuyerEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<BuyerEntry>> => {
    const buyer = await found(tx, id)
    if (!buyer.ok) return buyer
    const bit = (await purposesOf(tx)).indexOf(purpose)
    if (bit < 0) return refuse('consent.purpose_unknown', `no purpose "${purpose}"`)
    if (!buyer.value.purposes.includes(purpose))
      await tx.run('insert into approval (sequence, at, buyer, purpose) values ($1, $2, $3, $4)', [
        tx.next(),
        at,
        id,
        bit,
      ])
    return found(tx, id)
  })
}

/** Books.fundBuyer: one journal entry per reference. */
export function fundBuyer(
  books: Opened,
  id: string,
  amount: Micro,
  reference: string,
  at: Instant,
): Promise<Outcome<BuyerEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<BuyerEntry>> => {
    const buyer = await found(tx, id)
    if (!buyer.ok) return buyer
    if (amount <= 0n) return refuse('market.amount_invalid', 'the amount is not positive')
    const known = await tx.row<{ account: string; amount: bigint }>(
      `select p.account, p.amount from journal_entry j join posting p on p.entry = j.sequence where j.kind = 'fund' and j.subject = $1 and p.amount > 0`,
      [reference],
    )
    if (known !== undefined && (known.account !== prepaid(id) || known.amount !== amount))
      return refuse('request.idempotency_conflict', `"${reference}" was used for another payment`)
    if (known === undefined) await writeJournal(tx, 'fund', reference, [{ from: 'external', to: prepaid(id), amount }])
    return found(tx, id)
  })
}

async function found(sql: Sql, id: string): Promise<Outcome<BuyerEntry>> {
  const buyer = (await buyers(sql, id))[0]
  return buyer === undefined ? refuse('buyer.unknown', `no buyer "${id}"`) : accept(buyer)
}

/** Books.buyers, sorted by id; or one of them. */
export async function buyers(sql: Sql, id?: string): Promise<BuyerEntry[]> {
  return sql.rows<BuyerEntry>(
    `select b.id, b.name,
       array(select p.name from approval a join purpose p on p.bit = a.purpose where a.buyer = b.id order by a.sequence) as purposes,
       coalesce((select amount from balance where account = 'prepaid:' || b.id), 0) as prepaid,
       coalesce((select sum(h.amount) from release_state r join balance h on h.account = 'pending:' || r.release where r.buyer = b.id and r.state = 'charged'), 0) as pending
     from buyer b where $1::text is null or b.id = $1 order by b.id`,
    [id ?? null],
  )
}
