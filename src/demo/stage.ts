import { expectAccepted } from '../base/refusal.ts'
import { importChoices, publishNotice } from '../house/choices.ts'
import { applyContract } from '../house/contracts.ts'
import type { House, LoadReport, Source } from '../house/house.ts'
import { loadProduct } from '../house/loads.ts'
import { openPeriod } from '../release/period.ts'

interface TextFile {
  readonly name: string
  readonly text: string
}

/** What a steward brings to an empty house. */
export interface Stage {
  readonly contract: TextFile
  readonly sources: Readonly<Record<string, Source>>
  readonly notice: { readonly id: string; readonly version: string; readonly language: string; readonly text: string }
  /** Yeses that nothing proves, if there are any: the house refuses them, and the story goes on. */
  readonly choicesWithoutEvidence?: TextFile | undefined
  readonly choices: TextFile
  readonly buyers: readonly { readonly id: string; readonly name: string; readonly purpose: string }[]
}

export interface Staged {
  readonly report: LoadReport
  readonly choices: number
}

/** What each buyer has at the start: 5,000.00. */
const funds = 5_000_000_000n

/** Fills a house the way any steward would: contract, load, notice, existing choices, buyers, period. `say` is told each step. */
export async function setStage(house: House, stage: Stage, say: (line: string) => void): Promise<Staged> {
  const { world } = house
  const contract = expectAccepted(await applyContract(house, stage.contract.text, stage.contract.name))
  say(`contract ${contract.product} ${contract.version} is in force`)
  const loaded = expectAccepted(await loadProduct(house, contract.product, stage.sources, () => {}))
  const report = loaded.report as LoadReport
  for (const table of report.tables) {
    const aside = Object.values(table.quarantined).reduce((sum: number, count) => sum + (count ?? 0), 0)
    say(`${table.table}: ${table.accepted} of ${table.read} rows accepted${aside > 0 ? `, ${aside} set aside` : ''}`)
  }

  expectAccepted(await publishNotice(house, { ...stage.notice, purposes: contract.purposes }))
  if (stage.choicesWithoutEvidence) {
    const { name, text } = stage.choicesWithoutEvidence
    const without = await importChoices(house, text, name)
    say(
      without.ok
        ? 'choices without evidence were recorded'
        : `refused ${without.refusal.code}: ${without.refusal.message}`,
    )
  }
  const choices = expectAccepted(await importChoices(house, stage.choices.text, stage.choices.name))
  say(`${choices.recorded} choices with evidence recorded; the evidence says that they are generated`)

  const at = world.clock.now()
  for (const buyer of stage.buyers) {
    expectAccepted(await world.books.addBuyer({ id: buyer.id, name: buyer.name }, at))
    expectAccepted(await world.books.approveBuyer(buyer.id, buyer.purpose, at))
    expectAccepted(await world.books.fundBuyer(buyer.id, funds, `demo-${buyer.id}`, at))
  }
  const period = expectAccepted(await openPeriod({}, world))
  for (const [purpose, bound] of Object.entries(period.upperBounds))
    say(`${purpose}: about ${bound} people or fewer (a noisy upper bound; nobody sees the number itself)`)
  return { report, choices: choices.recorded }
}
