import type { Expression } from '../query.ts'
import { listOf, type Node, namesOf, nodeOf, notSupported, onlyFields, placeOf, type Reading, stop } from './ast.ts'
import { columnExpression, findReference, isPerson, touch } from './columns.ts'
import { findByName } from './names.ts'
import { nameOf, type Target } from './select.ts'

const maxOutputs = 100

/** An output of a sub-query; what a star stands for is read already. */
export interface SubTarget extends Target {
  readonly expression?: Expression | undefined
  readonly person?: true | undefined
}

export function readTargets(select: Node, reading: Reading): readonly SubTarget[] {
  const targets = listOf(select.body.targetList).flatMap((item) => {
    const target = nodeOf(item, reading)
    if (target.kind !== 'ResTarget') return notSupported(target, reading)
    onlyFields(target, ['name', 'val', 'location'], reading)
    const node = nodeOf(target.body.val, reading)
    if (node.kind === 'ColumnRef' && namesOf(node.body.fields).includes(undefined)) return starOf(node, reading)
    const alias = typeof target.body.name === 'string' ? target.body.name : undefined
    return [{ alias, value: target.body.val, node, name: alias ?? nameOf(node) }]
  })
  if (targets.length > maxOutputs)
    stop(
      'query.too_deep',
      `more than ${maxOutputs} outputs of a sub-query`,
      placeOf(select, reading),
      'name fewer columns',
    )
  return targets
}

/** All columns that may be read, each name once, and the person. */
function starOf(node: Node, reading: Reading): readonly SubTarget[] {
  const [table] = namesOf(node.body.fields)
  const named = table === undefined ? undefined : findByName(reading.tables, table)
  if (table !== undefined && !named)
    stop('query.unknown_table', `there is no table "${table}" in FROM`, placeOf(node, reading), 'name one of FROM')
  const taken = new Set<string>()
  return (named ? [named] : reading.tables).flatMap((from) =>
    from.table.columns.flatMap((column): SubTarget[] => {
      const person = isPerson(from, column)
      if ((!person && !column.offered) || taken.has(column.name)) return []
      taken.add(column.name)
      touch(from, column, reading)
      const base = { alias: undefined, value: undefined, node, name: column.name }
      return [
        person
          ? { ...base, person }
          : { ...base, expression: columnExpression({ from, column }, placeOf(node, reading)) },
      ]
    }),
  )
}

export function isPersonTarget(target: SubTarget, reading: Reading): boolean {
  if (target.person) return true
  return target.expression === undefined && isPersonReference(target.node, reading)
}

/** The person key; or COALESCE of several, which a row has of one person. */
export const isPersonReference = (node: Node, reading: Reading): boolean =>
  node.kind === 'CoalesceExpr'
    ? listOf(node.body.args).every((arg) => {
        const part = nodeOf(arg, reading)
        return (
          part.kind === 'ColumnRef' &&
          !namesOf(part.body.fields).includes(undefined) &&
          isPersonReference(part, reading)
        )
      })
    : node.kind === 'ColumnRef' && findReference(node, reading).person
