import { entryTables1, projectionTables1 } from './schema-1.ts'
import { entryTables2, operationalTables2 } from './schema-2.ts'
import { counterTables3, entryTables3 } from './schema-3.ts'
import { entryTables4, keptTables4 } from './schema-4.ts'
import { counterTables5 } from './schema-5.ts'
import { entryTables6 } from './schema-6.ts'

/** The tables of the newest schema, by what they are. */

/** Append-only. What is referred to comes first. */
export const entryTables = [
  ...entryTables1,
  ...entryTables2,
  ...entryTables3,
  ...entryTables4,
  ...entryTables6,
] as const

/** Entry tables whose rows carry a number of the one sequence; the others hang on a row of these, or (checkpoint) are publications. */
export const numberedTables = entryTables.filter(
  (name) => !['purpose', 'idempotency', 'posting', 'checkpoint'].includes(name),
)

/** Computed from the entries, which Books.check does again; or plain counters; or (kept tables) free to be forgotten. */
export const projectionTables = [...projectionTables1, ...counterTables3, ...keptTables4, ...counterTables5] as const

/** Rows that come and go and mean nothing to the books. */
export const operationalTables = operationalTables2

/** Tables that came after a schema: a backup of that schema lacks them, rightly. */
export const tablesSince = (schema: number): readonly string[] => [
  ...(schema < 2 ? entryTables2 : []),
  ...(schema < 3 ? [...entryTables3, ...counterTables3] : []),
  ...(schema < 4 ? [...entryTables4, ...keptTables4] : []),
  ...(schema < 5 ? counterTables5 : []),
  ...(schema < 6 ? entryTables6 : []),
]
