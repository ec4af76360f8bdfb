import type { Context } from './context.ts'
import type { ColumnDraft } from './draft.ts'
import { field, flagOf, items, type Part, quote, textOf, wholeOf } from './part.ts'

/** Public keys by which answers may be grouped, in declared order. */
export interface Domain {
  readonly domain: readonly string[]
  readonly domainHasNull: boolean
}

/** More cells than this are never answered at once, and every cell is noise that the buyer pays for. */
export const mostMembers = 10_000

interface Range {
  readonly minimum: bigint | undefined
  readonly maximum: bigint | undefined
}

/**
 * The declared public domain of a column: `quality[].arguments.validValues` of the metric invalidValues; the range of an integer whose custom property
 * usufructDomain is true; false and true of a boolean. `null` among the members declares that a missing value is a group of its own.
 */
export function readDomain(what: string, column: ColumnDraft, range: Range, context: Context): Domain | undefined {
  const { report } = context
  const [first, ...others] = items(field(column.part, 'quality')).filter(
    (quality) =>
      textOf(field(quality, 'metric')) === 'invalidValues' && field(quality, 'arguments', 'validValues') !== undefined,
  )
  const fromRange = readRange(what, column, range, context)
  for (const second of fromRange && first ? [first, ...others] : others)
    report(
      'contract.domain_several',
      second.at,
      `${what} declares a second domain.`,
      'Keep one list of validValues, or usufructDomain.',
    )
  if (fromRange) return fromRange
  if (first) return readMembers(what, column, range, field(first, 'arguments', 'validValues') as Part, context)
  return column.type === 'boolean' ? { domain: ['false', 'true'], domainHasNull: false } : undefined
}

function readRange(
  what: string,
  column: ColumnDraft,
  { minimum, maximum }: Range,
  { report }: Context,
): Domain | undefined {
  const declared = column.properties.get('usufructDomain')
  if (declared === undefined) return undefined
  const flag = flagOf(declared)
  if (flag === undefined || (flag && column.type !== 'integer')) {
    report(
      'contract.value',
      declared.at,
      `usufructDomain of ${what} is true, and the column an integer.`,
      'For other columns list validValues.',
    )
    return undefined
  }
  if (!flag) return undefined
  if (minimum === undefined || maximum === undefined) {
    report(
      'contract.domain_unbounded',
      declared.at,
      `The range of ${what} is its domain, but it has no minimum and maximum.`,
      'Add both to logicalTypeOptions.',
    )
    return undefined
  }
  if (maximum - minimum >= BigInt(mostMembers)) {
    report(
      'contract.domain_too_large',
      declared.at,
      `${what} has ${maximum - minimum + 1n} members.`,
      `Declare at most ${mostMembers}.`,
    )
    return undefined
  }
  const domain: string[] = []
  for (let member = minimum; member <= maximum; member++) domain.push(member.toString())
  return { domain, domainHasNull: false }
}

function readMembers(
  what: string,
  column: ColumnDraft,
  range: Range,
  list: Part,
  { report }: Context,
): Domain | undefined {
  if (column.type === 'decimal' || column.type === 'date' || column.type === 'timestamp') {
    report(
      'contract.domain_unused',
      list.at,
      `${what} is of the type ${column.type}: its validValues make no groups.`,
      'Nothing to do; group by a function of it instead.',
    )
    return undefined
  }
  if (list.kind !== 'list' || list.items.length === 0) {
    report(
      'contract.domain_member',
      list.at,
      `validValues of ${what} is not a list of members.`,
      'Write validValues: [first, second].',
    )
    return undefined
  }
  if (list.items.length > mostMembers + 1) {
    report(
      'contract.domain_too_large',
      list.at,
      `${what} has ${list.items.length} members.`,
      `Declare at most ${mostMembers}.`,
    )
    return undefined
  }
  const members = new Set<string | null>()
  for (const item of list.items) {
    const member = readMember(what, column, range, item, report)
    if (member === undefined) continue
    if (members.has(member))
      report('contract.domain_twice', item.at, `${what} lists ${quote(item)} twice.`, 'List it once.')
    members.add(member)
  }
  const domainHasNull = members.delete(null)
  if (members.size > mostMembers)
    report(
      'contract.domain_too_large',
      list.at,
      `${what} has ${members.size} members.`,
      `Declare at most ${mostMembers}.`,
    )
  return { domain: [...members] as string[], domainHasNull }
}

const longestMember = 200
// Members are shown to buyers and written into SQL and files: no control characters, no surrogate without its partner.
const unprintable = /[\p{Cc}\p{Cs}]/u

/** The member's text; null for a declared missing value; undefined, with a finding, when it does not fit. */
function readMember(
  what: string,
  { type }: ColumnDraft,
  range: Range,
  item: Part,
  report: Context['report'],
): string | null | undefined {
  const refuse = (why: string, remedy: string): undefined => {
    report('contract.domain_member', item.at, `The member ${quote(item)} of ${what} ${why}.`, remedy)
  }
  if (item.kind !== 'scalar') return refuse('is not a simple value', 'List simple values.')
  if (item.value === null) return null
  if (type === 'boolean')
    return typeof item.value === 'boolean' ? String(item.value) : refuse('is not a truth value', 'Write true or false.')
  if (type === 'integer') {
    const whole = typeof item.value === 'number' ? wholeOf(item) : undefined
    if (whole === undefined) return refuse('is not a whole number', 'Write a whole number without quotes.')
    const outside =
      (range.minimum !== undefined && whole < range.minimum) || (range.maximum !== undefined && whole > range.maximum)
    return outside ? refuse('lies outside minimum and maximum', 'Widen the bounds, or leave it out.') : whole.toString()
  }
  if (typeof item.value !== 'string') return refuse('is not a text', 'Put it in quotes.')
  if (item.value.length > longestMember || unprintable.test(item.value))
    return refuse('is too long or holds control characters', `Use at most ${longestMember} printable characters.`)
  return item.value
}
