import { endOfComment, endOfLine, isSpace, isWordPart } from './parse/limits.ts'

/** A text as asked, and whether EXPLAIN PRIVACY stands before the question. */
export interface Asked {
  readonly explain: boolean
  /** The question alone. The words before it are blanks, so every place in it is one in the text as asked. */
  readonly sql: string
}

/**
 * EXPLAIN PRIVACY SELECT … and EXPLAIN (PRIVACY) SELECT … ask how SELECT … would be answered. PostgreSQL's grammar does not know the first, so both are taken
 * off before it reads the text; blanks and comments may stand anywhere between. Any other EXPLAIN is left for the parser to refuse.
 */
export function withoutExplain(sql: string): Asked {
  const whole = { explain: false, sql }
  const explain = wordAt(sql, afterBlanks(sql, 0), 'explain')
  if (!explain) return whole
  const next = afterBlanks(sql, explain.end)
  if (sql[next] !== '(') {
    const privacy = wordAt(sql, next, 'privacy')
    return privacy ? { explain: true, sql: blanked(sql, [explain, privacy]) } : whole
  }
  const privacy = wordAt(sql, afterBlanks(sql, next + 1), 'privacy')
  const close = privacy ? afterBlanks(sql, privacy.end) : -1
  if (!privacy || sql[close] !== ')') return whole
  const brackets = [next, close].map((start) => ({ start, end: start + 1 }))
  return { explain: true, sql: blanked(sql, [explain, privacy, ...brackets]) }
}

interface Span {
  readonly start: number
  readonly end: number
}

function wordAt(sql: string, start: number, word: string): Span | undefined {
  const end = start + word.length
  const found = sql.slice(start, end).toLowerCase() === word && !isWordPart(sql[end] ?? ' ')
  return found ? { start, end } : undefined
}

function afterBlanks(sql: string, start: number): number {
  let at = start
  for (;;) {
    if (at < sql.length && isSpace(sql[at] as string)) at++
    else if (sql.startsWith('--', at)) at = endOfLine(sql, at)
    else if (sql.startsWith('/*', at)) at = endOfComment(sql, at)
    else return at
  }
}

const blanked = (sql: string, spans: readonly Span[]): string =>
  spans.reduce((text, { start, end }) => text.slice(0, start) + ' '.repeat(end - start) + text.slice(end), sql)
