import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Catalogue } from '../contract/catalogue.ts'
import { compared, dateColumn, entriesOf, events, from, peopleWords, several, severalNames, to } from './common.ts'
import { overlapFigures } from './figures/overlap.ts'
import type { Measure, Written } from './measure.ts'
import type { Member, Values } from './parameters.ts'
import { fromPeople, statement, stepName } from './sql.ts'
import { inQuotes, type Language, listed, onOneLine, spaced } from './text.ts'

/** Per person: which of up to five, all 2^k combinations. Each person is in one cell: sensitivity 1. */
export const overlap: Measure = {
  id: 'overlap',
  title: { en: 'Overlap', de: 'Überschneidung' },
  question: {
    en: 'How many people did the one, the other, and both?',
    de: 'Wie viele Menschen taten das eine, das andere und beides?',
  },
  parameters: [events, compared, ...several, dateColumn, from, to],
  means: {
    en: 'Everybody stands in one cell: the combination of what they did. Sizes, overlaps, the deduplicated reach and what each adds to the others are sums of cells.',
    de: 'Alle stehen in einer Zelle: der Kombination dessen, was sie taten. Größen, Überschneidungen, die Reichweite ohne Doppelte und was jedes zu den anderen hinzufügt sind Summen von Zellen.',
  },
  caveats: [
    {
      en: 'Sums of many cells carry the noise of many cells: compare few things.',
      de: 'Summen vieler Zellen tragen das Rauschen vieler Zellen: Vergleichen Sie weniges.',
    },
  ],
  cells: { en: 'every combination, 2^k', de: 'jede Kombination, 2^k' },
  compile: (values, catalogue, language) => compile(values, catalogue, language),
  figures: overlapFigures,
}

function compile(values: Values, catalogue: Catalogue, language: Language): Outcome<Written> {
  const about = values.place('item')
  const entries = entriesOf(values, language, { item: false, places: [about] })
  if (!entries.ok) return entries
  const members = chosen(values)
  if (!members.ok) return members
  const { table, scope, where, words } = entries.value
  const did = stepName('did', catalogue)
  const column = scope.name(about)
  const named = members.value.map(({ member }, index) => ({ member, name: severalNames[index] ?? '' }))
  const sql = statement({
    steps: [
      {
        name: did,
        select: [scope.person, ...named.map(({ member, name }) => `BOOL_OR(${column} = ${member.sql}) AS ${name}`)],
        from: scope.from,
        where: [`${column} IN (${named.map(({ member }) => member.sql).join(', ')})`, ...where],
        groupBy: scope.person,
      },
    ],
    select: [...named.map(({ name }) => `COALESCE(${did}.${name}, FALSE) AS ${name}`), 'COUNT(*) AS people'],
    from: fromPeople(catalogue, [{ name: did, person: table.personColumn ?? '' }]),
    groupBy: named.map((_, index) => index + 1).join(', '),
  })
  const items = listed(
    named.map(({ member }) => inQuotes(member.text, language)),
    language,
  )
  const what = `${spaced(about.column.name)} ${items}`
  return accept({
    sql,
    words: onOneLine(
      language === 'de'
        ? `Wie überschneiden sich bei ${peopleWords(catalogue)} ${words}, nach ${what}?`
        : `How do ${words} overlap among ${peopleWords(catalogue)}, by ${what}?`,
    ),
  })
}

/** The values to compare, each once. Refuses measure.parameter_invalid for one that is named twice. */
export function chosen(values: Values): Outcome<readonly { readonly name: string; readonly member: Member }[]> {
  const found: { name: string; member: Member }[] = []
  for (const name of severalNames) {
    const member = values.valueIf(name)
    if (member === undefined) continue
    if (found.some((one) => one.member.text === member.text))
      return refuse('measure.parameter_invalid', `the parameter "${name}" cannot be ${JSON.stringify(member.text)}`, {
        hint: 'each value stands once',
      })
    found.push({ name, member })
  }
  return accept(found)
}
