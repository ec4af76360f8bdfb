import { accept } from '../base/refusal.ts'
import { compared, entriesOf, events, from, neededDate, peopleWords, several, to } from './common.ts'
import { funnelFigures } from './figures/funnel.ts'
import type { Measure } from './measure.ts'
import { chosen } from './overlap.ts'
import { cases, fromPeople, type Made, type Step, statement, stepName } from './sql.ts'
import { inQuotes, onOneLine, spaced } from './text.ts'

/** Per person: the deepest step. Each person is in one cell: sensitivity 1. */
export const funnel: Measure = {
  id: 'funnel',
  title: { en: 'Funnel', de: 'Trichter' },
  question: {
    en: 'How many people go from step to step, in this order?',
    de: 'Wie viele Menschen gehen von Schritt zu Schritt, in dieser Reihenfolge?',
  },
  parameters: [
    events,
    { ...compared, title: { en: 'Steps are values of', de: 'Schritte sind Werte von' } },
    ...several.map((one, index) => ({
      ...one,
      title: { en: `Step ${index + 1}`, de: `Schritt ${index + 1}` },
    })),
    neededDate,
    from,
    to,
  ],
  means: {
    en: 'Everybody stands in one cell: the deepest step reached. Whoever reached a step reached all before it, so the people at a step are that cell and all deeper ones.',
    de: 'Alle stehen in einer Zelle: dem tiefsten erreichten Schritt. Wer einen Schritt erreichte, erreichte alle davor; an einem Schritt sind also diese Zelle und alle tieferen.',
  },
  caveats: [
    {
      en: 'A step counts at the time of the step before it or later, beginning with the first time of the first step; where only days are known, on the same day or later.',
      de: 'Ein Schritt zählt zur Zeit des Schritts davor oder später, vom ersten Mal des ersten Schritts an; wo nur Tage bekannt sind, am selben Tag oder später.',
    },
  ],
  cells: { en: 'deepest step: 0, 1, …, k', de: 'tiefster Schritt: 0, 1, …, k' },
  compile: (values, catalogue, language) => {
    const about = values.place('item')
    const members = chosen(values)
    if (!members.ok) return members
    const dated = values.place('date')
    const steps: Step[] = []
    const made: Made[] = []
    let words = ''
    for (const [index, { member }] of members.value.entries()) {
      const before = made.at(-1)
      const entries = entriesOf(values, language, { item: false, places: [about], joined: before ? [before] : [] })
      if (!entries.ok) return entries
      const { table, scope, where } = entries.value
      words = entries.value.words
      const name = stepName(`step_${index + 1}`, catalogue)
      const at = scope.name(dated)
      steps.push({
        name,
        select: [scope.person, `MIN(${at}) AS reached`],
        from: scope.from,
        where: [
          `${scope.name(about)} = ${member.sql}`,
          ...(before ? [`${at} >= ${before.name}.reached`] : []),
          ...where,
        ],
        groupBy: scope.person,
      })
      made.push({ name, person: table.personColumn ?? '' })
    }
    const deepest = made.map(({ name }, index) => [`${name}.reached IS NOT NULL`, `${index + 1}`] as const).reverse()
    const sql = statement({
      steps,
      select: [`${cases(deepest, '0')} AS steps`, 'COUNT(*) AS people'],
      from: fromPeople(catalogue, made),
      groupBy: '1',
    })
    const way = members.value.map(({ member }) => inQuotes(member.text, language)).join(' → ')
    const what = `${spaced(about.column.name)} ${way}`
    return accept({
      sql,
      words: onOneLine(
        language === 'de'
          ? `Wie weit kommen ${peopleWords(catalogue)} in ${words}: ${what}?`
          : `How far do ${peopleWords(catalogue)} get in ${words}: ${what}?`,
      ),
    })
  },
  figures: funnelFigures,
}
