import { Refused } from '../../base/refusal.ts'
import type { Table } from '../../contract/catalogue.ts'
import { call, literal } from '../expression.ts'
import type { Expression } from '../query.ts'
import {
  type Node,
  namesOf,
  nodeOf,
  notSupported,
  onlyFields,
  placeOf,
  type Reading,
  type ScopeTable,
  stop,
} from './ast.ts'
import { columnExpression, findReference } from './columns.ts'
import { derive, register } from './derive.ts'
import { isPersonReference } from './targets.ts'
import { compare } from './types.ts'

/**
 * Conditions that look into another relation: person IN (SELECT person …), EXISTS (… WHERE a.person = b.person), and x IN (SELECT … of public tables).
 * Each becomes a left join that matches at most one row, and the question whether it did: so a condition on a person's rows depends on that
 * person's other rows and on public tables, never on other people.
 */
export function readSubLink(node: Node, read: (part: unknown) => Expression, reading: Reading): Expression {
  onlyFields(node, ['subLinkType', 'testexpr', 'operName', 'subselect', 'location'], reading)
  const operator = namesOf(node.body.operName)[0]
  if (node.body.subLinkType === 'EXISTS_SUBLINK') return exists(node, reading)
  if (node.body.subLinkType === 'EXPR_SUBLINK') return oneValue(node, reading)
  if (node.body.subLinkType !== 'ANY_SUBLINK' || (operator !== undefined && operator !== '='))
    return notSupported(node, reading)
  const test = nodeOf(node.body.testexpr, reading)
  if (isPersonReference(test, reading)) return ofPerson(node, test, reading)
  return ofPublic(node, read(node.body.testexpr), reading)
}

function ofPerson(node: Node, test: Node, reading: Reading): Expression {
  const table = derive(node.body.subselect, reading)
  if (table.kind === 'public' || table.columns.length !== 1 || table.columns[0]?.name === 'usufruct_person')
    stop(
      'query.not_supported',
      'the person key is compared with a list of other things',
      placeOf(node, reading),
      'IN (SELECT <person key> FROM …)',
    )
  const found = isFound(table, reading)
  const { from, column } = findReference(test, reading)
  if (!from.optional) return found
  return call(
    'and',
    [call('not', [call('is_null', [columnExpression({ from, column })], 'boolean')], 'boolean'), found],
    'boolean',
  )
}

/** Joined to the rows' own person; true where that person is in the relation. */
function isFound(table: Table, reading: Reading): Expression {
  const scope = hide(onePerPerson(table, reading), reading, (joined) => {
    const first = reading.tables[0] as ScopeTable
    return call('=', [personOf(first), personOf(joined)], 'boolean')
  })
  return call('not', [call('is_null', [personOf(scope)], 'boolean')], 'boolean')
}

function personOf(from: ScopeTable): Expression {
  const column = from.table.columns.find((one) => one.name === from.table.personColumn || one.role === 'person')
  if (!column) throw new Error('a relation about people has a person')
  return columnExpression({ from, column })
}

/** Who is in a relation, each once. */
function onePerPerson(table: Table, reading: Reading): Table {
  if (table.kind === 'persons') return table
  const known = reading.shared.known.get(table)
  if (known) return known
  const source = { tables: [{ table: table.name, alias: 't0', private: true, join: undefined }] }
  const rows = { kind: 'persons', maxRows: 1n, maxGroups: undefined, key: undefined } as const
  const made = register(
    {
      rows,
      person: undefined,
      personAt: undefined,
      columns: [],
      parts: [],
      branches: [{ source, where: undefined, columns: [], distinct: true }],
    },
    reading,
  )
  reading.shared.known.set(table, made)
  return made
}

function hide(table: Table, reading: Reading, on: (joined: ScopeTable) => Expression): ScopeTable {
  const known = reading.hidden.find(({ scope }) => scope.table === table && table.kind !== 'public')
  if (known) return known.scope
  const scope: ScopeTable = { name: '', table, alias: `h${reading.hidden.length}`, optional: true }
  const joined = {
    table: table.name,
    alias: scope.alias,
    private: table.kind !== 'public',
    join: { type: 'left', on: on(scope) },
  } as const
  reading.hidden.push({ scope, joined })
  return scope
}

