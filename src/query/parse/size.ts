import { printedSize } from '../expression.ts'
import type { Branch, Expression, GroupKey, Source } from '../query.ts'
import type { Measures } from './aggregates.ts'
import { type Reading, stop } from './ast.ts'

const maxPrinted = 20_000

/** Guarded functions print their arguments more than once; a question must stay small when printed. */
export function checkSize(
  source: Source,
  where: Expression | undefined,
  groups: readonly GroupKey[],
  measures: Measures,
  reading: Reading,
): void {
  const all = [
    ...(where ? [where] : []),
    ...groups.map((group) => group.expression),
    ...measures.list.flatMap((measure) => {
      if ('conditions' in measure) return measure.conditions
      return 'of' in measure ? [measure.of] : measure.filter ? [measure.filter] : []
    }),
    ...source.tables.flatMap((table) => (table.join ? [table.join.on] : [])),
    ...reading.shared.derived.flatMap(({ branches }) => branches.flatMap(expressionsOf)),
  ]
  if (all.reduce((sum, expression) => sum + printedSize(expression), 0) > maxPrinted)
    stop(
      'query.too_deep',
      'the question is too large',
      reading.places.ofOffset(0),
      'ask a simpler question, or several',
    )
}

function expressionsOf({ source, where, columns }: Branch): readonly Expression[] {
  const features = columns.flatMap((feature) => [
    ...(feature.of ? [feature.of] : []),
    ...(feature.kind === 'aggregate' && feature.filter ? [feature.filter] : []),
    ...(feature.kind === 'window' ? [...feature.partition, ...feature.order.map(({ by }) => by)] : []),
  ])
  return [...source.tables.flatMap(({ join }) => (join ? [join.on] : [])), ...(where ? [where] : []), ...features]
}
