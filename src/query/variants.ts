import { decimalText } from '../base/rational.ts'
import type { Outcome } from '../base/refusal.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import { intervalOf, largest } from './interval.ts'
import { type Fields, listOf, namesOf } from './parse/ast.ts'
import { endOfComment, endOfLine, endOfQuote } from './parse/limits.ts'
import { readChanged, readTree, type Tree } from './parse.ts'
import { catalogueOf, type Query } from './query.ts'

/** A question that is near the one asked, read anew from the changed tree: its bounds are what such a question would have, not what somebody thinks. */
export interface Variant {
  readonly change: Change
  readonly query: Query
}
export type Change =
  /** One key less. */
  | { readonly kind: 'without-group'; readonly group: string }
  /** One output, and the keys. */
  | { readonly kind: 'alone'; readonly output: string }
  /** The sum in place of the average. */
  | { readonly kind: 'sum-instead'; readonly output: string }
  /** What one row adds to a sum is cut off at so much; `sql`: the text with it. */
  | { readonly kind: 'clamp'; readonly output: string; readonly at: string; readonly sql: string | undefined }
  /** One more quantile of what is released already. */
  | { readonly kind: 'another-quantile'; readonly output: string }
  /** The average of what is released already for a variance. */
  | { readonly kind: 'average-too'; readonly output: string }

const mostOutputs = 12
const mostGroups = 6

/**
 * Near questions that the contract lets be asked. HAVING, ORDER BY and LIMIT are left out of them: they choose among released rows and change no noise. Pure: from
 * text and contract. Gives none for a text that is refused.
 */
export async function variantsOf(query: Query, catalogue: Catalogue): Promise<readonly Variant[]> {
  const read = await readTree(query.sql, catalogue)
  if (!read.ok) return []
  const tree = bare(read.value)
  const targets = listOf(tree.select.body.targetList)
  if (targets.length !== query.outputs.length) return []
  return [
    ...withoutGroups(tree, query, catalogue),
    ...targets.slice(0, mostOutputs).flatMap((_, place) => ofOutput(tree, place, query, catalogue)),
  ]
}

function ofOutput(tree: Tree, place: number, query: Query, catalogue: Catalogue): readonly Variant[] {
  const output = query.outputs[place]
  if (!output || output.value.kind === 'group') return []
  const { name, value } = output
  const made = (change: Change, targetList: readonly unknown[]): readonly Variant[] => {
    const changed = changedTo(tree, { targetList }, catalogue)
    return changed.ok ? [{ change, query: changed.value }] : []
  }
  const keys = listOf(tree.select.body.targetList).filter((_, at) => query.outputs[at]?.value.kind === 'group')
  const own = listOf(tree.select.body.targetList)[place]
  const alone = query.measures.length > 1 ? made({ kind: 'alone', output: name }, [...keys, own]) : []
  const called = callIn(own)
  const measure = value.kind === 'measure' ? query.measures[value.index] : undefined
  if (!called || !measure) return alone
  const all = listOf(tree.select.body.targetList)
  const more = (call: Fields) => [...all, { ResTarget: { name: 'one_more', val: { FuncCall: call } } }]
  switch (measure.kind) {
    case 'average':
      return [...alone, ...made({ kind: 'sum-instead', output: name }, replaced(all, place, named(called, 'sum')))]
    case 'variance':
      return [...alone, ...made({ kind: 'average-too', output: name }, more(named(called, 'avg')))]
    case 'distribution':
      return [...alone, ...made({ kind: 'another-quantile', output: name }, more(otherQuantile(called)))]
    case 'sum':
      return [...alone, ...clamped(tree, place, query, catalogue)]
    default:
      return alone
  }
}

/** The largest round bound of one row at which the sum's own bound is at most half of what it is. */
function clamped(tree: Tree, place: number, query: Query, catalogue: Catalogue): readonly Variant[] {
  const { name, value } = query.outputs[place] as Query['outputs'][number]
  const measure = value.kind === 'measure' ? query.measures[value.index] : undefined
  const all = listOf(tree.select.body.targetList)
  const call = callIn(all[place])
  const of = listOf(call?.args)[0]
  if (measure?.kind !== 'sum' || !call || of === undefined) return []
  const interval = intervalOf(measure.of, catalogueOf(query, catalogue))
  for (const most of roundBelow(largest(interval))) {
    const at = decimalText(most, measure.scale)
    const bounded = interval.low < 0n ? least(greatest(of, constant(`-${at}`)), constant(at)) : least(of, constant(at))
    const changed = changedTo(tree, { targetList: replaced(all, place, { ...call, args: [bounded] }) }, catalogue)
    if (!changed.ok) return []
    const now = changed.value.outputs[place]?.value
    const after = now?.kind === 'measure' ? changed.value.measures[now.index] : undefined
    if (after?.kind === 'sum' && 2n * after.maxSum <= measure.maxSum)
      return [
        {
          change: { kind: 'clamp', output: name, at, sql: clampedText(tree, call, at, interval.low < 0n) },
          query: changed.value,
        },
      ]
  }
  return []
}

/** Round numbers (1, 2 or 5 times a power of ten) below n, falling; at most twelve. */
function roundBelow(n: bigint): readonly bigint[] {
  const found: bigint[] = []
  let power = 10n ** BigInt(Math.max(0, n.toString().length - 1))
  while (power > 0n && found.length < 12) {
    for (const digit of [5n, 2n, 1n]) if (digit * power < n) found.push(digit * power)
    power /= 10n
  }
  return found.slice(0, 12)
}

