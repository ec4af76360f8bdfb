/** Words in the languages of the portals. (A type, as all that is sent: only those are assignable to Json.) */
export type Text = { readonly en: string; readonly de: string }
export type Language = keyof Text

/** A name of the contract as a word of a sentence: basket_lines → basket lines. */
export const spaced = (name: string): string => name.replaceAll('_', ' ')

/**
 * Hostile input: a value that somebody typed, or a member that a contract declares, inside a sentence on one line of comment. Nothing of it may end the line, or turn the
 * direction in which the line is read.
 */
export const onOneLine = (words: string): string => words.replace(unseen, ' ').replace(/ {2,}/g, ' ').trim()

/** Control characters, ends of lines and paragraphs, and marks that change the direction of text. */
const unseen = /[\p{Cc}\p{Zl}\p{Zp}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
export const holdsUnseen = (text: string): boolean => text.search(unseen) >= 0

/** In quotation marks, as the language has them. */
export const inQuotes = (text: string, language: Language): string => (language === 'de' ? `„${text}“` : `“${text}”`)

/** "a, b and c". */
export function listed(items: readonly string[], language: Language): string {
  const and = language === 'de' ? 'und' : 'and'
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} ${and} ${items.at(-1)}`
}
