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
      if (kind === 'persons') return say.persons
      if (kind === 'rows') return say.rows
      const value = column === undefined ? say.value : spaced(column)
      return kind === 'sum' ? say.sum(value) : say.mean(value)
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
  sum(value: string): string
  mean(value: string): string
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
    sum: (value) => `the total of ${value}`,
    mean: (value) => `the average of ${value}`,
    from: (tables) => ` in ${tables}`,
    by: (groups) => `, by ${groups}`,
  },
  de: {
    headCount: 'Wie viele Menschen sagen Ja, für jeden Zweck?',
    persons: 'wie viele Menschen',
    rows: 'wie viele Einträge',
    value: 'einem Wert',
    filtered: ', nur was der Filter nennt',
    sum: (value) => `die Summe von ${value}`,
    mean: (value) => `der Durchschnitt von ${value}`,
    from: (tables) => ` in ${tables}`,
    by: (groups) => `, je ${groups}`,
  },
})
