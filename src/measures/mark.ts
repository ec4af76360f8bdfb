import { canonical } from '../base/canonical.ts'
import type { Given } from './measure.ts'

/** Which measure a text of SQL asks, and with which parameters: its second line. A comment, so it changes nothing of the question. */
export interface Mark {
  readonly measure: string
  readonly parameters: Given
}

export const markLine = (measure: string, parameters: Given): string =>
  `-- measure ${measure} ${canonical({ ...parameters })}`

/** Hostile input: anybody may write such a line. Undefined when it does not have the form. */
export function markOf(sql: string): Mark | undefined {
  const line = sql.slice(0, 8_000).split('\n', 2)[1] ?? ''
  const [, measure, json] = /^-- measure ([a-z-]{1,40}) (\{.*\})\r?$/.exec(line) ?? []
  if (measure === undefined || json === undefined) return undefined
  try {
    const found: unknown = JSON.parse(json)
    const entries = Object.entries(found as object)
    if (!entries.every(([, value]) => typeof value === 'string')) return undefined
    return { measure, parameters: Object.fromEntries(entries) }
  } catch {
    return undefined
  }
}
