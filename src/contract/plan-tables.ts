import { decimalText, divide, type Rational, rational } from '../base/rational.ts'
import { type Catalogue, type Column, defaultGroupsPerPerson, findColumn, findTable, type Table } from './catalogue.ts'
import { type Change, change } from './change.ts'
import { factorText, growth, rootOf, square } from './factor.ts'

/** Changes of tables, columns, domains and bounds. */
export function planTables(before: Catalogue, after: Catalogue): readonly Change[] {
  const changes: Change[] = []
  for (const table of before.tables)
    if (!findTable(after, table.name))
      changes.push(
        change('table', table.name, `${table.name}: withdrawn: questions that name it are refused.`, {
          breaking: true,
        }),
      )
  for (const table of after.tables) {
    const old = findTable(before, table.name)
    if (old) changes.push(...planTable(old, table))
    else
      changes.push(
        change('table', table.name, `${table.name}: newly offered as a ${table.kind} table.`, { breaking: false }),
      )
  }
  return changes
}

function planTable(before: Table, after: Table): readonly Change[] {
  const name = after.name
  const changes: Change[] = []
  if (before.kind !== after.kind)
    changes.push(
      change(
        'table',
        name,
        `${name}: a ${before.kind} table → a ${after.kind} table: whose records its rows are changes.`,
        { breaking: true },
      ),
    )
  if (before.personColumn !== after.personColumn)
    changes.push(
      change(
        'table',
        name,
        `${name}: the person is in ${before.personColumn ?? 'no column'} → ${after.personColumn ?? 'no column'}.`,
        { breaking: true },
      ),
    )
  if (before.primaryKey.join() !== after.primaryKey.join())
    changes.push(
      change(
        'table',
        name,
        `${name}: primary key ${before.primaryKey.join(', ') || 'none'} → ${after.primaryKey.join(', ') || 'none'}.`,
        { breaking: true },
      ),
    )
  const rows = {
    what: 'rows of one person that count',
    noise: 'noise on counts of rows and on averages',
    refused: 'counts of its rows and averages',
  }
  changes.push(
    ...planBound(name, rows, whole(before.maxRowsPerPerson), whole(after.maxRowsPerPerson), (factor) => factor),
  )
  if (after.kind === 'private') {
    const groups = {
      what: 'groups in which one person counts',
      noise: 'noise on counts of people by group',
      refused: 'counts of people by group',
    }
    const groupsOf = (table: Table): Amount => whole(table.maxGroupsPerPerson ?? defaultGroupsPerPerson)
    // Counting people in at most L0 groups has sensitivity sqrt(L0) (differential-privacy.md 1.7).
    changes.push(...planBound(name, groups, groupsOf(before), groupsOf(after), rootOf))
  }
  for (const column of before.columns)
    if (column.offered && !findColumn(after, column.name)) changes.push(withdrawn(name, column))
  for (const column of after.columns) changes.push(...planColumn(name, findColumn(before, column.name), column))
  return changes
}

const withdrawn = (table: string, { name }: Column): Change =>
  change('column', `${table}.${name}`, `${table}.${name}: withdrawn: questions that name it are refused.`, {
    breaking: true,
  })

function planColumn(table: string, before: Column | undefined, after: Column): readonly Change[] {
  const name = `${table}.${after.name}`
  if (!before?.offered && !after.offered) return []
  if (!before?.offered)
    return [change('column', name, `${name}: newly offered, classified ${after.classification}.`, { breaking: false })]
  if (!after.offered) return [withdrawn(table, after)]
  const changes: Change[] = []
  if (before.type !== after.type)
    changes.push(change('column', name, `${name}: ${before.type} → ${after.type}.`, { breaking: true }))
  else if (before.scale !== after.scale)
    changes.push(
      change(
        'column',
        name,
        `${name}: ${before.scale} decimal places → ${after.scale}: amounts are rounded to the new grid.`,
        { breaking: after.scale < before.scale },
      ),
    )
  if (JSON.stringify(before.references) !== JSON.stringify(after.references))
    changes.push(
      change('column', name, `${name}: refers to ${target(before)} → ${target(after)}: joins change.`, {
        breaking: before.references !== undefined,
      }),
    )
  changes.push(
    ...planDomain(name, before, after),
    ...planOpenGroups(name, before, after),
    ...planRange(name, before, after),
  )
  const sum = { what: 'most one person can add up to', noise: 'noise on sums', refused: 'sums' }
  changes.push(
    ...planBound(
      name,
      sum,
      amount(before.maxSumPerPerson, before.scale),
      amount(after.maxSumPerPerson, after.scale),
      (factor) => factor,
    ),
  )
  return changes
}

