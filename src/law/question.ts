import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { type Catalogue, findColumn, findTable } from '../contract/catalogue.ts'
import { isSpecialCategory } from '../contract/special.ts'
import { packsInForce } from './person.ts'
import { type Ruling, reasonsFor, rule } from './rule.ts'

/**
 * May a question that touches these columns ("table.column") be asked for this purpose? Public facts only: the contract and the question.
 * Refuses consent.purpose_unknown, law.forbidden (with every rule that forbids) and law.no_rule_permits.
 */
export function ruleQuestion(touches: readonly string[], purpose: string, catalogue: Catalogue): Outcome<Ruling> {
  if (!catalogue.purposes.includes(purpose))
    return refuse(
      'consent.purpose_unknown',
      `the product "${catalogue.product}" is not offered for the purpose "${purpose}"`,
      {
        hint: `purposes of this product: ${catalogue.purposes.join(', ')}`,
      },
    )
  const columns = touches.map((name) => columnOf(name, catalogue))
  const ruling = rule(packsInForce, {
    case: 'question',
    purpose: 'declared',
    columns: columns.every((column) => column !== undefined) ? 'declared' : 'undeclared',
    category: columns.some((column) => column !== undefined && isSpecialCategory(column.classification))
      ? 'special'
      : 'ordinary',
  })
  if (ruling.permitted) return accept(ruling)
  const reasons = reasonsFor(ruling, 'buyer')
  if (reasons.length === 0)
    return refuse('law.no_rule_permits', 'no rule permits this question', { hint: 'ask about declared columns only' })
  return refuse('law.forbidden', reasons.map((reason) => reason.text).join(' '), { reasons })
}

function columnOf(name: string, catalogue: Catalogue) {
  const [tableName = '', columnName = ''] = name.split('.')
  const table = findTable(catalogue, tableName)
  return table && findColumn(table, columnName)
}
