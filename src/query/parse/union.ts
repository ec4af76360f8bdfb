import { maximum, minimum } from '../../base/integer.ts'
import type { Column } from '../../contract/catalogue.ts'
import { isNumber, rescale } from '../expression.ts'
import type { Branch, Feature } from '../query.ts'
import { type Fields, type Node, notSupported, type Reading, stop } from './ast.ts'
import type { Rows } from './declare.ts'
import { type Relation, register, relationOf } from './derive.ts'
import { nested } from './scope.ts'

/** UNION ALL of two relations that both keep the person at the same place; UNION leaves repeated rows out afterwards. */
export function unionOf(select: Node, reading: Reading): Relation {
  if (select.body.op !== 'SETOP_UNION') notSupported({ kind: 'SelectStmt', body: {} }, reading, 'SelectStmt.op')
  const [left, right] = [select.body.larg, select.body.rarg].map((body) =>
    relationOf({ kind: 'SelectStmt', body: body as Fields }, nested(reading)),
  ) as [Relation, Relation]
  const at = reading.places.ofWord('union')
  if (left.personAt !== right.personAt || left.columns.length !== right.columns.length)
    stop(
      'query.type_mismatch',
      'the two sides of UNION do not have the same columns',
      at,
      'both sides name the person key at the same place, and as many columns',
    )
  if ((left.rows.kind === 'public') !== (right.rows.kind === 'public') || left.person === undefined)
    stop('query.not_supported', 'UNION of rows that nobody owns is not answered', at, 'both sides name the person key')
  const columns = left.columns.map((column, index) => merged(column, right.columns[index] as Column, at))
  const branches = [...left.branches, ...right.branches].map((branch) => onGrid(branch, columns))
  const parts = left.parts.map((part, index) => Math.max(part, right.parts[index] ?? 1))
  const all = { ...left, rows: together(left.rows, right.rows), columns, parts, branches }
  if (select.body.all === true) return all
  // UNION without ALL: the rows of both, each once.
  const table = register(all, reading)
  const features = columns.map(
    (column): Feature => ({
      kind: 'row',
      of: {
        kind: 'column',
        alias: 't0',
        table: table.name,
        column: column.name,
        type: column.type,
        scale: column.scale,
      },
    }),
  )
  const source = { tables: [{ table: table.name, alias: 't0', private: true, join: undefined }] }
  // Of nothing but people, each once.
  const rows: Rows = columns.length === 0 ? { ...all.rows, kind: 'persons', maxRows: 1n } : all.rows
  return { ...all, rows, branches: [{ source, where: undefined, columns: features, distinct: true }] }
}

function together(a: Rows, b: Rows): Rows {
  const rows = [a, b].map(({ kind, maxRows }) => (kind === 'persons' ? 1n : maxRows))
  const [x, y] = rows
  return {
    kind: 'private',
    maxRows: x === undefined || y === undefined ? undefined : x + y,
    maxGroups: a.maxGroups === undefined || b.maxGroups === undefined ? undefined : maximum(a.maxGroups, b.maxGroups),
    key: undefined,
  }
}

/** One column for both sides: the finer grid, the wider bounds, both domains, both sums. */
function merged(a: Column, b: Column, at: ReturnType<Reading['places']['ofWord']>): Column {
  if (isNumber(a) !== isNumber(b) || (!isNumber(a) && a.type !== b.type))
    stop('query.type_mismatch', `"${a.name}" has another type on the other side of UNION`, at, 'cast one of them')
  const scale = Math.max(a.scale, b.scale)
  const [x, y] = [a, b].map((column) => {
    const grid = 10n ** BigInt(scale - column.scale)
    const up = (value: bigint | undefined) => (value === undefined ? undefined : value * grid)
    return { minimum: up(column.minimum), maximum: up(column.maximum), sum: up(column.maxSumPerPerson) }
  }) as [Bounds, Bounds]
  const both = <T>(one: T | undefined, other: T | undefined, join: (p: T, q: T) => T): T | undefined =>
    one === undefined || other === undefined ? undefined : join(one, other)
  const domain = scale > 0 ? undefined : both(a.domain, b.domain, (p, q) => [...new Set([...p, ...q])])
  return {
    name: a.name,
    type: a.type === 'integer' && b.type === 'integer' ? 'integer' : isNumber(a) ? 'decimal' : a.type,
    scale,
    required: a.required && b.required,
    offered: true,
    classification: 'derived',
    description: a.name,
    minimum: both(x.minimum, y.minimum, minimum),
    maximum: both(x.maximum, y.maximum, maximum),
    domain,
    domainHasNull: domain && (a.domainHasNull === true || b.domainHasNull === true),
    maxSumPerPerson: both(x.sum, y.sum, (p, q) => p + q),
    ...(a.openGroups === false || b.openGroups === false ? { openGroups: false } : {}),
    references:
      a.references &&
      b.references &&
      a.references.table === b.references.table &&
      a.references.column === b.references.column
        ? a.references
        : undefined,
  }
}
interface Bounds {
  readonly minimum: bigint | undefined
  readonly maximum: bigint | undefined
  readonly sum: bigint | undefined
}

const onGrid = (branch: Branch, columns: readonly Column[]): Branch => ({
  ...branch,
  columns: branch.columns.map((feature, index) =>
    feature.kind === 'row' ? { kind: 'row', of: rescale(feature.of, columns[index]?.scale ?? 0) } : feature,
  ),
})
