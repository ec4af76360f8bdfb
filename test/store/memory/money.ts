import { assert } from '../../../src/base/assert.ts'
import { accept, type Outcome, refuse } from '../../../src/base/refusal.ts'
import type { Instant, Micro } from '../../../src/base/units.ts'
import type { BuyerEntry } from '../../../src/release/ports.ts'
import { enter, type JournalEntry, type State } from './state.ts'

/** Accounts that may go below zero: the outside world, what the house advances, and a pool whose N^ fell below the exact count. */
export const mayBeNegative: readonly string[] = ['external', 'steward', 'reserve', 'pool']

export const prepaid = (buyer: string): string => `prepaid:${buyer}`
export const pending = (release: string): string => `pending:${release}`

/** Appends a journal entry; lines of nothing are left out, and an entry without lines is none. */
export function write(
  state: State,
  kind: JournalEntry['kind'],
  subject: string,
  lines: JournalEntry['lines'],
  at: Instant,
): void {
  assert(
    lines.every((line) => line.amount >= 0n),
    'a journal line moves an amount that is not negative',
  )
  const moved = lines.filter((line) => line.amount > 0n)
  if (moved.length > 0) state.journal.push({ sequence: enter(state, 'journal'), kind, subject, at, lines: moved })
}

/** Summed from the first entry on. */
export function balances(state: State): Record<string, Micro> {
  const sums: Record<string, Micro> = {}
  for (const entry of state.journal)
    for (const { from, to, amount } of entry.lines) {
      sums[from] = (sums[from] ?? 0n) - amount
      sums[to] = (sums[to] ?? 0n) + amount
    }
  return sums
}

export function buyerEntry(state: State, id: string): BuyerEntry {
  const buyer = state.buyers.get(id)
  assert(buyer, 'the buyer is known')
  const sums = balances(state)
  const held = state.releases
    .filter((release) => release.buyer === id)
    .reduce((sum, release) => sum + (sums[pending(release.id)] ?? 0n), 0n)
  return { id, name: buyer.name, purposes: [...buyer.purposes], prepaid: sums[prepaid(id)] ?? 0n, pending: held }
}

/** Books.addBuyer. The house itself is the buyer of head counts. */
export function addBuyer(state: State, buyer: { readonly id: string; readonly name: string }): Outcome<BuyerEntry> {
  const taken = [...state.buyers.values()].some((known) => known.id === buyer.id || known.name === buyer.name)
  if (taken || buyer.id === 'house') return refuse('buyer.exists', `there is a buyer "${buyer.name}" already`)
  enter(state, 'buyer')
  state.buyers.set(buyer.id, { id: buyer.id, name: buyer.name, purposes: [] })
  return accept(buyerEntry(state, buyer.id))
}

/** Books.approveBuyer. */
export function approveBuyer(state: State, id: string, purpose: string): Outcome<BuyerEntry> {
  const buyer = state.buyers.get(id)
  if (buyer === undefined) return refuse('buyer.unknown', `no buyer "${id}"`)
  if (!state.purposes.includes(purpose)) return refuse('consent.purpose_unknown', `no purpose "${purpose}"`)
  if (!buyer.purposes.includes(purpose)) {
    enter(state, 'approval')
    buyer.purposes.push(purpose)
  }
  return accept(buyerEntry(state, id))
}

/** Books.fundBuyer. */
export function fundBuyer(
  state: State,
  id: string,
  amount: Micro,
  reference: string,
  at: Instant,
): Outcome<BuyerEntry> {
  if (!state.buyers.has(id)) return refuse('buyer.unknown', `no buyer "${id}"`)
  if (amount <= 0n) return refuse('market.amount_invalid', 'the amount is not positive')
  const known = state.fundings.get(reference)
  if (known !== undefined && (known.buyer !== id || known.amount !== amount))
    return refuse('request.idempotency_conflict', `"${reference}" was used for another payment`)
  if (known === undefined) {
    state.fundings.set(reference, { buyer: id, amount })
    write(state, 'fund', reference, [{ from: 'external', to: prepaid(id), amount }], at)
  }
  return accept(buyerEntry(state, id))
}
