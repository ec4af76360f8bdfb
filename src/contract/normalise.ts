import { type Entry, field, flagOf, items, type MapPart, type Part, textOf } from './part.ts'
import type { Standard } from './standard.ts'

/**
 * The contract in the form of 3.1, every part at the place where it was written. From 3.0: `team` as a list becomes its members, `quality.rule` the metric,
 * an exclusive bound the bound itself, a `date` with hours a timestamp. In every version, the person link may stand in the custom property
 * `usufructReferences` (3.0 has no relationships).
 */
export function normalise(root: Part, standard: Standard): Part {
  const { team, schema } = { team: field(root, 'team'), schema: field(root, 'schema') }
  const change = new Map<string, Part>()
  if (team?.kind === 'list')
    change.set('team', replaced({ kind: 'map', at: team.at, entries: new Map() }, new Map([['members', team]])))
  if (schema?.kind === 'list')
    change.set('schema', { ...schema, items: schema.items.map((table) => ofTable(table, standard)) })
  return replaced(root, change)
}

function ofTable(table: Part, standard: Standard): Part {
  const columns = field(table, 'properties')
  if (columns?.kind !== 'list') return table
  return replaced(
    table,
    new Map([['properties', { ...columns, items: columns.items.map((column) => ofColumn(column, standard)) }]]),
  )
}

function ofColumn(column: Part, standard: Standard): Part {
  const change = new Map<string, Part>()
  const link = items(field(column, 'customProperties')).find(
    (entry) => textOf(field(entry, 'property')) === 'usufructReferences',
  )
  const to = field(link, 'value')
  if (to) {
    const relationship = replaced({ kind: 'map', at: to.at, entries: new Map() }, new Map([['to', to]]))
    change.set('relationships', {
      kind: 'list',
      at: to.at,
      items: [...items(field(column, 'relationships')), relationship],
    })
  }
  if (standard === '3.0') {
    const quality = field(column, 'quality')
    if (quality?.kind === 'list') change.set('quality', { ...quality, items: quality.items.map(ofQuality) })
    const options = field(column, 'logicalTypeOptions')
    if (options) change.set('logicalTypeOptions', ofOptions(options))
    const type = field(column, 'logicalType')
    if (type?.kind === 'scalar' && type.value === 'date' && /[Hh]/.test(textOf(field(options, 'format')) ?? ''))
      change.set('logicalType', { ...type, value: 'timestamp', text: 'timestamp' })
  }
  return replaced(column, change)
}

const metrics: Readonly<Record<string, string>> = {
  validValues: 'invalidValues',
  nullCheck: 'nullValues',
  uniqueCheck: 'duplicateValues',
  duplicateCount: 'duplicateValues',
  countCheck: 'rowCount',
}

function ofQuality(quality: Part): Part {
  const rule = field(quality, 'rule')
  const name = textOf(rule)
  if (rule?.kind !== 'scalar' || name === undefined) return quality
  const metric = Object.hasOwn(metrics, name) ? (metrics[name] as string) : name
  const change = new Map<string, Part>([['metric', { ...rule, value: metric, text: metric }]])
  const valid = field(quality, 'validValues')
  if (valid && !field(quality, 'arguments'))
    change.set(
      'arguments',
      replaced({ kind: 'map', at: valid.at, entries: new Map() }, new Map([['validValues', valid]])),
    )
  return replaced(quality, change)
}

/** 3.0 says `maximum: 10, exclusiveMaximum: true` where 3.1 says `exclusiveMaximum: 10`. */
function ofOptions(options: Part): Part {
  if (options.kind !== 'map') return options
  const entries = new Map(options.entries)
  for (const [bound, exclusive] of [
    ['minimum', 'exclusiveMinimum'],
    ['maximum', 'exclusiveMaximum'],
  ] as const) {
    const flag = flagOf(entries.get(exclusive)?.value)
    if (flag === undefined) continue
    entries.delete(exclusive)
    const limit = entries.get(bound)
    if (!flag || !limit) continue
    entries.delete(bound)
    entries.set(exclusive, limit)
  }
  return { ...options, entries }
}

function replaced(part: Part, change: ReadonlyMap<string, Part>): Part {
  if (part.kind !== 'map' || change.size === 0) return part
  const entries = new Map<string, Entry>(part.entries)
  for (const [key, value] of change) entries.set(key, { key: entries.get(key)?.key ?? value.at, value })
  return { ...part, entries } satisfies MapPart
}
