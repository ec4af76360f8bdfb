import { Refused } from '../../base/refusal.ts'
import type { Column, Table } from '../../contract/catalogue.ts'
import { call, literal } from '../expression.ts'
import type { Expression, Feature } from '../query.ts'
import {
  type Fields,
  listOf,
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
import { conjuncts } from './conditions.ts'
import { type Correlated, derive, register } from './derive.ts'
import { isFeatureAggregate } from './person-aggregates.ts'
import { readRow } from './rows.ts'
import { isPersonReference, type SubTarget } from './targets.ts'
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
  if (node.body.subLinkType === 'EXPR_SUBLINK') return ownValue(node, reading) ?? oneValue(node, reading)
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

/**
 * EXISTS (SELECT … FROM visits v WHERE v.person = b.person AND v.shop = b.shop AND …): equalities of a column inside and one outside tie it, the rest looks at v
 * alone. Of people's rows the person must be among the ties. The tied columns are made a relation in which each combination stands once.
 */
function exists(node: Node, reading: Reading): Expression {
  const at = placeOf(node, reading)
  const untied = (): never =>
    stop(
      'query.not_supported',
      'EXISTS that is not tied to the person is not answered',
      at,
      'EXISTS (SELECT 1 FROM other o WHERE o.<person key> = t.<person key> AND …); for public tables an equality of columns, or x IN (SELECT …)',
    )
  const ties: Tie[] = []
  const correlated: Correlated = (conditions, inner) => {
    const rest = conditions.filter((condition) => {
      const tie = tieOf(nodeOf(condition, inner), inner, reading)
      if (tie) ties.push(tie)
      return !tie
    })
    const people = inner.tables.some(({ table }) => table.kind !== 'public')
    if (ties.length === 0 || people !== ties.some((tie) => tie.person)) untied()
    const tied = ties.filter((tie) => !tie.person).map(({ inside }, index) => output(inside, `c${index}`))
    const who = ties.filter((tie) => tie.person).slice(0, 1)
    return { rest, tied: tied.length === 0 ? [] : [...who.map(({ inside }) => output(inside, 'person')), ...tied] }
  }
  const table = derive(node.body.subselect, reading, { correlated })
  const columns = ties.filter((tie) => !tie.person)
  if (columns.length === 0) return table.kind === 'public' ? untied() : isFound(table, reading)
  const once = combinations(table, reading)
  const found = once.columns.filter((column) => column.role !== 'person')
  const scope = hide(once, reading, (joined) => {
    const equal = columns.map(({ outside }, index) => {
      const sides = [readRow(outside, reading), columnExpression({ from: joined, column: found[index] as Column })]
      return call('=', compare(sides, at, false), 'boolean')
    })
    const first = reading.tables[0] as ScopeTable
    const own = once.kind === 'public' ? [] : [call('=', [personOf(first), personOf(joined)], 'boolean')]
    return call('and', [...own, ...equal], 'boolean')
  })
  const present =
    once.kind === 'public' ? columnExpression({ from: scope, column: found[0] as Column }) : personOf(scope)
  return call('not', [call('is_null', [present], 'boolean')], 'boolean', 0, at)
}

interface Tie {
  readonly inside: unknown
  readonly outside: unknown
  readonly person: boolean
}

const output = (value: unknown, name: string): SubTarget => {
  const [[kind, body] = ['', {}]] = Object.entries(value as Record<string, Fields>)
  return { alias: name, name, value, node: { kind, body } }
}

/** An equality of a column of the sub-query and one of what stands around it: of the person with the person, or of two other columns. */
function tieOf(node: Node, inner: Reading, outer: Reading): Tie | undefined {
  if (node.kind !== 'A_Expr' || node.body.kind !== 'AEXPR_OP' || namesOf(node.body.name)[0] !== '=') return undefined
  if (node.body.lexpr === undefined) return undefined
  const [a, b] = [node.body.lexpr, node.body.rexpr] as const
  const inside = [a, b].map((side) => personIn(nodeOf(side, inner), inner))
  if (!inside.includes(undefined)) return undefined
  const [own, other] = inside[0] === undefined ? [b, a] : [a, b]
  const [mine, theirs] = [personIn(nodeOf(own, inner), inner), personIn(nodeOf(other, inner), outer)]
  return mine === undefined || theirs === undefined || mine !== theirs
    ? undefined
    : { inside: own, outside: other, person: mine }
}

/** Each combination of the person, where there is one, and the columns, once. */
function combinations(table: Table, reading: Reading): Table {
  const columns = table.columns.filter((column) => column.role !== 'person' || table.kind === 'public')
  const features = columns.map(
    ({ name, type, scale }): Feature => ({
      kind: 'row',
      of: { kind: 'column', alias: 't0', table: table.name, column: name, type, scale },
    }),
  )
  const isPublic = table.kind === 'public'
  const source = { tables: [{ table: table.name, alias: 't0', private: !isPublic, join: undefined }] }
  const rows = {
    kind: isPublic ? 'public' : 'private',
    maxRows: undefined,
    maxGroups: undefined,
    key: undefined,
  } as const
  const branches = [{ source, where: undefined, columns: features, distinct: true }]
  return register(
    { rows, person: undefined, personAt: undefined, columns, parts: columns.map(() => 1), branches },
    reading,
  )
}

/** (SELECT AVG(x) FROM visits v WHERE v.person = b.person): a feature of the person, as if it were grouped by the person and joined. */
function ownValue(node: Node, reading: Reading): Expression | undefined {
  const select = nodeOf(node.body.subselect, reading)
  const conditions = conjuncts(select.body.whereClause)
  const targets = listOf(select.body.targetList)
  const [target] = targets.map((item) => nodeOf(item, reading))
  const place = conditions.findIndex((condition) => ownSide(nodeOf(condition, reading), reading) !== undefined)
  if (place < 0 || targets.length !== 1 || !target || select.body.groupClause !== undefined) return undefined
  const person = ownSide(nodeOf(conditions[place], reading), reading)
  const rest = conditions.filter((_, index) => index !== place)
  const value = nodeOf(target.body.val, reading)
  const called = value.kind === 'FuncCall' ? (namesOf(value.body.funcname).at(-1) ?? '') : ''
  if (!isFeatureAggregate(called)) return undefined
  const { whereClause: _, ...body } = select.body
  const where = rest.length === 0 ? {} : { whereClause: { BoolExpr: { boolop: 'AND_EXPR', args: rest } } }
  const targetList = [{ ResTarget: { val: person } }, { ResTarget: { name: 'own_value', val: target.body.val } }]
  const table = derive({ SelectStmt: { ...body, ...where, targetList, groupClause: [person] } }, reading)
  const scope = hide(table, reading, (joined) =>
    call('=', [personOf(reading.tables[0] as ScopeTable), personOf(joined)], 'boolean'),
  )
  const column = table.columns.find((one) => one.name === 'own_value') as Column
  const found = columnExpression({ from: scope, column }, placeOf(node, reading))
  return called === 'count' ? call('coalesce', [found, literal('0', 'integer')], 'integer') : found
}

/** Of `v.person = b.person` the side that is no name of what stands around. */
function ownSide(node: Node, reading: Reading): unknown {
  if (node.kind !== 'A_Expr' || node.body.kind !== 'AEXPR_OP' || namesOf(node.body.name)[0] !== '=') return undefined
  if (node.body.lexpr === undefined) return undefined
  const sides = [node.body.lexpr, node.body.rexpr]
  if (sides.some((side) => nodeOf(side, reading).kind !== 'ColumnRef')) return undefined
  const known = sides.map((side) => personIn(nodeOf(side, reading), reading))
  if (known[0] === true && known[1] === undefined) return sides[1]
  return known[1] === true && known[0] === undefined ? sides[0] : undefined
}

/** Whether a column is the person's key; undefined for what is no column here. */
function personIn(node: Node, reading: Reading): boolean | undefined {
  if (node.kind !== 'ColumnRef' || namesOf(node.body.fields).includes(undefined)) return undefined
  try {
    return findReference(node, reading).person
  } catch (error) {
    // A name that is restricted or ambiguous out here may be another one inside; what is used in the end is read again, with its refusal.
    if (error instanceof Refused) return undefined
    throw error
  }
}
