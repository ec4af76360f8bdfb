import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { canonical } from '../../src/base/canonical.ts'
import { instantText } from '../../src/base/instant.ts'
import type { Prng } from '../../src/demo/prng.ts'
import { createKey } from '../../src/house/access.ts'
import { choose, importChoices } from '../../src/house/choices.ts'
import type { House } from '../../src/house/house.ts'
import { loadProduct } from '../../src/house/loads.ts'
import { answer } from '../../src/release/answer.ts'
import { closePeriod, openPeriod } from '../../src/release/period.ts'
import { quote } from '../../src/release/quote.ts'
import { purpose } from '../suite/small-world.ts'
import { type Line, linesOf, textOf } from './journal.ts'

export interface Actor {
  readonly house: House
  readonly random: Prng
  readonly tell: (line: Line) => void
  /** Lines of the children before. */
  readonly journal: readonly Line[]
  readonly round: number
  /** Different for each child and worker: names of what it makes. */
  readonly name: string
  readonly people: number
  /** Makes the next answer fail after its charge. */
  readonly failNext: (fail: boolean) => void
  counter: number
}

const buyers = ['alpha', 'beta']
const next = (actor: Actor): string => `${actor.name}-${actor.counter++}`
const personOf = (actor: Actor): string => `p${String(actor.random.below(actor.people)).padStart(4, '0')}`

/** Asks a question that nobody asked before, sometimes by groups. */
export async function ask(actor: Actor): Promise<void> {
  const { random } = actor
  const key = next(actor)
  // Another constant for each question, so that a question's text tells which key asked it. At most 48 actions in each of 200 rounds.
  const [round, count] = [actor.round, actor.counter]
  const where = `WHERE spent > ${((round * 48 + count) / 100).toFixed(2)}`
  const sql = random.oneIn(3)
    ? `SELECT area, COUNT(DISTINCT person) AS people, SUM(spent) AS spent FROM visits JOIN people USING (person) ${where} GROUP BY area`
    : `SELECT COUNT(DISTINCT person) AS people FROM visits ${where}`
  const intent = { is: 'intent', key, buyer: buyers[random.below(2)] as string, sql, nano: '200000' } as const
  actor.tell(intent)
  await askAgain(actor, intent)
}

/** The same request with the same key: for the first time, or after a crash. */
export async function askAgain(
  actor: Pick<Actor, 'house' | 'tell'>,
  intent: Extract<Line, { is: 'intent' }>,
): Promise<Extract<Line, { is: 'receipt' | 'failed' | 'refused' }>> {
  const outcome = await answer(
    { buyer: intent.buyer, product: 'visits', purpose, sql: intent.sql, wish: { nano: BigInt(intent.nano) } },
    { idempotencyKey: intent.key },
    actor.house.world,
  )
  const { key } = intent
  const line = outcome.ok
    ? ({ is: 'receipt', key, release: outcome.value.release, receipt: outcome.value.receipt } as const)
    : ({
        is: outcome.refusal.code === 'release.failed' ? 'failed' : 'refused',
        key,
        code: outcome.refusal.code,
      } as const)
  actor.tell(line)
  return line
}

/** A retry of something that any child before asked. */
export async function retry(actor: Actor): Promise<void> {
  const intents = linesOf(actor.journal, 'intent')
  const intent = intents[actor.random.below(Math.max(1, intents.length))]
  if (intent) await askAgain(actor, intent)
}

export async function fail(actor: Actor): Promise<void> {
  actor.failNext(true)
  await ask(actor)
  actor.failNext(false)
}

/** Ends the open period, if there is one, and opens the next. */
export async function period(actor: Actor): Promise<void> {
  const { world } = actor.house
  const closed = await closePeriod(world)
  if (closed.ok) actor.tell({ is: 'closed', id: closed.value.id })
  const opened = await openPeriod({}, world)
  if (opened.ok) actor.tell({ is: 'period', id: opened.value.id, entry: textOf(opened.value) })
}

