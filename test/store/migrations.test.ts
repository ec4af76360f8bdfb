import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPostgresBooks } from '../../src/store/postgres/books.ts'
import { defaultLimits, leafOf, onDay, settingsWith, testLaw } from './book-world.ts'
import { startServer, superuser, type TestServer } from './postgres-world.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const open = (connection: TestServer['connection']) => openPostgresBooks({ connection, law: testLaw })
const refusal = {
  at: onDay(1),
  buyer: 'b1',
  act: 'quote' as const,
  code: 'query.empty',
  product: undefined,
  purpose: undefined,
  position: undefined,
}

it('books of the first schema are brought up to date, with the rights on the new tables', async () => {
  const connection = await server.fresh()
  const first = await open(connection)
  await first.init(settingsWith(defaultLimits), onDay(0), leafOf('init'))
  await first.close()
  await superuser(
    connection,
    `set search_path = usufruct; drop table refusal_event; drop table notice_count; drop index consent_event_at_idx;
     delete from migration where version = 3`,
  )
  const books = await open(connection)
  try {
    await books.recordRefusal(refusal)
    await books.countNoticeStep({ id: 'n', version: '1', language: 'en' }, 'shown', onDay(1))
    expect(await books.refusals({ limit: 9 })).toHaveLength(1)
    expect((await books.check()).failures).toEqual([])
    expect((await books.durability()).find((one) => one.what === 'append-only entries')?.good).toBe(true)
  } finally {
    await books.close()
  }
})

it('a refusal that is written can be neither changed nor taken out', async () => {
  const connection = await server.fresh()
  const books = await open(connection)
  try {
    await books.init(settingsWith(defaultLimits), onDay(0), leafOf('init'))
    await books.recordRefusal(refusal)
    for (const text of ['update usufruct.refusal_event set code = $$x$$', 'delete from usufruct.refusal_event'])
      await expect(superuser(connection, text)).rejects.toThrow(/append-only/)
  } finally {
    await books.close()
  }
})
