import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { Fault } from '../../base/fault.ts'
import { expectAccepted, type Outcome } from '../../base/refusal.ts'
import { importChoices, publishNotice } from '../../house/choices.ts'
import { applyContract } from '../../house/contracts.ts'
import type { House } from '../../house/house.ts'
import { loadProduct } from '../../house/loads.ts'
import { noteRefusal } from '../../house/refusals.ts'
import { type Answered, answer } from '../../release/answer.ts'
import { closePeriod, openPeriod } from '../../release/period.ts'
import { quote } from '../../release/quote.ts'
import type { World } from '../../release/world.ts'
import { daysToNextMonth, type MovableClock, moment } from '../clock.ts'
import type { Happening } from './acts.ts'
import type { Act } from './choices.ts'
import { type ContractVersion, contractText } from './contracts.ts'
import { folderOf } from './files.ts'
import type { Asked } from './questions.ts'

const examples = new URL('../../../examples/north-coop/', import.meta.url)
const example = (name: string): Promise<string> => readFile(new URL(name, examples), 'utf8')

/** What happened until now. */
export interface Tally {
  answers: number
  again: number
  burned: number
  choices: number
  periods: number
  /** By code. */
  readonly refused: Record<string, number>
}

export const emptyTally = (): Tally => ({ answers: 0, again: 0, burned: 0, choices: 0, periods: 0, refused: {} })

/** A contract is applied, then the data that it describes are loaded. */
export const contractComes = (version: ContractVersion, folder: string): Happening => ({
  at: `${version.from}T07:00`,
  do: async (house) => {
    const text = contractText(await example('contract.odcs.yaml'), version)
    const { product } = expectAccepted(await applyContract(house, text, `contract ${version.version}`))
    const path = (table: string) => ({ kind: 'csv' as const, path: join(folderOf(folder, version), `${table}.csv`) })
    const sources = { members: path('members'), products: path('products'), basket_lines: path('basket_lines') }
    expectAccepted(await loadProduct(house, product, sources, () => {}))
  },
})

/** One text in each language that it was written in, English last: it is what a choice without a language was made on. */
export const noticeComes = (at: string, version: string, file: string, languages: readonly string[]): Happening => ({
  at,
  do: async (house) => {
    const purposes = ['product-statistics', 'scientific-research']
    for (const language of languages) {
      const text = await example(`${file}.${language}.txt`)
      expectAccepted(await publishNotice(house, { id: 'member-card', version, language, purposes, text }))
    }
  },
})

/** The period of the month before ends, the next begins: who said yes meanwhile joins. `rate`: what an answer pays per milli-rho. */
export const monthBegins = (first: string, rate: bigint, clock: MovableClock, tally: Tally): Happening => ({
  at: `${first}T07:59`,
  counts: true,
  do: async ({ world }) => {
    if (tally.periods > 0) expectAccepted(await closePeriod(world))
    clock.moveTo(moment(`${first}T08:00`))
    expectAccepted(await openPeriod({ rate, days: daysToNextMonth(clock.now()) }, world))
    tally.periods++
  },
})

/** A buyer asks for the quote, thinks about it for a minute, and accepts. Throws when it goes otherwise than planned. */
export const question = ({ at, question, refused, outage }: Asked, clock: MovableClock, tally: Tally): Happening => ({
  at,
  counts: true,
  do: async (house) => {
    const quoted = await noteRefusal(house.world, 'quote', question, await quote(question, house.world))
    clock.moveTo(moment(at) + 60_000_000n)
    const ask = (world: World) => answer(question, quoted.ok ? { quoteId: quoted.value.id } : {}, world)
    const done = outage ? await losingData(house, question.product, ask) : await ask(house.world)
    // Whoever was refused the quote does not ask; that it would be refused again is only checked here.
    if (quoted.ok) await noteRefusal(house.world, 'ask', question, done)
    const code = done.ok ? undefined : done.refusal.code
    if (code !== refused)
      throw new Fault('demo.plan', `the question of ${at} met ${code ?? 'an answer'}, not ${refused ?? 'an answer'}`, {
        hint: done.ok ? question.sql : done.refusal.message,
      })
    if (done.ok) done.value.again ? tally.again++ : tally.answers++
    else if (code === 'release.failed') tally.burned++
    else tally.refused[done.refusal.code] = (tally.refused[done.refusal.code] ?? 0) + 1
  },
})

/** The disk with the data stops answering just before the charge, when the file was seen already: what is charged is burned. */
async function losingData(house: House, product: string, ask: (world: World) => Promise<Outcome<Answered>>) {
  const [load] = await house.world.books.loads(product)
  if (!load) throw new Fault('demo.plan', 'nothing is loaded')
  const path = join(house.home.data, load.file)
  let away = false
  const stage = async (name: string): Promise<void> => {
    if (name !== 'charge') return
    await house.closeData()
    await rename(path, `${path}.away`)
    away = true
  }
  try {
    return await ask({ ...house.world, stage })
  } finally {
    if (away) await rename(`${path}.away`, path)
  }
}

/** Records generated choices as time comes to them; gives how many were recorded. */
export function choiceRecorder(acts: readonly Act[]): (house: House, until: string) => Promise<number> {
  let next = 0
  return async (house, until) => {
    const from = next
    while (next < acts.length && (acts[next] as Act).at <= until) next++
    if (next === from) return 0
    const lines = acts.slice(from, next).map((act) => act.line)
    return expectAccepted(await importChoices(house, lines.join('\n'), `choices until ${until}`)).recorded
  }
}
