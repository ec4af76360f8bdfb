import { assert } from '../../../src/base/assert.ts'
import { Fault } from '../../../src/base/fault.ts'
import { accept, type Outcome, refuse } from '../../../src/base/refusal.ts'
import type { Instant } from '../../../src/base/units.ts'
import type { AccessBooks } from '../../../src/house/access-port.ts'
import type {
  Books,
  ContractEntry,
  KeyEntry,
  LoadEntry,
  NoticeEntry,
  PersonFacts,
  StandingChange,
} from '../../../src/release/ports.ts'
import { openMemoryAccess } from './access.ts'
import { consentSlot, sealConsentBatch, unbatchedChoices } from './batches.ts'
import { check } from './check.ts'
import { recordChoices } from './choices.ts'
import { addBuyer, approveBuyer, balances, buyerEntry, fundBuyer } from './money.ts'
import { abandonPeriod, beginPeriod, closePeriod, finishPeriod, periodEntry } from './periods.ts'
import { choicesOf, leave, move, newestAct, newPerson, permitted, roll, statementOf } from './persons.ts'
import { burn, charge, chargeTotals, entryOf, memo, post, spent } from './releases.ts'
import {
  appendLeaf,
  begunPeriod,
  emptyState,
  enter,
  type Law,
  type Person,
  periodInForce,
  type State,
  settingsOf,
} from './state.ts'
import { stewardReads } from './steward.ts'

/** Books, and what signing in keeps beside them. */
export type BooksWithAccess = Books & { readonly access: AccessBooks }

/**
 * The books in memory: naive and independent of the durable ones, kept per person and per release with plain loops and no cohort indices, so
 * that they can be read and believed; the oracle against which the durable books are tested. Nothing is durable here. Every operation but the
 * reading of a load runs without a pause, so operations never overlap. `state` is what an earlier opening held.
 */
