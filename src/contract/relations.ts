import type { Table } from './catalogue.ts'
import type { ColumnDraft, TableDraft } from './draft.ts'
import type { Report } from './finding.ts'
import { field, flagOf, items, type Part, quote, textOf } from './part.ts'

/** What a table is in relation to persons. Nothing is assumed public. */
export interface Relation {
  readonly draft: TableDraft
  readonly kind: Table['kind']
  readonly personColumn: string | undefined
  /** Column → the key it refers to, where a join may use it. */
  readonly references: ReadonlyMap<string, { readonly table: string; readonly column: string }>
}

/**
 * Which table holds the persons, which ones carry their key, which ones are public (differential-privacy.md 3.1: a private table carries the
 * privacy unit directly; a row has one owner).
 */
export function relate(drafts: readonly TableDraft[], root: Part, report: Report): readonly Relation[] {
  const person = findPerson(drafts, root, report)
  const isPublic = new Set(drafts.filter((draft) => declaredPublic(draft, report)).map((draft) => draft.name))
  if (person && isPublic.has(person.table.name))
    report(
      'contract.table_public_and_private',
      atOf(person.table),
      `The person table ${person.table.name} is declared public.`,
      'Remove usufructPublic.',
    )
  const relations = drafts.map((draft) => relationOf(draft, drafts, person, isPublic, report))
  return [...relations].sort((a, b) => Number(b.kind === 'persons') - Number(a.kind === 'persons'))
}

interface Person {
  readonly table: TableDraft
  readonly column: ColumnDraft
}

function findPerson(drafts: readonly TableDraft[], root: Part, report: Report): Person | undefined {
  const units = drafts.flatMap((table) =>
    table.columns
      .filter((column) => isTrue(column.properties.get('usufructPrivacyUnit'), 'usufructPrivacyUnit', report))
      .map((column) => ({ table, column })),
  )
  const [first, ...others] = units
  if (first === undefined) {
    const remedy =
      'Add the custom property usufructPrivacyUnit: true to the primary key of the table with one row for each person.'
    report(
      'contract.person_table',
      field(root, 'schema')?.at ?? root.at,
      'No column is declared to be the person.',
      remedy,
    )
    return undefined
  }
  for (const { table, column } of others)
    report(
      'contract.person_table',
      column.part.at,
      `${table.name}.${column.name} is a second privacy unit.`,
      `Keep ${first.table.name}.${first.column.name} only; refer to it with relationships.`,
    )
  const { table, column } = first
  if (table.primaryKey.length !== 1 || table.primaryKey[0] !== column.name)
    report(
      'contract.person_table',
      column.part.at,
      `${table.name}.${column.name} is not alone the primary key of ${table.name}.`,
      'Set primaryKey: true on this column and on no other of the table.',
    )
  if (column.type !== 'text' && column.type !== 'integer')
    report(
      'contract.key_type',
      column.part.at,
      `The person key ${table.name}.${column.name} is of the type ${column.type}.`,
      'Use a string or an integer.',
    )
  return first
}

const declaredPublic = (draft: TableDraft, report: Report): boolean =>
  isTrue(draft.properties.get('usufructPublic'), 'usufructPublic', report)

function isTrue(value: Part | undefined, what: string, report: Report): boolean {
  if (value === undefined) return false
  const flag = flagOf(value)
  if (flag === undefined)
    report('contract.value', value.at, `${what} is true or false, not ${quote(value)}.`, `Write value: true.`)
  return flag ?? false
}

const atOf = (draft: TableDraft) => (field(draft.part, 'name') ?? draft.part).at

function relationOf(
  draft: TableDraft,
  drafts: readonly TableDraft[],
  person: Person | undefined,
  isPublic: ReadonlySet<string>,
  report: Report,
): Relation {
  const kind = draft.name === person?.table.name ? 'persons' : isPublic.has(draft.name) ? 'public' : 'private'
  const owners: string[] = []
  const references = new Map<string, { readonly table: string; readonly column: string }>()
  for (const link of linksOf(draft, drafts, report)) {
    const target = `${link.table.name}.${link.column.name}`
    const source = `${draft.name}.${link.from.name}`
    const toPerson =
      person !== undefined && link.table.name === person.table.name && link.column.name === person.column.name
    const usable =
      toPerson ||
      (isPublic.has(link.table.name) &&
        link.table.primaryKey.length === 1 &&
        link.table.primaryKey[0] === link.column.name)
    if (kind === 'public' && person !== undefined && !isPublic.has(link.table.name)) {
      report(
        'contract.table_public_and_private',
        link.at,
        `${draft.name} is declared public, but ${source} refers to ${target}.`,
        'Remove usufructPublic, or the relationship and the column.',
      )
      continue
    }
    if (!usable) {
      const remedy = 'Joins go over the person key, or to the only primary key of a public table.'
      if (person)
        report('contract.reference_unused', link.at, `${source} refers to ${target}, which no join can use.`, remedy)
      continue
    }
    if (link.from.type !== link.column.type)
      report(
        'contract.key_type',
        link.at,
        `${source} is of the type ${link.from.type}, ${target} of the type ${link.column.type}.`,
        'Give both the same logicalType.',
      )
    const earlier = references.get(link.from.name)
    if (earlier && `${earlier.table}.${earlier.column}` !== target)
      report(
        'contract.reference_several',
        link.at,
        `${source} refers to ${earlier.table}.${earlier.column} and to ${target}.`,
        'Keep one relationship for a column.',
      )
    references.set(link.from.name, { table: link.table.name, column: link.column.name })
    if (toPerson && !owners.includes(link.from.name)) owners.push(link.from.name)
  }
  checkOwner(draft, kind, owners, person, report)
  return { draft, kind, personColumn: kind === 'persons' ? person?.column.name : owners[0], references }
}

