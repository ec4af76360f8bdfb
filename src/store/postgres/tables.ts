import { entryTables as entryTables1, projectionTables as projectionTables1 } from './schema-1.ts'
import { entryTables4, keptTables4 } from './schema-4.ts'

/** Every table of the books as the newest schema has them, in an order in which what is referred to comes first. */
export const entryTables = [...entryTables1, ...entryTables4] as const
/** Can be computed again from the entries, or (kept tables) may be forgotten. */
export const projectionTables = [...projectionTables1, ...keptTables4] as const

/** Entry tables whose rows carry a number of the one sequence; the others hang on a row of these, or (checkpoint) are publications. */
export const numberedTables = entryTables.filter(
  (name) => !['purpose', 'idempotency', 'posting', 'checkpoint'].includes(name),
)