export async function choice(actor: Actor): Promise<void> {
  const { random } = actor
  if (random.oneIn(4)) return importThree(actor)
  const person = personOf(actor)
  const status = random.oneIn(3) ? 'withdrawn' : 'given'
  const evidence = { method: 'test', reference: next(actor) }
  const chosen = await choose(actor.house, { person, purpose, status, entity: 'person', evidence })
  if (!chosen.ok) throw new Error(`choose: ${chosen.refusal.code}`)
  const event = chosen.value.events.find((one) => textOf(one.evidence) === textOf(evidence))
  actor.tell({ is: 'chosen', person, id: event?.id ?? 'missing', event: textOf(event) })
}

/** Three events of one person in one request: all or none. */
async function importThree(actor: Actor): Promise<void> {
  const person = personOf(actor)
  const at = instantText(actor.house.world.clock.now())
  const ids = [next(actor), next(actor), next(actor)]
  actor.tell({ is: 'importing', ids, person })
  const lines = ids.map((id, nth) =>
    JSON.stringify({
      id,
      person,
      purpose,
      status: nth === 1 ? 'withdrawn' : 'given',
      at,
      evidence: { method: 'test' },
    }),
  )
  const imported = await importChoices(actor.house, lines.join('\n'), 'choices')
  if (!imported.ok) throw new Error(`import: ${imported.refusal.code} ${imported.refusal.message}`)
  actor.tell({ is: 'imported', ids, person })
}

export async function fund(actor: Actor): Promise<void> {
  const funding = {
    buyer: buyers[actor.random.below(2)] as string,
    reference: next(actor),
    amount: `${1_000_000 + actor.random.below(1000)}`,
  }
  actor.tell({ is: 'funding', ...funding })
  await fundAgain(actor, funding)
}

export async function fundAgain(
  actor: Pick<Actor, 'house' | 'tell'>,
  { buyer, reference, amount }: { readonly buyer: string; readonly reference: string; readonly amount: string },
): Promise<void> {
  const { books, clock } = actor.house.world
  const funded = await books.fundBuyer(buyer, BigInt(amount), reference, clock.now())
  if (!funded.ok) throw new Error(`fund: ${funded.refusal.code}`)
  actor.tell({ is: 'funded', buyer, reference, amount })
}

export async function askPrice(actor: Actor): Promise<void> {
  const sql = `SELECT COUNT(DISTINCT person) AS people FROM visits WHERE spent > ${actor.random.below(90)}`
  const quoted = await quote(
    { buyer: 'alpha', product: 'visits', purpose, sql, wish: { nano: 100_000n } },
    actor.house.world,
  )
  if (!quoted.ok) return
  // The id follows from the rest, which is what is kept.
  const { quote: id, ...shown } = quoted.value.shown
  actor.tell({ is: 'quoted', id, shown: canonical(shown) })
}

export async function makeKey(actor: Actor): Promise<void> {
  const made = await createKey(actor.house, 'buyer', 'alpha', next(actor))
  if (made.ok) actor.tell({ is: 'key', secretHash: made.value.entry.secretHash })
}

/** The same people with other visits: a new file. */
export async function reload(actor: Actor): Promise<void> {
  const { house } = actor
  const name = next(actor)
  const visits = Array.from({ length: actor.people }, (_, nth) => {
    const person = `p${String(nth).padStart(4, '0')}`
    return `${name}-${nth},${person},${actor.random.below(90)}.50`
  })
  const path = join(house.home.root, '..', `visits-${name}.csv`)
  await writeFile(path, ['visit,person,spent', ...visits].join('\n'))
  const people = { kind: 'csv', path: join(house.home.root, '..', 'first', 'people.csv') } as const
  const loaded = await loadProduct(house, 'visits', { people, visits: { kind: 'csv', path } }, () => {})
  if (!loaded.ok) throw new Error(`load: ${loaded.refusal.code} ${loaded.refusal.message}`)
  actor.tell({ is: 'loaded', id: loaded.value.load.id })
}
