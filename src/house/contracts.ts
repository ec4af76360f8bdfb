import { accept, type Outcome, type Refusal, refuse } from '../base/refusal.ts'
import { purposeIds } from '../consent/purposes.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import { type Finding as LintFinding, lint } from '../contract/lint.ts'
import { type Change, planChange } from '../contract/plan.ts'
import { parseQuery } from '../query/parse.ts'
import { contractLeaf } from '../release/leaves.ts'
import type { ContractEntry } from '../release/ports.ts'
import type { House } from './house.ts'

export interface Linted {
  readonly findings: readonly LintFinding[]
  readonly catalogue: Catalogue | undefined
}

/** Every finding, with line, reason and remedy. Needs no home. */
export const lintContract = (yaml: string, fileName: string): Linted => {
  const { findings, catalogue } = lint(yaml, fileName, { knownPurposes: purposeIds })
  return { findings, catalogue }
}

/** What applying this text would change for noise and price, against the version in force. Refuses contract.invalid. */
export async function planContract(
  house: House,
  yaml: string,
  fileName: string,
): Promise<Outcome<{ readonly after: Catalogue; readonly changes: readonly Change[] }>> {
  const after = catalogueOrRefusal(yaml, fileName)
  if (!after.ok) return after
  const before = (await house.world.books.contracts()).find((entry) => entry.product === after.value.product)
  return accept({ after: after.value, changes: planChange(before && house.world.catalogue(before), after.value) })
}

/** Puts a contract in force. The same bytes again change nothing. Refuses contract.invalid and contract.version_exists. */
export async function applyContract(house: House, yaml: string, fileName: string): Promise<Outcome<ContractEntry>> {
  const { world } = house
  const catalogue = catalogueOrRefusal(yaml, fileName)
  if (!catalogue.ok) return catalogue
  const { product, version, hash, purposes, budget } = catalogue.value
  const at = world.clock.now()
  const entry = { product, version, hash, yaml, purposes, budget, appliedAt: at }
  const applied = await world.books.applyContract(entry, at, contractLeaf(entry))
  if (applied.ok) await world.log.publish(at)
  return applied
}

/** What a contract's text means, without a home. Refuses contract.invalid. */
export const offlineCatalogue = catalogueOrRefusal

/** Why a contract does not let a question be answered; undefined when it does. Depends on the two texts alone. */
export async function checkQuestion(sql: string, catalogue: Catalogue): Promise<Refusal | undefined> {
  const query = await parseQuery(sql, catalogue)
  return query.ok ? undefined : query.refusal
}

function catalogueOrRefusal(yaml: string, fileName: string): Outcome<Catalogue> {
  const { findings, catalogue } = lintContract(yaml, fileName)
  if (catalogue) return accept(catalogue)
  const errors = findings.filter((finding) => finding.severity === 'error')
  const [first] = errors
  return refuse(
    'contract.invalid',
    `${fileName} has ${errors.length} error${errors.length === 1 ? '' : 's'}${first ? `; line ${first.line}: ${first.message}` : ''}`,
    {
      hint: `usufruct contract lint ${fileName} lists them all with remedies`,
    },
  )
}
