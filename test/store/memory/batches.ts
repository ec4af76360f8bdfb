import { Fault } from '../../../src/base/fault.ts'
import type { Books, ConsentEvent } from '../../../src/release/ports.ts'
import { appendLeaf, enter, type State } from './state.ts'

/** Acts in the order of recording that no batch holds. */
export function unbatchedChoices(state: State): ConsentEvent[] {
  const batched = new Set(state.batches.flatMap((batch) => batch.slots.map((slot) => slot.event)))
  return [...state.persons.values()]
    .flatMap((person) => person.events)
    .filter((event) => !batched.has(event.id))
    .sort((a, b) => (a.sequence < b.sequence ? -1 : 1))
    .map(({ sequence: _, ...event }) => event)
}

/** Books.sealConsentBatch. */
export function sealConsentBatch(
  state: State,
  batch: Parameters<Books['sealConsentBatch']>[0],
  leaf: Uint8Array,
): void {
  const newest = state.batches.at(-1)
  const waiting = unbatchedChoices(state).slice(0, batch.slots.length)
  const next = batch.number === state.batches.length + 1 && (newest === undefined || batch.day > newest.day)
  const same = batch.slots.every((slot, place) => slot.event === waiting[place]?.id)
  if (!next || !same) throw new Fault('books.batch_out_of_order', `batch ${batch.number}`)
  enter(state, 'batch')
  state.batches.push({ ...batch, leafIndex: appendLeaf(state, leaf) })
}

/** Books.consentSlot. */
export function consentSlot(state: State, event: string): Awaited<ReturnType<Books['consentSlot']>> {
  for (const { slots, ...batch } of state.batches) {
    const slot = slots.find((one) => one.event === event)
    if (slot !== undefined) return { ...slot, batch }
  }
  return undefined
}
