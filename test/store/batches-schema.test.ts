import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgresBooks } from '../../src/store/postgres/books.ts'
import { newestSchema } from '../../src/store/postgres/migrations.ts'
import { rights1, schema1 } from '../../src/store/postgres/schema-1.ts'
import { onDay, testLaw, World } from './book-world.ts'
import { seal } from './conformance-batches.ts'
import { startServer, superuser, type TestServer } from './postgres-world.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

it('books of the first schema are brought up to date with what is in them, and guarded by rights again', async () => {
  const connection = await server.fresh()
  await superuser(
    connection,
    `create schema usufruct; create table usufruct.migration (version integer primary key, applied_at timestamptz not null default now());
     ${schema1} ${rights1('usufruct_books')} insert into usufruct.migration (version) values (1);
     insert into usufruct.person (no, key, adult_on, place, present) values (9, 'old', 10000, 'somewhere', true);
     insert into usufruct.purpose (bit, name, registered) values (0, 'earlier', 0);
     insert into usufruct.consent_event (sequence, id, record_id, person, purpose, status, at, notice_id, notice_version, entity)
       values (1, 'old act', 'r', 9, 0, 'refused', 5, 'n', '1', 'person'); update usufruct.progress set sequence = 1`,
  )
  const books = await openPostgresBooks({ connection, law: testLaw })
  const versions = await superuser(connection, 'select version from usufruct.migration order by version')
  expect(versions.rows.map((row) => row.version)).toEqual(Array.from({ length: newestSchema }, (_, i) => i + 1))
  expect((await books.durability()).find((one) => one.what === 'append-only entries')?.good).toBe(true)
  expect(await books.unbatchedChoices(9)).toMatchObject([{ id: 'old act', notice: { id: 'n', version: '1' } }])
  await seal(books, 1, onDay(0))
  expect(await books.unbatchedChoices(9)).toEqual([])
  expect(await books.consentSlot('old act')).toMatchObject({ batch: { number: 1 } })
  await books.close()
})

it('a batch is an entry that nothing changes, and what a person keeps can be forgotten but not changed', async () => {
  const opened = await server.open()
  const world = await new World(opened).begin()
  await world.give(['p1', 'p2', 'p3', 'p4'], onDay(0))
  await seal(world.books, 1, onDay(0))
  for (const text of [
    'update usufruct.consent_batch set root = root',
    'delete from usufruct.consent_batch',
    'update usufruct.consent_slot set salt = salt',
  ])
    await expect(superuser(server.connection, text), text).rejects.toThrow(/append-only/)
  const as = await superuser(
    server.connection,
    `select has_table_privilege('usufruct_books', 'usufruct.consent_slot', 'delete') as forgets,
       has_table_privilege('usufruct_books', 'usufruct.consent_slot', 'update') as changes,
       has_table_privilege('usufruct_books', 'usufruct.consent_batch', 'delete') as erases`,
  )
  expect(as.rows).toEqual([{ forgets: true, changes: false, erases: false }])
  const broken = async (change: string) => {
    const kept = 'create table kept as select * from usufruct.consent_slot'
    const back =
      'delete from usufruct.consent_slot; insert into usufruct.consent_slot select * from kept; drop table kept'
    await superuser(server.connection, `set session_replication_role = replica; ${kept}; ${change}`)
    const { failures } = await world.books.check()
    await superuser(server.connection, `set session_replication_role = replica; ${back}`)
    return failures
  }
  expect(await broken('select 1')).toEqual([])
  const last = 'where event = (select max(event) from usufruct.consent_slot)'
  for (const change of [
    `set salt = '${'00'.repeat(32)}' ${last}`,
    `set receipt = '{}' ${last}`,
    `set slot = slot # 1 ${last}`,
    `set path = path[2:] ${last}`,
    // The lowest and the highest hash of a path.
    `set path[1] = path[2] ${last}`,
    `set path[3] = path[2] ${last}`,
  ])
    expect((await broken(`update usufruct.consent_slot ${change}`)).join(), change).toMatch(/proved by its salt/)
  await opened.close()
})
