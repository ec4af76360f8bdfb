import { instantText } from '../../base/instant.ts'

/**
 * How entries look from outside: the same JSON through the command line and over HTTP. Each noun has its file here; amounts and losses are decimal
 * texts, times are ISO 8601 in UTC.
 */
export const timeText = instantText
export const time = (at: bigint | undefined): string | undefined => (at === undefined ? undefined : instantText(at))