export function openMemoryBooks(options: { readonly law: Law; readonly state?: State }): BooksWithAccess {
  const state = options.state ?? emptyState()
  const { law } = options
  const known = <T>(person: string, then: (person: Person) => T): Outcome<T> => {
    const found = state.persons.get(person)
    return found === undefined ? refuse('person.unknown', `no person "${person}"`) : accept(then(found))
  }
  return {
    access: openMemoryAccess(state),
    async init(settings, _at, leaf) {
      if (state.settings !== undefined) throw new Fault('books.initialised', 'the books have settings already')
      state.settings = settings
      appendLeaf(state, leaf)
    },
    settings: async () => state.settings,
    async setAnswerRules(rules, _at, leaf) {
      state.settings = { ...settingsOf(state), answers: rules }
      enter(state, 'answer rules')
      appendLeaf(state, leaf)
    },
    sequence: async () => BigInt(state.entries.length),

    applyContract: async (entry, _at, leaf) => applyContract(state, entry, leaf),
    contracts: async () => newestContracts(state),
    publishNotice: async (entry, _at, leaf) => publishNotice(state, entry, leaf),
    notices: async () => [...state.notices],
    async recordLoad(entry, pages, at, leaf) {
      const persons: PersonFacts[] = []
      for await (const page of pages) persons.push(...page)
      return recordLoad(state, law, entry, persons, at, leaf)
    },
    loads: async (product) => state.loads.filter((load) => load.product === product).toReversed(),

    recordChoices: async (events, at) => recordChoices(state, events, at),
    setLimits: async (person, limits, at) =>
      known(person, (found) => {
        roll(state, at)
        enter(state, 'limits')
        if (limits.lifeNano !== undefined) found.lifeNano = limits.lifeNano ?? undefined
        if (limits.class !== undefined) move(state, found, { limitClass: limits.class }, at)
      }),
    choices: async (person, at) => known(person, (found) => choicesOf(state, law, found, at)),
    standingChanges: (after, upTo) => standingChanges(state, after, upTo),
    purposeBits: async () => Object.fromEntries(state.purposes.map((purpose, bit) => [purpose, bit])),

    unbatchedChoices: async (limit) => unbatchedChoices(state).slice(0, limit),
    sealConsentBatch: async (batch, _at, leaf) => sealConsentBatch(state, batch, leaf),
    async newestConsentBatch() {
      const newest = state.batches.at(-1)
      if (newest === undefined) return undefined
      const { slots: _, ...batch } = newest
      return batch
    },
    consentSlot: async (event) => consentSlot(state, event),

    beginPeriod: async (request, at) => beginPeriod(state, law, request, at),
    finishPeriod: async (id, upperBounds, at, leaf) => finishPeriod(state, id, upperBounds, at, leaf),
    abandonPeriod: async (id, at, leaf) => abandonPeriod(state, id, at, leaf),
    closePeriod: async (at, leaf) => closePeriod(state, at, leaf),
    async openPeriod(at) {
      const period = periodInForce(state, at)
      return period && periodEntry(period)
    },
    periods: async () =>
      state.periods
        .filter((period) => period.state === 'finished')
        .map(periodEntry)
        .toReversed(),

    addBuyer: async (buyer) => addBuyer(state, buyer),
    approveBuyer: async (id, purpose) => approveBuyer(state, id, purpose),
    fundBuyer: async (id, amount, reference, at) => fundBuyer(state, id, amount, reference, at),
    buyers: async () => [...state.buyers.keys()].sort().map((id) => buyerEntry(state, id)),
    async addKey(key) {
      assert(!state.keys.has(key.id), 'a key id is used once')
      enter(state, 'key')
      state.keys.set(key.id, key)
    },
    revokeKey: async (id, at) => revokeKey(state, id, at),
    findKey: async (secretHash) =>
      [...state.keys.values()].find((key) => key.secretHash === secretHash && key.revokedAt === undefined),
    keys: async () => [...state.keys.values()],

    async saveQuote(quote) {
      enter(state, 'quote')
      state.quotes.set(quote.id, quote)
    },
    quote: async (id) => state.quotes.get(id),
    spent: async (from, to, product) => spent(state, from, to, product),
    chargeTotals: async (from, to) => chargeTotals(state, from, to),
    charge: async (request, at) => charge(state, request, at),
    post: async (id, result, at) => post(state, id, result, at),
    burn: async (id, reason, at, leaf) => burn(state, id, reason, at, leaf),
    saveReceipt: async (id, receipt) => saveReceipt(state, id, receipt),
    async release(id) {
      const release = state.releases.find((r) => r.id === id)
      return release && entryOf(release)
    },
    async memo(memoKey) {
      const release = memo(state, memoKey)
      return release && entryOf(release)
    },
    async keyed(buyer, key) {
      const used = state.idempotency.get(`${buyer}\n${key}`)
      const release = state.releases.find((one) => one.id === used?.releaseId)
      return used && release && { requestHash: used.requestHash, release: entryOf(release) }
    },
    async unfinished() {
      const open = state.releases.filter(
        (r) => r.purpose !== '' && (r.state === 'charged' || (r.state === 'released' && r.receipt === undefined)),
      )
      const begun = begunPeriod(state)
      return { releases: open.map(entryOf), begunPeriods: begun === undefined ? [] : [begun.id] }
    },
    async releases({ buyer, state: wanted, before, limit }) {
      const newest = state.releases.toReversed()
      const start = before === undefined ? 0 : newest.findIndex((r) => r.id === before) + 1
      if (before !== undefined && start === 0) return []
      return newest
        .slice(start)
        .filter((r) => (buyer === undefined || r.buyer === buyer) && (wanted === undefined || r.state === wanted))
        .slice(0, limit)
        .map(entryOf)
    },

    balances: async () => balances(state),
    statement: async (person) => known(person, (found) => statementOf(state, found)),
    check: async () => check(state),

    ...stewardReads(state),

    leaves: async (from, limit) =>
      state.leaves
        .slice(Number(from), Number(from) + limit)
        .map((data, offset) => ({ index: from + BigInt(offset), data: data.slice() })),
    leafCount: async () => BigInt(state.leaves.length),
    async saveCheckpoint(size, root, note, at) {
      if (size <= (state.checkpoints.at(-1)?.size ?? -1n)) return false
      state.checkpoints.push({ size, root, note, at })
      return true
    },
    newestCheckpoint: async () => state.checkpoints.at(-1),
    checkpoints: async (upTo, limit) =>
      state.checkpoints
        .filter((one) => one.size <= upTo)
        .toReversed()
        .slice(0, limit),
    close: async () => {},
  }
}

