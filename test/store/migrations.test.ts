import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { defaultAnswerRules } from '../../src/release/answer-rules.ts'
import { openPostgresBooks } from '../../src/store/postgres/books.ts'
import { bookRole } from '../../src/store/postgres/migrations.ts'
import { rights1, schema1 } from '../../src/store/postgres/schema-1.ts'
import { defaultLimits, leafOf, minutes, onDay, settingsWith, testLaw } from './book-world.ts'
import { startServer, superuser, type TestServer } from './postgres-world.ts'

let server: TestServer
let folder: string
beforeAll(async () => {
  server = await startServer()
  folder = await mkdtemp(join(tmpdir(), 'usufruct-test-'))
})
afterAll(async () => {
  await server.stop()
  await rm(folder, { recursive: true, force: true })
})

type Connection = TestServer['connection']
const open = (connection: Connection) => openPostgresBooks({ connection, law: testLaw })
const at = onDay(1)
const login = { login: 'ada', role: 'steward', subject: 'steward', passwordHash: 'phc' } as const
const session = {
  id: 'ses-1',
  secretHash: 'hash-of-a-session',
  role: 'steward',
  subject: 'steward',
  login: 'ada',
  createdAt: at,
  idleUntil: at + minutes(60),
  expiresAt: at + minutes(60),
  agent: '',
} as const

/** A database as the first schema alone left it: its tables, and its rights for the application's role. */
async function madeBySchema1(): Promise<Connection> {
  const connection = await server.fresh()
  await superuser(
    connection,
    `create schema usufruct;
     create table usufruct.migration (version integer primary key, applied_at timestamptz not null default now());
     ${schema1}
     insert into usufruct.migration (version) values (1);
     ${rights1(bookRole)}`,
  )
  return connection
}

describe('a home made by the first schema alone', () => {
  it('gets the new tables, and the rights on them, when it is opened', async () => {
    const connection = await madeBySchema1()
    const books = await open(connection)
    try {
      expect((await books.durability()).filter((one) => !one.good)).toEqual([])
      await books.init(settingsWith(defaultLimits), onDay(0), leafOf('init'))
      const { sequence } = expectAccepted(await books.access.createLogin(login, at))
      expect(await books.access.openSession(session, sequence)).toBe(true)
      await books.access.addLink({ id: 'l', tokenHash: 't', person: 'p', createdAt: at, expiresAt: at + 1n })
      expect((await books.check()).failures).toEqual([])
    } finally {
      await books.close()
    }
    const { rows } = await superuser(connection, 'select version from usufruct.migration order by version')
    expect(rows.map((row) => row.version)).toEqual([1, 2, 3, 4, 5, 6])
  })

  it('keeps login events append-only: by rights for the application, by triggers for everybody', async () => {
    const connection = await madeBySchema1()
    const books = await open(connection)
    expectAccepted(await books.access.createLogin(login, at))
    await books.close()
    for (const change of ["update usufruct.login_event set login = 'eve'", 'delete from usufruct.login_event']) {
      await expect(superuser(connection, change)).rejects.toThrow('append-only')
      await expect(superuser(connection, `set role ${bookRole}; ${change}`)).rejects.toThrow('permission denied')
    }
    await superuser(connection, `set role ${bookRole}; delete from usufruct.session`)
  })

  it('opens twice without doing anything again', async () => {
    const connection = await madeBySchema1()
    await (await open(connection)).close()
    const before = await superuser(connection, 'select * from usufruct.migration')
    await (await open(connection)).close()
    expect((await superuser(connection, 'select * from usufruct.migration')).rows).toEqual(before.rows)
  })
})

describe('a backup', () => {
  it('carries logins, but no session and no link', async () => {
    const books = await open(await server.fresh())
    await books.init(settingsWith(defaultLimits), onDay(0), leafOf('init'))
    const { sequence } = expectAccepted(await books.access.createLogin(login, at))
    await books.access.openSession(session, sequence)
    await books.access.addLink({ id: 'l', tokenHash: 'hash-of-a-link', person: 'p', createdAt: at, expiresAt: at + 9n })
    await books.exportAll(join(folder, 'one'))
    await books.close()
    const manifest = JSON.parse(await readFile(join(folder, 'one', 'backup.json'), 'utf8'))
    expect(manifest).toMatchObject({ schema: 6, tables: { login_event: 1, house: 1 } })
    for (const table of Object.keys(manifest.tables)) {
      const text = await readFile(join(folder, 'one', `${table}.jsonl`), 'utf8')
      expect(text).not.toMatch(/hash-of-a-(session|link)/)
    }
    const restored = await open(await server.fresh())
    try {
      await restored.importAll(join(folder, 'one'))
      expect(await restored.access.login('ada')).toMatchObject(login)
      expect(await restored.access.sessions(at)).toEqual([])
      expect(await restored.access.findLink('hash-of-a-link', at)).toBeUndefined()
      expect((await restored.check()).failures).toEqual([])
    } finally {
      await restored.close()
    }
  })

  it('carries the rules of answers that are in force, and is not read without them', async () => {
    const books = await open(await server.fresh())
    await books.init(settingsWith(defaultLimits), onDay(0), leafOf('init'))
    const rules = { ...defaultAnswerRules, blocked: [{ path: 'flat', since: onDay(2) }] } as const
    await books.setAnswerRules(defaultAnswerRules, onDay(1), leafOf('first change'))
    await books.setAnswerRules(rules, onDay(2), leafOf('second change'))
    expect(await books.settings()).toMatchObject({ answers: rules })
    await books.exportAll(join(folder, 'rules'))
    await books.close()
    const restored = await open(await server.fresh())
    try {
      await restored.importAll(join(folder, 'rules'))
      expect(await restored.settings()).toMatchObject({ name: 'Test house', answers: rules })
      expect((await restored.check()).failures).toEqual([])
    } finally {
      await restored.close()
    }
    await rm(join(folder, 'rules', 'answer_rules.jsonl'))
    const empty = await open(await server.fresh())
    try {
      await expect(empty.importAll(join(folder, 'rules'))).rejects.toThrow()
    } finally {
      await empty.close()
    }
  })

  it('of the first schema is read as well; one of this schema that lacks a table is not', async () => {
    const books = await open(await server.fresh())
    await books.init(settingsWith(defaultLimits), onDay(0), leafOf('init'))
    await books.exportAll(join(folder, 'old'))
    await books.close()
    const file = join(folder, 'old', 'backup.json')
    const { schema, tables } = JSON.parse(await readFile(file, 'utf8'))
    const { login_event: _, ...older } = tables
    await rm(join(folder, 'old', 'login_event.jsonl'))
    const restored = await open(await server.fresh())
    try {
      await writeFile(file, JSON.stringify({ schema, tables: older }))
      await expect(restored.importAll(join(folder, 'old'))).rejects.toThrow()
      await writeFile(file, JSON.stringify({ schema: 99, tables }))
      await expect(restored.importAll(join(folder, 'old'))).rejects.toMatchObject({ code: 'store.backup_unreadable' })
      await writeFile(file, JSON.stringify({ schema: 1, tables: older }))
      await restored.importAll(join(folder, 'old'))
      expect(await restored.settings()).toMatchObject({ name: 'Test house' })
    } finally {
      await restored.close()
    }
  })
})
