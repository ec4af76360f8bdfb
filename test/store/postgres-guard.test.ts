import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bookRole } from '../../src/store/postgres/migrations.ts'
import { entryTables, operationalTables, projectionTables } from '../../src/store/postgres/tables.ts'
import { World } from './book-world.ts'
import { startServer, superuser, type TestServer } from './postgres-world.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
  const opened = await server.open()
  await new World(opened).begin()
  await opened.close()
})
afterAll(() => server.stop())

describe('entries of the books', () => {
  it('are neither changed nor removed, not even with all rights: a trigger refuses', async () => {
    for (const table of entryTables) {
      const { rows } = await superuser(
        server.connection,
        `select column_name as name from information_schema.columns where table_schema = 'usufruct' and table_name = '${table}' limit 1`,
      )
      for (const text of [
        `update usufruct.${table} set "${rows[0].name}" = "${rows[0].name}"`,
        `delete from usufruct.${table}`,
        `truncate usufruct.${table} cascade`,
      ])
        await expect(superuser(server.connection, text), text).rejects.toThrow(/append-only/)
    }
  })

  it('are only read and appended by the role of the application, which holds no other right on them', async () => {
    const { rows } = await superuser(
      server.connection,
      `select table_name as table, string_agg(privilege_type, ' ' order by privilege_type) as rights
       from information_schema.role_table_grants where grantee = '${bookRole}' and table_schema = 'usufruct' group by table_name`,
    )
    const rights = new Map(rows.map((row) => [row.table, row.rights]))
    for (const table of entryTables) expect(rights.get(table), table).toBe('INSERT SELECT')
    expect([...rights.keys()].sort()).toEqual(
      [...entryTables, ...projectionTables, ...operationalTables, 'migration'].sort(),
    )
  })

  it('leave projections free to be written: they can be computed again', async () => {
    for (const table of projectionTables)
      await superuser(server.connection, `delete from usufruct.${table} where false`)
  })
})
