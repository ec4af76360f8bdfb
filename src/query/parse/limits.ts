import { accept, type Outcome, positionAt, refuse } from '../../base/refusal.ts'
import type { Word } from './places.ts'

export const maxBytes = 65_536
export const maxNesting = 150
export const maxTokens = 4_000

/**
 * Reads the text once, from left to right, before the parser sees it: the parser recurses, so what it is given must be small and shallow.
 * Comments and quoted texts are skipped exactly as PostgreSQL skips them; forms of quoting in which a quote could hide (E'…', U&'…', $tag$)
 * are refused, so that nesting cannot be smuggled past. Refuses query.empty, query.too_long, query.too_deep, query.unreadable, query.not_supported.
 */
export function readWithinLimits(sql: string): Outcome<readonly Word[]> {
  if (sql.length > maxBytes || Buffer.byteLength(sql) > maxBytes)
    return refuse('query.too_long', 'the question is longer than 64 KiB', { hint: 'ask a shorter question' })
  if (!sql.isWellFormed() || sql.includes('\0'))
    return refuse('query.unreadable', 'the question holds characters that are not text', {
      hint: 'send well-formed Unicode without NUL',
    })
  return scan(sql)
}

function scan(sql: string): Outcome<readonly Word[]> {
  const words: Word[] = []
  const open: string[] = []
  let tokens = 0
  let at = 0
  while (at < sql.length) {
    const start = at
    const character = sql[at] as string
    if (isSpace(character)) {
      at++
      continue
    }
    if (sql.startsWith('--', at)) {
      at = endOfLine(sql, at)
      continue
    }
    if (sql.startsWith('/*', at)) {
      at = endOfComment(sql, at)
      continue
    }
    tokens++
    if (tokens > maxTokens) return tooMuch(sql, start, `more than ${maxTokens} words and signs`)
    if (character === '$') return quoting(sql, start, 'a parameter or a dollar-quoted text')
    if (character === "'" || character === '"') {
      at = endOfQuote(sql, at, character)
      continue
    }
    if (isWordStart(character)) {
      while (at < sql.length && isWordPart(sql[at] as string)) at++
      const text = sql.slice(start, at).toLowerCase()
      if (/^[ebxn]$/.test(text) && sql[at] === "'") return quoting(sql, start, `a text with the prefix ${text}`)
      if (text === 'u' && sql[at] === '&' && /['"]/.test(sql[at + 1] ?? ''))
        return quoting(sql, start, 'a text with the prefix u&')
      words.push({ text, offset: start })
      // After a dot, "case" and "end" are names of columns.
      if (sql[start - 1] !== '.') {
        if (text === 'case') open.push('case')
        if (text === 'end' && open.at(-1) === 'case') open.pop()
      }
    } else {
      at++
      if (character === '(' || character === '[') open.push(character)
      if ((character === ')' || character === ']') && open.length > 0) close(open, character === ')' ? '(' : '[')
    }
    if (open.length > maxNesting) return tooMuch(sql, start, `more than ${maxNesting} levels of nesting`)
  }
  if (tokens === 0)
    return refuse('query.empty', 'the question has no text', { hint: 'for example SELECT COUNT(*) FROM …' })
  return accept(words)
}

/** Closes the innermost bracket of the kind together with CASEs left open in it; a closing bracket without an opening one is the parser's to refuse. */
function close(open: string[], bracket: string): void {
  const place = open.lastIndexOf(bracket)
  if (place >= 0) open.length = place
}

export function endOfQuote(sql: string, start: number, quote: string): number {
  let at = start + 1
  for (;;) {
    const end = sql.indexOf(quote, at)
    if (end < 0) return sql.length
    if (sql[end + 1] !== quote) return end + 1
    at = end + 2
  }
}

export function endOfLine(sql: string, start: number): number {
  let at = start
  while (at < sql.length && sql[at] !== '\n' && sql[at] !== '\r') at++
  return at
}

/** Comments nest in PostgreSQL. */
export function endOfComment(sql: string, start: number): number {
  let depth = 1
  let at = start + 2
  while (at < sql.length && depth > 0) {
    if (sql.startsWith('/*', at)) {
      depth++
      at += 2
    } else if (sql.startsWith('*/', at)) {
      depth--
      at += 2
    } else at++
  }
  return at
}

export const isSpace = (character: string): boolean => /[ \t\n\r\f\v]/.test(character)
const isWordStart = (character: string): boolean => /[A-Za-z_\u0080-\uffff]/.test(character)
export const isWordPart = (character: string): boolean => /[A-Za-z0-9_$\u0080-\uffff]/.test(character)

const tooMuch = (sql: string, offset: number, what: string) =>
  refuse('query.too_deep', `the question has ${what}`, {
    hint: 'ask a simpler question, or several',
    position: positionAt(sql, offset),
  })
const quoting = (sql: string, offset: number, what: string) =>
  refuse('query.not_supported', `${what} is not read`, {
    hint: "write values in plain single quotes, for example 'north'",
    position: positionAt(sql, offset),
  })
