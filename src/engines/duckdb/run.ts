import { type DuckDBConnection, type DuckDBPreparedStatement, DuckDBTypeId, StatementType } from '@duckdb/node-api'
import { assert } from '../../base/assert.ts'
import { type ExactRows, sealRows } from '../../privacy/exact.ts'
import type { BoundedSql, SealedRows } from '../../release/ports.ts'

/**
 * Runs one SELECT in a read-only transaction and seals what comes back: `groupKeys` columns of VARCHAR, then `channels` columns of HUGEINT, which
 * alone arrive as bigint. Interrupted when the signal says so, and after the deadline in any case. Throws an Error with any text; the caller turns it into the
 * one failure.
 */
export async function runBounded(
  connection: DuckDBConnection,
  statement: BoundedSql,
  deadlineMilliseconds: number,
  signal?: AbortSignal,
): Promise<SealedRows> {
  const interrupt = () => connection.interrupt()
  const timer = setTimeout(interrupt, deadlineMilliseconds)
  signal?.addEventListener('abort', interrupt, { once: true })
  try {
    await connection.run('BEGIN TRANSACTION READ ONLY')
    // prepare() refuses a text of several statements by itself.
    const prepared = await connection.prepare(await textOf(connection, statement))
    assert(prepared.statementType === StatementType.SELECT, 'a bounded statement is a SELECT')
    bindByName(prepared, statement.parameters)
    // An interrupt between two statements stops nothing: the engine forgets it when the next one begins.
    signal?.throwIfAborted()
    return sealRows(await readExact(prepared, statement))
  } finally {
    clearTimeout(timer)
    signal?.removeEventListener('abort', interrupt)
  }
}

/** One of the statement's two texts, which give the same integers. */
async function textOf(connection: DuckDBConnection, { text, otherwise }: BoundedSql): Promise<string> {
  if (!otherwise) return text
  const [row] = (await connection.runAndReadAll(otherwise.when)).getRows()
  return row?.[0] === true ? otherwise.text : text
}

/** Binds what the statement asks for; a parameter that it does not use is not an error, one that is missing is. */
function bindByName(prepared: DuckDBPreparedStatement, parameters: BoundedSql['parameters']): void {
  for (let index = 1; index <= prepared.parameterCount; index++) {
    const value = Object.hasOwn(parameters, prepared.parameterName(index))
      ? parameters[prepared.parameterName(index)]
      : undefined
    if (typeof value === 'string') prepared.bindVarchar(index, value)
    else {
      assert(value !== undefined && Number.isSafeInteger(value), 'a parameter is a text or a whole number')
      // An INTEGER like the mask itself, so that no row of it has to be cast.
      if (value === (value | 0)) prepared.bindInteger(index, value)
      else prepared.bindBigInt(index, BigInt(value))
    }
  }
}

async function readExact(prepared: DuckDBPreparedStatement, statement: BoundedSql): Promise<ExactRows> {
  const { groupKeys, channels } = statement
  const result = await prepared.run()
  assert(result.columnCount === groupKeys + channels, 'the result has one column per group key and channel')
  for (let column = 0; column < result.columnCount; column++)
    assert(
      result.columnTypeId(column) === (column < groupKeys ? DuckDBTypeId.VARCHAR : DuckDBTypeId.HUGEINT),
      'group keys are VARCHAR and channels are HUGEINT',
    )
  return (await result.getRows()).map((row) => ({
    keys: row.slice(0, groupKeys).map((key) => {
      assert(key === null || typeof key === 'string', 'a group key is a text or missing')
      return key
    }),
    values: row.slice(groupKeys).map((value) => {
      assert(typeof value === 'bigint', 'a channel is an exact integer')
      return value
    }),
  }))
}
