import type { Catalogue } from '../../contract/catalogue.ts'
import { caseResults } from '../interval.ts'
import type { Expression, GroupKey } from '../query.ts'
import { guarded, printExpression } from './expression.ts'

/**
 * A key in the engine's type. Texts of open keys are brought to NFC before anything is grouped by them, so that two rows of one key's text are never two
 * groups; dates and points in time outside the years 1 to 9999 are missing, as everywhere.
 */
export function printKey(group: GroupKey, catalogue: Catalogue): string {
  const { expression } = group
  if (group.domain) return printExpression(expression, catalogue)
  if (group.type === 'date' || group.type === 'timestamp') return guarded(expression, catalogue)
  const printed = printExpression(expression, catalogue)
  return group.type === 'text' && !isComposed(expression) ? `nfc_normalize(${printed})` : printed
}

/**
 * True for texts that are in NFC as they are: the load stores every text so, a part of such a text is one (Unicode Standard Annex 15: normal forms are closed
 * under substringing, not under concatenation), and numbers, dates and truth values are ASCII. The engine takes some microseconds for every text beyond ASCII.
 * A text wrongly called composed would show as two groups what reads as one; nothing about anybody depends on it.
 */
function isComposed(expression: Expression): boolean {
  if (expression.kind === 'literal')
    return expression.value === null || expression.value === expression.value.normalize('NFC')
  // Names that begin so are those of sub-queries (contract/names.ts), which may put texts together.
  if (expression.kind === 'column') return !expression.table.startsWith('usufruct_')
  switch (expression.name) {
    case 'to_text':
      return true
    case 'left':
    case 'right':
    case 'substring':
    case 'trim':
    case 'ltrim':
    case 'rtrim':
    case 'split_part':
    case 'nullif':
      return isComposed(expression.args[0] as Expression)
    case 'case':
      return caseResults(expression.args).every(isComposed)
    case 'coalesce':
    case 'greatest':
    case 'least':
      return expression.args.every(isComposed)
    default:
      return false
  }
}
