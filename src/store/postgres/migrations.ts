import type pg from 'pg'
import { Fault } from '../../base/fault.ts'
import { rights1, schema1 } from './schema-1.ts'
import { rights2, schema2 } from './schema-2.ts'
import { rights3, schema3 } from './schema-3.ts'
import { rights4, schema4 } from './schema-4.ts'
import { rights5, schema5 } from './schema-5.ts'
import { rights6, schema6 } from './schema-6.ts'
import { entryTables, operationalTables, projectionTables } from './tables.ts'

/** In order; an applied one is never changed. */
const migrations: readonly {
  readonly version: number
  readonly sql: string
  readonly rights: (role: string) => string
}[] = [
  { version: 1, sql: schema1, rights: rights1 },
  { version: 2, sql: schema2, rights: rights2 },
  { version: 3, sql: schema3, rights: rights3 },
  { version: 4, sql: schema4, rights: rights4 },
  { version: 5, sql: schema5, rights: rights5 },
  { version: 6, sql: schema6, rights: rights6 },
]

export const newestSchema = Math.max(...migrations.map((one) => one.version))
/** Holds INSERT and SELECT on entries; our sessions act as this role. */
export const bookRole = 'usufruct_books'
/** Advisory lock keys (class "usf"): one for migrations, see connection.ts for the others. */
const migrationLock = '7697766, 1'

/**
 * Brings the schema to this program's version, in one transaction under a lock; where it is there already nothing happens. Returns whether the
 * rights of the application's role are in place too (a server of your own may not let us make a role). Throws Fault 'store.schema_newer'.
 */
export async function migrate(client: pg.ClientBase): Promise<{ readonly applied: number; readonly rights: boolean }> {
  await client.query('begin')
  try {
    await client.query(`select pg_advisory_xact_lock(${migrationLock})`)
    await client.query('create schema if not exists usufruct')
    await client.query(
      'create table if not exists usufruct.migration (version integer primary key, applied_at timestamptz not null default now())',
    )
    const found = await client.query('select coalesce(max(version), 0)::integer as version from usufruct.migration')
    const version = Number(found.rows[0].version)
    if (version > newestSchema)
      throw new Fault('store.schema_newer', `the books have schema ${version}, this program knows ${newestSchema}`, {
        hint: 'run the newer program that wrote these books',
      })
    const applied = await client.query('select version from usufruct.migration')
    const known = new Set(applied.rows.map((row) => Number(row.version)))
    const due = migrations.filter((one) => !known.has(one.version))
    for (const one of due) {
      await client.query(one.sql)
      await client.query('insert into usufruct.migration (version) values ($1)', [one.version])
    }
    const rights = await giveRights(client)
    await client.query('commit')
    return { applied: due.length, rights }
  } catch (cause) {
    await client.query('rollback').catch(() => undefined)
    throw cause
  }
}

/** False when the role cannot be made or taken on: the triggers alone guard the entries then, and Books.durability says so. */
async function giveRights(client: pg.ClientBase): Promise<boolean> {
  if (await hasRights(client)) return true
  await client.query('savepoint rights')
  try {
    const known = await client.query('select 1 from pg_roles where rolname = $1', [bookRole])
    if (known.rowCount === 0) await client.query(`create role ${bookRole} nologin`)
    for (const one of migrations) await client.query(one.rights(bookRole))
    const may = await client.query(`select pg_has_role(current_user, $1, 'set') as may`, [bookRole])
    if (!may.rows[0].may) await client.query(`grant ${bookRole} to current_user`)
    await client.query('release savepoint rights')
    return hasRights(client)
  } catch {
    await client.query('rollback to savepoint rights')
    return false
  }
}

/** Does the role exist, may it do on every table what we do there, also on those that a migration just made, and may we act as it? */
async function hasRights(client: pg.ClientBase): Promise<boolean> {
  const found = await client.query(
    `select pg_has_role(current_user, oid, 'set')
       and (select bool_and(has_table_privilege(r.oid, 'usufruct.' || name, 'insert')) from unnest($2::text[]) name)
       and (select bool_and(has_table_privilege(r.oid, 'usufruct.' || name, 'delete')) from unnest($3::text[]) name) as may
     from pg_roles r where rolname = $1`,
    [bookRole, entryTables, [...projectionTables, ...operationalTables]],
  )
  return found.rows[0]?.may === true
}