const target = ({ references }: Column): string => (references ? `${references.table}.${references.column}` : 'nothing')

function planDomain(name: string, before: Column, after: Column): readonly Change[] {
  const members = ({ domain, domainHasNull }: Column): readonly string[] | undefined =>
    domain && [...domain.map((member) => JSON.stringify(member)), ...(domainHasNull ? ['a missing value'] : [])]
  const [old, now] = [members(before), members(after)]
  if (!old && !now) return []
  if (!old) return [change('domain', name, `${name}: can be grouped by: ${now?.length} cells.`, { breaking: false })]
  if (!now)
    return [
      change(
        'domain',
        name,
        `${name}: loses its domain: ${after.openGroups === false ? 'questions that group by it are refused' : 'only groups with enough people appear'}.`,
        { breaking: true },
      ),
    ]
  const [gone, added] = [without(old, now), without(now, old)]
  if (gone.length === 0 && added.length === 0)
    return old.join() === now.join()
      ? []
      : [change('domain', name, `${name}: the cells of its domain come in another order.`, { breaking: false })]
  const parts = [
    ...(gone.length > 0 ? [`without ${some(gone)}`] : []),
    ...(added.length > 0 ? [`with ${some(added)}`] : []),
  ]
  return [
    change('domain', name, `${name}: ${old.length} → ${now.length} cells, ${parts.join(', ')}.`, {
      breaking: gone.length > 0,
    }),
  ]
}

function without(list: readonly string[], other: readonly string[]): readonly string[] {
  const set = new Set(other)
  return list.filter((member) => !set.has(member))
}
const some = (list: readonly string[]): string =>
  list.length > 5 ? `${list.slice(0, 5).join(', ')} and ${list.length - 5} more` : list.join(', ')

function planOpenGroups(name: string, before: Column, after: Column): readonly Change[] {
  if (before.openGroups === after.openGroups) return []
  const words =
    after.openGroups === false
      ? 'its values are no groups any more: questions that group by them are refused.'
      : 'its values can be groups: those with enough people appear.'
  return [change('domain', name, `${name}: ${words}`, { breaking: after.openGroups === false })]
}

function planRange(name: string, before: Column, after: Column): readonly Change[] {
  const text = ({ minimum, maximum, scale }: Column): string =>
    minimum === undefined || maximum === undefined
      ? 'not bounded'
      : `${decimalText(minimum, scale)} to ${decimalText(maximum, scale)}`
  if (text(before) === text(after)) return []
  const width = ({ minimum, maximum, scale }: Column): Rational | undefined =>
    minimum === undefined || maximum === undefined ? undefined : rational(maximum - minimum, 10n ** BigInt(scale))
  const [old, now] = [width(before), width(after)]
  const head = `${name}: one row counts from ${text(before)} → ${text(after)}`
  if (!now) return [change('bound', name, `${head}: averages are refused.`, { breaking: true })]
  if (!old) return [change('bound', name, `${head}: averages can be asked.`, { breaking: false })]
  const factor = old.n > 0n && now.n > 0n ? divide(now, old) : undefined
  return [
    change(
      'bound',
      name,
      factor && factor.n !== factor.d ? `${head}: noise on averages ${growth(factor)}.` : `${head}.`,
      { breaking: false, factor },
    ),
  ]
}

interface Amount {
  readonly value: Rational | undefined
  readonly text: string
}
const amount = (units: bigint | undefined, scale: number): Amount =>
  units === undefined
    ? { value: undefined, text: 'not declared' }
    : { value: rational(units, 10n ** BigInt(scale)), text: decimalText(units, scale) }
const whole = (count: bigint | undefined): Amount => amount(count, 0)

/** A bound of one person's contribution: noise follows it; at equal error the price follows the square of the noise (rho is as 1 / error²). */
function planBound(
  name: string,
  words: { readonly what: string; readonly noise: string; readonly refused: string },
  before: Amount,
  after: Amount,
  noiseFactor: (factor: Rational) => Rational,
): readonly Change[] {
  if (before.value === undefined && after.value === undefined) return []
  const head = `${name}: ${words.what} ${before.text} → ${after.text}`
  if (after.value === undefined)
    return [change('bound', name, `${head}: ${words.refused} are refused.`, { breaking: true })]
  if (before.value === undefined)
    return [change('bound', name, `${head}: ${words.refused} can be asked.`, { breaking: false })]
  const ratio = divide(after.value, before.value)
  if (ratio.n === ratio.d) return []
  const factor = noiseFactor(ratio)
  return [
    change(
      'bound',
      name,
      `${head}: ${words.noise} ${growth(factor)}; the same error costs ${factorText(square(factor))} times the privacy loss.`,
      { breaking: false, factor },
    ),
  ]
}
