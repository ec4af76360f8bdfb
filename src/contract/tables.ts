import { absolute, maximum } from '../base/integer.ts'
import type { Column, Table } from './catalogue.ts'
import { readColumn } from './columns.ts'
import { type Context, windowsFor } from './context.ts'
import { amountLimit } from './exact.ts'
import { field, type Part, quote, wholeOf } from './part.ts'
import type { OurProperty } from './properties.ts'
import type { Relation } from './relations.ts'

/** The tables as the catalogue has them, person table first; every fault in them is reported. */
export function readTables(relations: readonly Relation[], context: Context): readonly Table[] {
  const tables = relations.map((relation) => readTable(relation, context))
  checkRoles(relations, tables, context)
  checkAmounts(relations, tables, context)
  return tables
}

function readTable({ draft, kind, personColumn, references }: Relation, context: Context): Table {
  const setting = (name: string) => ({
    table: draft.name,
    kind,
    isPersonKey: name === personColumn,
    references: references.get(name),
  })
  const columns = draft.columns.map((column) => readColumn(column, setting(column.name), context))
  const rows = count(
    draft.name,
    'usufructMaxRowsPerPerson',
    'rows',
    draft.properties.get('usufructMaxRowsPerPerson'),
    kind,
    context,
  )
  const groups = count(
    draft.name,
    'usufructMaxGroupsPerPerson',
    'groups',
    draft.properties.get('usufructMaxGroupsPerPerson'),
    kind,
    context,
  )
  if (kind === 'private' && !draft.properties.has('usufructMaxRowsPerPerson'))
    context.report(
      'contract.rows_missing',
      (field(draft.part, 'name') ?? draft.part).at,
      `${draft.name} has no bound on the rows of one person: counts of its rows and averages are refused.`,
      'Add the custom property usufructMaxRowsPerPerson: { rows: … }.',
    )
  return {
    name: draft.name,
    kind,
    personColumn,
    primaryKey: draft.primaryKey,
    columns,
    maxRowsPerPerson: kind === 'persons' ? 1n : rows,
    maxGroupsPerPerson: groups,
  }
}

const mostRows = 1_000_000_000n

/** A bound that counts rows or groups of one person; meaningless where persons have one row or none. */
function count(
  table: string,
  property: OurProperty,
  member: string,
  declared: Part | undefined,
  kind: Table['kind'],
  context: Context,
): bigint | undefined {
  if (declared?.kind !== 'map') return undefined
  if (kind !== 'private') {
    const why = kind === 'persons' ? 'has one row for each person' : 'is public'
    context.report(
      'contract.custom_property_unknown',
      declared.at,
      `${property} has no meaning on ${table}, which ${why}.`,
      'Remove it.',
    )
    return undefined
  }
  const amount = field(declared, member)
  const whole = wholeOf(amount)
  const windows = windowsFor(declared, context)
  if (whole !== undefined && windows !== undefined && whole > 0n && whole * windows <= mostRows) return whole * windows
  if (whole === undefined || whole <= 0n || windows !== undefined) {
    const written = amount ? quote(amount) : 'nothing'
    context.report(
      'contract.value',
      (amount ?? declared).at,
      `${member} of ${property} of ${table} is ${written}, not a whole number from 1 to ${mostRows} over all windows.`,
      `Write { ${member}: 100 }.`,
    )
  }
  return undefined
}

/** Age and place of the persons: each role once; without them the law never permits. */
function checkRoles(relations: readonly Relation[], tables: readonly Table[], { report }: Context): void {
  const persons = tables[0]
  const draft = relations[0]?.draft
  if (persons?.kind !== 'persons' || draft === undefined) return
  const holders = (...roles: readonly Column['role'][]) =>
    persons.columns.filter(({ role }) => role !== undefined && roles.includes(role))
  for (const role of ['birth_date', 'birth_year', 'place'] as const)
    for (const { name } of holders(role).slice(1)) {
      const part = draft.columns.find((column) => column.name === name)?.properties.get('usufructRole')
      report('contract.role', (part ?? draft.part).at, `${persons.name}.${name} is a second ${role}.`, 'Keep one.')
    }
  const at = (field(draft.part, 'name') ?? draft.part).at
  const missing = (what: string, roles: string): void =>
    report(
      'contract.role_missing',
      at,
      `The ${what} of the persons is not declared: unknown means no, so nobody is counted.`,
      `Add the custom property usufructRole: ${roles} to a column of ${persons.name}.`,
    )
  if (holders('birth_date', 'birth_year').length === 0) missing('age', 'birth_date (or birth_year)')
  if (holders('place').length === 0) missing('place', 'place')
}

/** The most rows of one person times the largest value of a row stays under 2^62, so that centred sums of averages are exact in the engines. */
function checkAmounts(relations: readonly Relation[], tables: readonly Table[], { report }: Context): void {
  const rows = tables.reduce((most, table) => maximum(most, table.maxRowsPerPerson ?? 1n), 1n)
  for (const { draft } of relations)
    for (const { name, part } of draft.columns) {
      const column = tables
        .find((table) => table.name === draft.name)
        ?.columns.find((candidate) => candidate.name === name)
      const magnitude = maximum(absolute(column?.minimum ?? 0n), absolute(column?.maximum ?? 0n))
      if (magnitude * rows >= amountLimit)
        report(
          'contract.bounds_too_large',
          (field(part, 'logicalTypeOptions') ?? part).at,
          `${rows} rows of one person times the largest value of ${draft.name}.${name} are 2^62 grid units or more.`,
          'Use smaller bounds, fewer rows or a coarser grid.',
        )
    }
}