function applyContract(state: State, entry: ContractEntry, leaf: Uint8Array): Outcome<ContractEntry> {
  const known = state.contracts.find((c) => c.product === entry.product && c.version === entry.version)
  if (known !== undefined)
    return known.hash === entry.hash
      ? accept(known)
      : refuse('contract.version_exists', `${entry.product} ${entry.version} is applied already with another content`)
  for (const purpose of entry.purposes) if (!state.purposes.includes(purpose)) state.purposes.push(purpose)
  assert(state.purposes.length <= 31, 'at most 31 purposes fit the mask')
  enter(state, 'contract')
  state.contracts.push(entry)
  appendLeaf(state, leaf)
  return accept(entry)
}

/** The one applied last is the newest of its product. */
function newestContracts(state: State): ContractEntry[] {
  const newest = new Map(state.contracts.map((contract) => [contract.product, contract]))
  return [...newest.keys()].sort().map((product) => newest.get(product) as ContractEntry)
}

function publishNotice(state: State, entry: NoticeEntry, leaf: Uint8Array): Outcome<NoticeEntry> {
  const known = state.notices.find(
    (n) => n.id === entry.id && n.version === entry.version && n.language === entry.language,
  )
  if (known !== undefined)
    return known.hash === entry.hash
      ? accept(known)
      : refuse('request.idempotency_conflict', `notice ${entry.id} ${entry.version} is published with another text`)
  enter(state, 'notice')
  state.notices.push(entry)
  appendLeaf(state, leaf)
  return accept(entry)
}

function recordLoad(
  state: State,
  law: Law,
  entry: Omit<LoadEntry, 'number'>,
  persons: readonly PersonFacts[],
  at: Instant,
  leaf: Uint8Array,
): LoadEntry {
  roll(state, at)
  const load = { ...entry, number: state.loads.filter((l) => l.product === entry.product).length + 1 }
  enter(state, 'load')
  state.loads.push(load)
  appendLeaf(state, leaf)

  for (const person of state.persons.values()) person.present = false
  for (const facts of persons) {
    const person = state.persons.get(facts.person) ?? newPerson(facts)
    state.persons.set(person.id, person)
    person.facts = facts
    person.present = true
  }
  for (const person of state.persons.values())
    leave(
      state,
      person,
      (purpose) => permitted(law, person, at, newestAct(person, purpose)?.at ?? at) === undefined,
      at,
    )
  return load
}

function revokeKey(state: State, id: string, at: Instant): Outcome<KeyEntry> {
  const key = state.keys.get(id)
  if (key === undefined) return refuse('key.unknown', `no key "${id}"`)
  const revoked = key.revokedAt === undefined ? { ...key, revokedAt: at } : key
  enter(state, 'key')
  state.keys.set(id, revoked)
  return accept(revoked)
}

function saveReceipt(state: State, releaseId: string, receipt: string): string {
  const release = state.releases.find((r) => r.id === releaseId)
  if (release === undefined) throw new Fault('release.state', `no release "${releaseId}"`)
  if (release.receipt === undefined) {
    enter(state, 'receipt')
    release.receipt = receipt
  }
  return release.receipt
}

const pageSize = 1000

/** From the beginning each person appears once, with the newest change; later on every change appears. */
async function* standingChanges(state: State, after: bigint, upTo: bigint): AsyncIterable<readonly StandingChange[]> {
  const inside = state.standing.filter((change) => change.sequence > after && change.sequence <= upTo)
  const newest = new Map(inside.map((change) => [change.person, change]))
  const changes = after === 0n ? inside.filter((change) => newest.get(change.person) === change) : inside
  for (let start = 0; start < changes.length; start += pageSize) yield changes.slice(start, start + pageSize)
}
