import type { Use } from '../../house/views/uses.ts'
import { type Language, type Texts, texts, useLanguage } from '../i18n/language.tsx'

/** A question as the reader sees it: the asker's own words where there are some, and the sentence that says what is computed. */
export interface Asked {
  readonly words: string
  readonly byBuyer: boolean
  readonly plain: string | undefined
}

export function useQuestion(): (use: Use) => Asked {
  const { language } = useLanguage()
  return (use) => {
    if (use.kind === 'head count') return { words: sentences[language].headCount, byBuyer: false, plain: undefined }
    const { words, by, plain, parts } = use.question
    const computed = parts === undefined ? (plain ?? words) : sentence(parts, language)
    return by === 'buyer'
      ? { words, byBuyer: true, plain: computed }
      : { words: computed, byBuyer: false, plain: undefined }
  }
}

type Parts = NonNullable<Use['question']['parts']>

function sentence({ measures, tables, groups, filtered }: Parts, language: Language): string {
  const say = sentences[language]
  const list = (items: readonly string[]) => new Intl.ListFormat(language).format(items)
  const what = list(
    measures.map(({ kind, column }) => {
      if (kind === 'persons' || kind === 'cells') return say.persons
      if (kind === 'rows') return say.rows
      const value = column === undefined ? say.value : spaced(column)
      return (say.values[kind] ?? say.something)(value)
    }),
  )
  const by = groups.length === 0 ? '' : say.by(list(groups.map(spaced)))
  const text = `${what}${say.from(list(tables.map(spaced)))}${by}${filtered ? say.filtered : ''}?`
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}

const spaced = (name: string): string => name.replaceAll('_', ' ')

interface Sentences {
  readonly headCount: string
  readonly persons: string
  readonly rows: string
  readonly value: string
  readonly filtered: string
  /** By the kind of measure. */
  readonly values: Readonly<Record<string, (value: string) => string>>
  something(value: string): string
  from(tables: string): string
  by(groups: string): string
}
const sentences: Texts<Sentences> = texts<Sentences>({
  en: {
    headCount: 'How many people say yes, for each purpose?',
    persons: 'how many people',
    rows: 'how many entries',
    value: 'a value',
    filtered: ', looking only at what the filter names',
    values: {
      sum: (value) => `the total of ${value}`,
      average: (value) => `the average of ${value}`,
      variance: (value) => `the average and the spread of ${value}`,
      distribution: (value) => `how people are spread over the values of ${value}`,
      distinct: (value) => `how many different values there are of ${value}`,
      bound: (value) => `how large a bound suits what one person adds to the total of ${value}`,
      mean: (value) => `the average of each person's average of ${value}`,
    },
    something: (value) => `something about ${value}`,
    from: (tables) => ` in ${tables}`,
    by: (groups) => `, by ${groups}`,
  },
  de: {
    headCount: 'Wie viele Menschen sagen Ja, für jeden Zweck?',
    persons: 'wie viele Menschen',
    rows: 'wie viele Einträge',
    value: 'einem Wert',
    filtered: ', nur was der Filter nennt',
    values: {
      sum: (value) => `die Summe von ${value}`,
      average: (value) => `der Durchschnitt von ${value}`,
      variance: (value) => `der Durchschnitt und die Streuung von ${value}`,
      distribution: (value) => `wie sich Menschen auf die Werte von ${value} verteilen`,
      distinct: (value) => `wie viele verschiedene Werte es von ${value} gibt`,
      bound: (value) => `welche Schranke zu dem passt, was ein Mensch zur Summe von ${value} beiträgt`,
      mean: (value) => `der Durchschnitt der Durchschnitte von ${value} je Mensch`,
    },
    something: (value) => `etwas über ${value}`,
    from: (tables) => ` in ${tables}`,
    by: (groups) => `, je ${groups}`,
  },
})
