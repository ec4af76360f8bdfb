import {
  entryTables as entryTables1,
  numberedTables as numberedTables1,
  projectionTables as projections1,
} from './schema-1.ts'
import { counterTables3, entryTables3 } from './schema-3.ts'

/** The tables of all schemas together, in the order in which a backup writes and reads them. */
export const entryTables: readonly string[] = [...entryTables1, ...entryTables3]
/** Entry tables whose rows carry a number of the one sequence. */
export const numberedTables: readonly string[] = [...numberedTables1, ...entryTables3]
export const projectionTables: readonly string[] = [...projections1, ...counterTables3]
