import { canonical, type Json } from '../base/canonical.ts'
import { formOf, sorted, unique } from './expression.ts'
import type { Derived, Expression, Feature, Measure, NoisyExpression, Query, SourceTable } from './query.ts'

/** Canonical JSON of what a question means: everything but its text. Spelling, table aliases and the order of conditions do not count. */
export function canonicalQuery(query: Omit<Query, 'canonical' | 'sql'>): string {
  return canonical({
    form: 'usufruct/query/v1',
    product: query.product,
    ...(query.derived ? { derived: query.derived.map(derivedForm) } : {}),
    source: query.source.tables.map(sourceForm),
    where: query.where === undefined ? null : formOf(query.where),
    groups: query.groups.map(({ name, expression, type, domain, perPerson }) => ({
      name,
      expression: formOf(expression),
      type,
      domain: domain ?? null,
      perPerson,
    })),
    measures: query.measures.map(measureForm),
    ...(query.selection ? { selection: { ...query.selection, by: 'usufruct/threshold/v1' } } : {}),
    outputs: query.outputs.map(({ name, value }) => ({ name, value: noisyForm(value) })),
    having: query.having === undefined ? null : noisyForm(query.having),
    orderBy: query.orderBy.map(({ by, descending, nullsFirst }) => ({
      by: noisyForm(by),
      descending,
      ...(nullsFirst ? { nullsFirst } : {}),
    })),
    limit: query.limit ?? null,
    offset: query.offset,
    touches: query.touches,
  })
}

const derivedForm = ({ table, branches }: Derived): Json => ({
  name: table.name,
  kind: table.kind,
  columns: table.columns.map((column) => column.name),
  branches: branches.map((branch) => ({
    source: branch.source.tables.map(sourceForm),
    where: branch.where === undefined ? null : formOf(branch.where),
    columns: branch.columns.map(featureForm),
    groupedBy: branch.groupedBy ?? null,
    distinct: branch.distinct,
  })),
})

export function featureForm(feature: Feature): Json {
  const of = feature.of === undefined ? null : formOf(feature.of)
  if (feature.kind === 'row') return of
  const { kind, name } = feature
  if (kind === 'aggregate') return [kind, name, of, feature.distinct, filterForm(feature.filter) ?? null]
  const order = feature.order.map(({ by, descending, nulls }) => [formOf(by), descending, ...(nulls ? [nulls] : [])])
  const { frame } = feature
  const rows = frame ? [[frame.from ?? null, frame.to ?? null]] : []
  return [kind, name, of, feature.offset, feature.partition.map(formOf), order, ...rows]
}

export function measureForm(measure: Measure): Json {
  switch (measure.kind) {
    case 'rows':
      return { kind: 'rows', maxRows: measure.maxRows, filter: filterForm(measure.filter) }
    case 'persons':
      return { kind: 'persons', maxGroups: measure.maxGroups, filter: filterForm(measure.filter) }
    case 'sum':
      return { kind: 'sum', of: formOf(measure.of), maxSum: measure.maxSum, scale: measure.scale }
    case 'bound':
      return { kind: 'bound', of: formOf(measure.of), declared: measure.declared, scale: measure.scale }
    case 'distinct':
      return { kind: 'distinct', of: formOf(measure.of), maxValues: measure.maxValues }
    case 'cells':
      return { kind: 'cells', conditions: measure.conditions.map(formOf), vectors: [...measure.vectors] }
    case 'distribution': {
      const { kind, low, high, step, bins, maxGroups, scale } = measure
      return { kind, of: formOf(measure.of), low, high, step, bins, maxGroups, scale }
    }
    case 'mean': {
      const { kind, maxGroups, centre, halfRange, minimum, maximum, scale } = measure
      return { kind, of: formOf(measure.of), maxGroups, centre, halfRange, minimum, maximum, scale }
    }
    case 'average':
    case 'variance': {
      const { kind, maxRows, centre, halfRange, minimum, maximum, scale } = measure
      return { kind, of: formOf(measure.of), maxRows, centre, halfRange, minimum, maximum, scale }
    }
  }
}

export function noisyForm(value: NoisyExpression): Json {
  switch (value.kind) {
    case 'measure':
      return [
        value.kind,
        value.index,
        ...[
          value.statistic ??
            value.quantile ??
            value.condition ??
            (value.atMost && [value.atMost.units, value.atMost.percent]),
        ].filter((one) => one !== undefined),
      ]
    case 'group':
      return [value.kind, value.index]
    case 'number':
    case 'text':
      return [value.kind, value.text]
    case 'boolean':
      return ['boolean', value.value]
    case 'null':
      return ['null']
    case 'call':
      return callForm(value)
  }
}

function callForm(value: NoisyExpression & { readonly kind: 'call' }): Json {
  const { name } = value
  if (name === 'and' || name === 'or') {
    const forms = unique(flatten(value, name).map(noisyForm))
    return forms.length === 1 ? (forms[0] as Json) : [name, ...forms]
  }
  const forms = value.args.map(noisyForm)
  if (name === '>' || name === '>=') return [name === '>' ? '<' : '<=', ...forms.reverse()]
  return [name, ...(['=', '<>', '+', '*'].includes(name) ? sorted(forms) : forms)]
}

const flatten = (value: NoisyExpression, name: string): readonly NoisyExpression[] =>
  value.kind === 'call' && value.name === name ? value.args.flatMap((arg) => flatten(arg, name)) : [value]

const filterForm = (filter: Expression | undefined): Json | undefined => (filter ? formOf(filter) : undefined)

const sourceForm = ({ table, alias, join }: SourceTable): Json => ({
  table,
  alias,
  join: join ? { type: join.type, on: formOf(join.on) } : null,
})
