import type { Expression } from '../query.ts'
import { type Fields, listOf, type Node, namesOf, nodeOf, type Reading } from './ast.ts'
import { findReference } from './columns.ts'
import { readRow } from './rows.ts'
import { requireBoolean } from './types.ts'

/** The parts of a condition that all must hold. */
export function conjuncts(where: unknown): readonly unknown[] {
  if (where === undefined) return []
  const and = (where as { BoolExpr?: Fields }).BoolExpr
  return and?.boolop === 'AND_EXPR' ? listOf(and.args).flatMap(conjuncts) : [where]
}

/** All of them together, without those that tied tables of FROM to each other; undefined when nothing is left. */
export function readConditions(conditions: readonly unknown[], reading: Reading): Expression | undefined {
  const open = conditions.filter((condition) => !reading.consumed.has(condition) && !isOwnTie(condition, reading))
  const read = open.map((condition) => {
    const expression = readRow(condition, reading)
    requireBoolean(expression, expression.at ?? reading.places.ofWord('where'))
    return expression
  })
  const [first] = read
  if (!first || read.length === 1) return first
  return { kind: 'call', name: 'and', args: read, type: 'boolean', scale: 0 }
}

/** a.person = b.person holds in every row, because the tables of people are joined on the person; where one may be missing it is no such tie. */
function isOwnTie(condition: unknown, reading: Reading): boolean {
  const node: Node = nodeOf(condition, reading)
  if (node.kind !== 'A_Expr' || node.body.kind !== 'AEXPR_OP' || namesOf(node.body.name)[0] !== '=') return false
  const sides = [node.body.lexpr, node.body.rexpr]
  if (sides.some((side) => side === undefined || nodeOf(side, reading).kind !== 'ColumnRef')) return false
  const found = sides.map((side) => findReference(nodeOf(side, reading), reading))
  return found.every(({ person, from }) => person && !from.optional) && found[0]?.from !== found[1]?.from
}