/** A sub-query that names what stands around it is about more than public tables: that is said of the whole. */
function alone(node: Node, reading: Reading): Table {
  try {
    return derive(node.body.subselect, reading)
  } catch (error) {
    const names =
      error instanceof Refused && ['query.unknown_column', 'query.unknown_table'].includes(error.refusal.code)
    if (names) notSupported(node, reading)
    throw error
  }
}

/** (SELECT MAX(price) FROM products): one value of public tables, the same for every row. */
function oneValue(node: Node, reading: Reading): Expression {
  const table = alone(node, reading)
  if (table.kind !== 'public' || !reading.shared.single.has(table.name)) return notSupported(node, reading)
  if (table.columns.length !== 1)
    stop(
      'query.type_mismatch',
      'a sub-query that gives a value has one output',
      placeOf(node, reading),
      'name one column',
    )
  const scope = hide(table, reading, () => literal('true', 'boolean'))
  return columnExpression({ from: scope, column: table.columns[0] as Table['columns'][number] }, placeOf(node, reading))
}

/** x IN (SELECT y FROM public …): missing values of y match nothing; a missing x is neither in nor out. */
function ofPublic(node: Node, value: Expression, reading: Reading): Expression {
  const at = placeOf(node, reading)
  const table = derive(node.body.subselect, reading)
  if (table.kind !== 'public')
    stop(
      'query.not_supported',
      'a value is compared with values of other people',
      at,
      'compare the person key, <person key> IN (SELECT <person key> FROM …), or a value with a list or with public tables',
    )
  if (table.columns.length !== 1)
    stop('query.type_mismatch', 'IN takes a sub-query with one output', at, 'name one column')
  const distinct = onceEach(table, reading)
  let member: Expression | undefined
  hide(distinct, reading, (joined) => {
    const column = columnExpression({ from: joined, column: joined.table.columns[0] as Table['columns'][number] })
    const sides = compare([value, column], at, false)
    member = column
    return call('=', sides, 'boolean')
  })
  const present = call('not', [call('is_null', [member as Expression], 'boolean')], 'boolean')
  return call('case', [call('is_null', [value], 'boolean'), literal(null, 'null'), present], 'boolean', 0, at)
}

function onceEach(table: Table, reading: Reading): Table {
  const [column] = table.columns
  if (!column) throw new Error('the relation has a column')
  const of = {
    kind: 'column',
    alias: 't0',
    table: table.name,
    column: column.name,
    type: column.type,
    scale: column.scale,
  } as const
  const source = { tables: [{ table: table.name, alias: 't0', private: false, join: undefined }] }
  const rows = { kind: 'public', maxRows: undefined, maxGroups: undefined, key: undefined } as const
  const branch = { source, where: undefined, columns: [{ kind: 'row', of } as const], distinct: true }
  return register(
    { rows, person: undefined, personAt: undefined, columns: [column], parts: [1], branches: [branch] },
    reading,
  )
}

/** EXISTS (SELECT … FROM visits v WHERE v.person = b.person AND …): the equality ties it to the person, the rest looks at v alone. */
function exists(node: Node, reading: Reading): Expression {
  const at = placeOf(node, reading)
  const untied = (): never =>
    stop(
      'query.not_supported',
      'EXISTS that is not tied to the person is not answered',
      at,
      'EXISTS (SELECT 1 FROM other o WHERE o.<person key> = t.<person key> AND …); for public tables, x IN (SELECT …) or JOIN',
    )
  const correlated = (conditions: readonly unknown[], inner: Reading): readonly unknown[] => {
    const rest = conditions.filter((condition) => !isTie(nodeOf(condition, inner), inner, reading))
    return rest.length < conditions.length ? rest : untied()
  }
  const table = derive(node.body.subselect, reading, { correlated })
  return table.kind === 'public' ? untied() : isFound(table, reading)
}

function isTie(node: Node, inner: Reading, outer: Reading): boolean {
  if (node.kind !== 'A_Expr' || node.body.kind !== 'AEXPR_OP' || namesOf(node.body.name)[0] !== '=') return false
  const sides = [node.body.lexpr, node.body.rexpr].map((side) => nodeOf(side, inner))
  if (!sides.every((side) => side.kind === 'ColumnRef')) return false
  const [a, b] = sides as [Node, Node]
  return (personIn(a, inner) && personIn(b, outer)) || (personIn(b, inner) && personIn(a, outer))
}

function personIn(node: Node, reading: Reading): boolean {
  try {
    return findReference(node, reading).person
  } catch (error) {
    if (error instanceof Refused) return false
    throw error
  }
}