function checkOwner(
  draft: TableDraft,
  kind: Table['kind'],
  owners: readonly string[],
  person: Person | undefined,
  report: Report,
): void {
  if (kind === 'public' && draft.primaryKey.length === 0)
    report(
      'contract.public_key_missing',
      atOf(draft),
      `The public table ${draft.name} has no primary key.`,
      'Set primaryKey: true on the column that others refer to.',
    )
  if (person === undefined || kind === 'public') return
  const key = `${person.table.name}.${person.column.name}`
  if (owners.length > (kind === 'persons' ? 0 : 1))
    report(
      'contract.table_two_persons',
      atOf(draft),
      `A row of ${draft.name} refers to ${key} in ${owners.join(' and ')}${kind === 'persons' ? ' besides its own key' : ''}.`,
      'Leave one owner; leave out the columns that name another person.',
    )
  if (kind === 'private' && owners.length === 0)
    report(
      'contract.table_without_person',
      atOf(draft),
      `${draft.name} neither refers to ${key} nor is declared public.`,
      `Add relationships: [{ to: ${key} }] to the column with the person's key, or the custom property usufructPublic: true if no row is about a person.`,
    )
}

interface Link {
  readonly at: Part['at']
  readonly from: ColumnDraft
  readonly table: TableDraft
  readonly column: ColumnDraft
}

/** Relationships of columns and of the table, resolved. */
function linksOf(draft: TableDraft, drafts: readonly TableDraft[], report: Report): readonly Link[] {
  const links: Link[] = []
  const add = (from: ColumnDraft, to: Part): void => {
    const target = resolve(to, drafts, report)
    if (target) links.push({ at: to.at, from, ...target })
  }
  for (const from of draft.columns)
    for (const relationship of items(field(from.part, 'relationships'))) {
      const to = single(field(relationship, 'to'), report)
      if (to) add(from, to)
    }
  for (const relationship of items(field(draft.part, 'relationships'))) {
    const from = single(field(relationship, 'from'), report)
    const to = single(field(relationship, 'to'), report)
    const source = from && resolve(from, drafts, report)
    if (!from || !to || !source) continue
    if (source.table.name === draft.name) add(source.column, to)
    else
      report(
        'contract.reference_unknown',
        from.at,
        `${quote(from)} is not a column of ${draft.name}.`,
        `Begin with ${draft.name}.`,
      )
  }
  return links
}

/** Composite keys are not joined on. */
function single(part: Part | undefined, report: Report): Part | undefined {
  if (part?.kind !== 'list') return part
  if (part.items.length === 1) return part.items[0]
  report(
    'contract.reference_unused',
    part.at,
    'A key of several columns is not used for joins.',
    'Refer to a primary key of one column.',
  )
  return undefined
}

/** "table.column", or "schema/<id>/properties/<id>" with ids or names. */
function resolve(
  part: Part,
  drafts: readonly TableDraft[],
  report: Report,
): { readonly table: TableDraft; readonly column: ColumnDraft } | undefined {
  const text = textOf(part)
  if (text === undefined) return undefined
  if (text.includes('#')) {
    report(
      'contract.reference_unused',
      part.at,
      `${quote(part)} leads into another file.`,
      'Refer to tables of this contract.',
    )
    return undefined
  }
  const path = text.includes('/') ? text.replace(/^\//, '').split('/') : undefined
  const [tableName, columnName] = path ? [path[1], path[3]] : text.split('.')
  const named = <T extends { readonly part: Part; readonly name: string }>(
    list: readonly T[],
    name: string | undefined,
  ): T | undefined => list.find((item) => item.name === name || (path && textOf(field(item.part, 'id')) === name))
  const table = named(drafts, tableName)
  const column = table && named(table.columns, columnName)
  if (table && column) return { table, column }
  report(
    'contract.reference_unknown',
    part.at,
    `There is no column ${quote(part)}.`,
    'Write table.column, with a column that is offered.',
  )
  return undefined
}
