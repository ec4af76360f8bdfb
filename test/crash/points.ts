import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { House } from '../../src/house/house.ts'
import type { Line } from './journal.ts'

/** What the child does first so that a point is reached; the stages of a query come from World.stage. */
export const points: Readonly<Record<string, 'ask' | 'fail' | 'period' | 'choose' | 'fund' | 'load' | 'quote'>> = {
  'stage charge': 'ask',
  'stage rewrite': 'ask',
  'stage engine': 'ask',
  'stage noise': 'ask',
  'stage post': 'ask',
  'stage log': 'ask',
  'stage receipt': 'ask',
  'stage head count': 'period',
  'before saveCheckpoint': 'ask',
  'after saveCheckpoint': 'ask',
  'after saveReceipt': 'ask',
  'before burn': 'fail',
  'after burn': 'fail',
  'after recordChoices': 'choose',
  'after fundBuyer': 'fund',
  'after saveQuote': 'quote',
  'after finishPeriod': 'period',
  'after closePeriod': 'period',
  'before recordLoad': 'load',
  'after recordLoad': 'load',
}

/** Before the n-th statement of all transactions that write, from the opening on: anywhere between or within transactions. */
export const statement = 'statement'

type Told = (line: Line) => void
// biome-ignore lint/suspicious/noExplicitAny: any method of the books is called with whatever it was called with.
type Method = (...args: any[]) => Promise<unknown>

/** Stops for ever when the wanted point is reached for the wanted time. */
export function stopAt(wanted: string | undefined, passes: number, tell: Told): (point: string) => Promise<void> {
  let left = passes
  return async (point) => {
    if (point !== wanted || left-- > 0) return
    tell({ is: 'at', point })
    for (;;) await pause(1000)
  }
}

/** Makes every statement of a writing transaction a point, the first one and the commit included. */
export function watchStatements(at: (point: string) => Promise<void>): void {
  const writing = new WeakSet<object>()
  const query = pg.Client.prototype.query as unknown as Method
  const watched: Method = async function (this: object, ...args) {
    const text = String(args[0])
    if (text.startsWith('begin') && !text.includes('read only')) writing.add(this)
    if (writing.has(this)) await at(statement)
    if (text === 'commit' || text === 'rollback') writing.delete(this)
    return query.apply(this, args)
  }
  pg.Client.prototype.query = watched as never
}

/**
 * Adds points around the books' methods, and tells of each effect of theirs that is durable. The log writes through the same object, so its checkpoints
 * pass here too.
 */
export function watchBooks(house: House, at: (point: string) => Promise<void>, tell: Told): void {
  const books = house.world.books as unknown as Record<string, Method>
  const around = (name: string, acknowledged?: (result: never, args: readonly unknown[]) => void) => {
    const method = books[name] as Method
    books[name] = async (...args) => {
      await at(`before ${name}`)
      const result = await method(...args)
      acknowledged?.(result as never, args)
      await at(`after ${name}`)
      return result
    }
  }
  around('charge', (outcome: { ok: boolean; value: { release: { id: string }; existing: boolean } }) => {
    if (outcome.ok && !outcome.value.existing) tell({ is: 'charged', release: outcome.value.release.id })
  })
  around('post', (release: { id: string; answer: unknown }) =>
    tell({ is: 'posted', release: release.id, answer: JSON.stringify(release.answer) }),
  )
  around('burn', (release: { id: string }) => tell({ is: 'burned', release: release.id }))
  around('saveCheckpoint', (saved: boolean, [size, root, note]) => {
    if (saved) tell({ is: 'published', size: String(size), root: String(root), note: String(note) })
  })
  for (const name of ['saveReceipt', 'recordChoices', 'fundBuyer', 'saveQuote', 'finishPeriod', 'closePeriod'])
    around(name)
  around('recordLoad')
}
