import { BIGINT, type DuckDBAppender, type DuckDBConnection, INTEGER, VARCHAR } from '@duckdb/node-api'
import { Fault } from '../../base/fault.ts'
import type { StandingChange } from '../../release/ports.ts'
import { metaKeys, readFacts } from './format.ts'
import { appendColumns, countOf, literal, name, rowsOf } from './sql.ts'

type Guard = <T>(work: () => Promise<T>) => Promise<T>

/**
 * Writes who is in force into the mask of every row, in one transaction: after a kill the file holds the old mask with the old sequence, or the
 * new mask with the new one. Of several changes of one person the last counts; persons whom this load does not hold are passed over.
 * Throws Fault 'engine.mask_ahead' when the file has seen more than `upTo` (then it does not belong to these books).
 * An error of `changes` itself passes through unchanged; the engine's own go through `guard`.
 */
export async function applyStanding(
  connection: DuckDBConnection,
  changes: AsyncIterable<readonly StandingChange[]>,
  upTo: bigint,
  guard: Guard,
): Promise<void> {
  const facts = await guard(() => readFacts(connection, 'the data file'))
  if (facts.maskSequence > upTo)
    throw new Fault('engine.mask_ahead', `the data file has seen entry ${facts.maskSequence}, later than ${upTo}`, {
      hint: 'The file belongs to other or newer books. Load the data again.',
    })
  await guard(() => connection.run('BEGIN TRANSACTION'))
  // The connection ends with this work, and with it whatever transaction is still open: no failure needs a ROLLBACK of its own.
  if (await stageChanges(connection, changes, upTo, guard)) await guard(() => updateMasks(connection, facts))
  await guard(() => finish(connection, upTo))
}

/** True when there was at least one change. */
async function stageChanges(
  connection: DuckDBConnection,
  changes: AsyncIterable<readonly StandingChange[]>,
  upTo: bigint,
  guard: Guard,
): Promise<boolean> {
  let appender: DuckDBAppender | undefined
  let place = 0n
  for await (const page of changes) {
    if (page.length === 0) continue
    await guard(async () => {
      appender ??= await openStaging(connection)
      for (const change of page) check(change, upTo)
      appendColumns(
        appender,
        [BIGINT, VARCHAR, INTEGER],
        [page.map(() => place++), page.map((change) => change.person), page.map((change) => change.bits)],
      )
    })
  }
  await guard(async () => appender?.closeSync())
  return appender !== undefined
}

async function openStaging(connection: DuckDBConnection): Promise<DuckDBAppender> {
  await connection.run('CREATE OR REPLACE TEMP TABLE _changes (place BIGINT, person VARCHAR, bits INTEGER)')
  return connection.createAppender('_changes', 'main', 'temp')
}

function check(change: StandingChange, upTo: bigint): void {
  if (change.sequence > upTo) throw new RangeError('a change is later than the sequence that is asked for')
  if (!Number.isInteger(change.bits) || change.bits < 0 || change.bits > 0x7fffffff)
    throw new RangeError('a bit set of purposes has 31 bits')
}

/**
 * Set-based, for one person as for all of them: the join hands the few person numbers down to the scan, and because rows lie in order of person
 * the engine skips every block without one of them.
 */
async function updateMasks(
  connection: DuckDBConnection,
  facts: { readonly personsTable: string; readonly personColumn: string },
): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE _standing AS
    SELECT p._person, c.bits
    FROM (SELECT person, arg_max(bits, place) AS bits FROM _changes GROUP BY person) c
    JOIN ${name(facts.personsTable)} p ON p.${name(facts.personColumn)} = c.person
    WHERE p._mask <> c.bits`)
  if ((await countOf(connection, 'SELECT count(*) FROM _standing')) === 0) return
  for (const table of await maskedTables(connection))
    await connection.run(
      `UPDATE ${name(table)} AS t SET _mask = s.bits FROM _standing s WHERE t._person = s._person AND t._mask <> s.bits`,
    )
}

async function maskedTables(connection: DuckDBConnection): Promise<readonly string[]> {
  const rows = await rowsOf(
    connection,
    `SELECT table_name FROM duckdb_columns()
     WHERE NOT internal AND schema_name = 'main' AND database_name = current_database() AND column_name = '_mask'
     ORDER BY table_name`,
  )
  return rows.map(([table]) => String(table))
}

async function finish(connection: DuckDBConnection, upTo: bigint): Promise<void> {
  await connection.run(
    `UPDATE _meta SET value = ${literal(upTo.toString())} WHERE key = ${literal(metaKeys.maskSequence)}`,
  )
  await connection.run('COMMIT')
}
