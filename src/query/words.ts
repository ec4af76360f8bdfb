/**
 * A question in the buyer's own words: the comment on the first line of its SQL, `-- How many members buy oat drink, by region?`.
 * It is kept and shown with the text and changes nothing else: not the plan, its hash, the price or whether a question was asked before.
 * Hostile input: nobody checks that the words fit the SQL, so whoever shows them shows the SQL as well.
 */
export function questionWords(sql: string): string | undefined {
  const comment = /^\s*--[^\S\r\n]*([^\r\n]*)/.exec(sql)?.[1]?.trim()
  return comment ? comment.slice(0, longest) : undefined
}

const longest = 300

/** The text with the words on a line before it. */
export const inWords = (words: string, sql: string): string => `-- ${words.replace(/\s+/g, ' ').trim()}\n${sql}`