function withoutGroups(tree: Tree, query: Query, catalogue: Catalogue): readonly Variant[] {
  const keys = listOf(tree.select.body.groupClause)
  return keys.slice(0, mostGroups).flatMap((key, place) => {
    const targetList = listOf(tree.select.body.targetList).filter((target) => !isKey(target, key))
    const changed = changedTo(tree, { targetList, groupClause: keys.filter((_, at) => at !== place) }, catalogue)
    if (!changed.ok || changed.value.groups.length >= query.groups.length) return []
    const left = changed.value.groups.map((group) => group.name)
    const group = query.groups.find(({ name }) => !left.includes(name))?.name
    return group === undefined ? [] : [{ change: { kind: 'without-group', group } as const, query: changed.value }]
  })
}

/** Does GROUP BY mean this target, by its own words or by its alias? */
function isKey(target: unknown, key: unknown): boolean {
  const { name, val } = (target as { ResTarget?: Fields }).ResTarget ?? {}
  const column = (key as { ColumnRef?: Fields }).ColumnRef
  const names = column === undefined ? [] : namesOf(column.fields)
  return (names.length === 1 && names[0] === name) || withoutPlaces(val) === withoutPlaces(key)
}
const withoutPlaces = (tree: unknown): string =>
  JSON.stringify(tree, (key, value) => (key === 'location' ? undefined : value))

/** Without what chooses among released rows; numbers in GROUP BY become what they mean, so that outputs can go. */
function bare(tree: Tree): Tree {
  const { havingClause: _, sortClause: __, limitCount: ___, limitOffset: ____, ...body } = tree.select.body
  const targets = listOf(body.targetList)
  const groupClause = listOf(body.groupClause).map((key) => {
    const number = ((key as { A_Const?: { ival?: { ival?: number } } }).A_Const?.ival?.ival ?? 0) - 1
    return (targets[number] as { ResTarget?: Fields } | undefined)?.ResTarget?.val ?? key
  })
  return { ...tree, select: { ...tree.select, body: { ...body, groupClause, limitOption: 'LIMIT_OPTION_DEFAULT' } } }
}

const changedTo = (tree: Tree, change: Fields, catalogue: Catalogue): Outcome<Query> => {
  // Whoever groups by nothing has no such clause.
  const { groupClause, ...body } = { ...tree.select.body, ...change } as Fields
  const keys = listOf(groupClause)
  return readChanged(
    { ...tree, select: { ...tree.select, body: keys.length === 0 ? body : { ...body, groupClause: keys } } },
    catalogue,
  )
}

/** The function call that a target is, if it is one and nothing around it. */
const callIn = (target: unknown): Fields | undefined =>
  ((target as { ResTarget?: Fields }).ResTarget?.val as { FuncCall?: Fields } | undefined)?.FuncCall

const replaced = (targets: readonly unknown[], place: number, call: Fields): readonly unknown[] =>
  targets.map((target, at) =>
    at === place ? { ResTarget: { ...(target as { ResTarget: Fields }).ResTarget, val: { FuncCall: call } } } : target,
  )

const named = (call: Fields, name: string): Fields => ({ ...call, funcname: [{ String: { sval: name } }] })

/** QUANTILE(x, 0.9) beside any quantile of x; beside that one itself, 0.1. */
function otherQuantile(call: Fields): Fields {
  const within = call.agg_within_group === true
  const args = listOf(call.args)
  const given = JSON.stringify(within ? args[0] : args[1]) ?? ''
  const other = constant(given.includes('"0.9"') ? '0.1' : '0.9')
  return within ? { ...call, args: [other] } : { ...named(call, 'quantile'), args: [args[0], other] }
}

const minMax = (op: string) => (a: unknown, b: unknown) => ({ MinMaxExpr: { op, args: [a, b] } })
const least = minMax('IS_LEAST')
const greatest = minMax('IS_GREATEST')

function constant(text: string): unknown {
  if (text.startsWith('-'))
    return {
      A_Expr: { kind: 'AEXPR_OP', name: [{ String: { sval: '-' } }], rexpr: constant(text.slice(1)) },
    }
  const whole = /^\d{1,9}$/.test(text)
  return { A_Const: whole ? { ival: { ival: Number(text) } } : { fval: { fval: text } } }
}

/** The text with the argument of that call clamped; undefined where the brackets are not found. */
function clampedText({ sql, places }: Tree, call: Fields, at: string, both: boolean): string | undefined {
  const open = sql.indexOf('(', places.ofByte(call.location as number | undefined).offset)
  const close = open < 0 ? -1 : closing(sql, open)
  if (close < 0) return undefined
  const of = sql.slice(open + 1, close)
  const bounded = both ? `LEAST(GREATEST(${of}, -${at}), ${at})` : `LEAST(${of}, ${at})`
  return `${sql.slice(0, open + 1)}${bounded}${sql.slice(close)}`
}

/** Place of the bracket that closes the one at `open`; quoted texts and comments are passed over. -1 when there is none. */
function closing(sql: string, open: number): number {
  let depth = 0
  let at = open
  while (at < sql.length) {
    const character = sql[at] as string
    if (character === "'" || character === '"') at = endOfQuote(sql, at, character)
    else if (sql.startsWith('--', at)) at = endOfLine(sql, at)
    else if (sql.startsWith('/*', at)) at = endOfComment(sql, at)
    else {
      if (character === '(') depth++
      if (character === ')' && --depth === 0) return at
      at++
    }
  }
  return -1
}
