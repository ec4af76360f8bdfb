import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { Instant } from '../../base/units.ts'
import type { AccessBooks, LinkEntry, LoginEntry, NewLogin, SessionEntry } from '../../house/access-port.ts'
import type { Sql } from './session.ts'
import { type Opened, type Writing, writeOutcome } from './writing.ts'

/** AccessBooks on PostgreSQL. */
export function accessBooks(books: Opened): AccessBooks {
  const { read, write } = books.sessions
  return {
    createLogin: (login, at) => createLogin(books, login, at),
    changePassword: (login, hash, at) =>
      changeLogin(books, login, at, async (tx, entry) => {
        if (entry.disabledAt !== undefined) return unknownLogin(login)
        await append(tx, 'password', { login, passwordHash: hash })
        return undefined
      }),
    disableLogin: (login, at) =>
      changeLogin(books, login, at, async (tx, entry) => {
        if (entry.disabledAt === undefined) await append(tx, 'disabled', { login })
        return undefined
      }),
    login: (login) => read((sql) => loginOf(sql, login)),
    logins: () => read((sql) => loginsWhere(sql, 'true', [])),

    openSession: (session, loginSequence, instead) =>
      write(async (sql) => {
        const entry = session.login === undefined ? undefined : await loginOf(sql, session.login)
        if (entry?.sequence !== loginSequence || entry.disabledAt !== undefined) return false
        await insertSession(sql, session, instead)
        return true
      }),
    findSession: async (secretHash, at) =>
      (await read((sql) => sessionsWhere(sql, at, 'secret_hash = $2', [secretHash])))[0],
    touchSession: async (id, idleUntil) => {
      await write((sql) => sql.run('update session set idle_until = $2 where id = $1', [id, idleUntil]))
    },
    sessions: (at) => read((sql) => sessionsWhere(sql, at, 'true', [])),
    endSession: async (id) => (await write((sql) => sql.run('delete from session where id = $1', [id]))) > 0,
    endSessionsOf: (owner) =>
      write(async (sql) => {
        if (owner.role === 'person') await sql.run('delete from link where person = $1', [owner.subject])
        return sql.run('delete from session where role = $1 and subject = $2 and login is not distinct from $3', [
          owner.role,
          owner.subject,
          owner.login ?? null,
        ])
      }),

    addLink: (link) => write((sql) => insertLink(sql, link)),
    findLink: (tokenHash, at) =>
      read((sql) =>
        sql.row<LinkEntry>(
          `select id, token_hash as "tokenHash", person, created_at as "createdAt", expires_at as "expiresAt" from link
           where token_hash = $1 and expires_at > $2`,
          [tokenHash, at],
        ),
      ),
    spendLink: (tokenHash, at) =>
      write((sql) =>
        sql.row<LinkEntry>(
          `delete from link where token_hash = $1 and expires_at > $2
           returning id, token_hash as "tokenHash", person, created_at as "createdAt", expires_at as "expiresAt"`,
          [tokenHash, at],
        ),
      ),
    enterByLink: (tokenHash, session, instead) =>
      write(async (sql) => {
        const used = await sql.row<{ person: string }>(
          'delete from link where token_hash = $1 and expires_at > $2 returning person',
          [tokenHash, session.createdAt],
        )
        if (used === undefined) return undefined
        const entered: SessionEntry = { ...session, role: 'person', subject: used.person }
        await insertSession(sql, entered, instead)
        return entered
      }),
  }
}

function createLogin(books: Opened, login: NewLogin, at: Instant): Promise<Outcome<LoginEntry>> {
  return writeOutcome(books, at, async (tx): Promise<Outcome<LoginEntry>> => {
    const before = await loginOf(tx, login.login)
    if (before !== undefined && before.disabledAt === undefined)
      return refuse('login.exists', `there is a login "${login.login}" already`)
    const sequence = await append(tx, 'created', login)
    return accept({ ...login, createdAt: at, passwordAt: at, sequence })
  })
}

/** Appends what `change` appends; whoever was signed in with the login is signed out. */
function changeLogin(
  books: Opened,
  login: string,
  at: Instant,
  change: (tx: Writing, entry: LoginEntry) => Promise<Outcome<LoginEntry> | undefined>,
): Promise<Outcome<LoginEntry>> {
  return writeOutcome(books, at, async (tx) => {
    const entry = await loginOf(tx, login)
    if (entry === undefined) return unknownLogin(login)
    const refused = await change(tx, entry)
    if (refused !== undefined) return refused
    await tx.run('delete from session where login = $1', [login])
    return accept((await loginOf(tx, login)) as LoginEntry)
  })
}

const unknownLogin = (login: string): Outcome<LoginEntry> =>
  refuse('login.unknown', `there is no login "${login}" in use`)

async function append(
  tx: Writing,
  kind: 'created' | 'password' | 'disabled',
  event: Pick<NewLogin, 'login'> & Partial<NewLogin>,
): Promise<bigint> {
  const sequence = tx.next()
  await tx.run(
    'insert into login_event (sequence, at, login, kind, role, subject, password_hash) values ($1, $2, $3, $4, $5, $6, $7)',
    [sequence, tx.at, event.login, kind, event.role ?? null, event.subject ?? null, event.passwordHash ?? null],
  )
  return sequence
}

const loginOf = async (sql: Sql, login: string): Promise<LoginEntry | undefined> =>
  (await loginsWhere(sql, 'login = $1', [login]))[0]

/** Each login as its events since it was created last make it. */
async function loginsWhere(sql: Sql, condition: string, values: readonly unknown[]): Promise<LoginEntry[]> {
  const rows = await sql.rows<Omit<LoginEntry, 'disabledAt'> & { disabledAt: bigint | null }>(
    `select c.login, c.role, c.subject, p.password_hash as "passwordHash", c.at as "createdAt", p.at as "passwordAt", d.at as "disabledAt",
       greatest(c.sequence, p.sequence, d.sequence) as sequence
     from (select distinct on (login) * from login_event where kind = 'created' and ${condition} order by login, sequence desc) c
     join lateral (
       select * from login_event e where e.login = c.login and e.sequence >= c.sequence and e.password_hash is not null order by e.sequence desc limit 1
     ) p on true
     left join login_event d on d.login = c.login and d.kind = 'disabled' and d.sequence > c.sequence
     order by c.login collate "C"`,
    values,
  )
  return rows.map(({ disabledAt, ...entry }) => (disabledAt === null ? entry : { ...entry, disabledAt }))
}

async function insertSession(sql: Sql, session: SessionEntry, instead: string | undefined): Promise<void> {
  await sql.run('delete from session where expires_at <= $1 or idle_until <= $1 or secret_hash = $2', [
    session.createdAt,
    instead ?? null,
  ])
  await sql.run(
    `insert into session (id, secret_hash, role, subject, login, created_at, idle_until, expires_at, agent)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      session.id,
      session.secretHash,
      session.role,
      session.subject,
      session.login ?? null,
      session.createdAt,
      session.idleUntil,
      session.expiresAt,
      session.agent,
    ],
  )
}

async function insertLink(sql: Sql, link: LinkEntry): Promise<void> {
  await sql.run('delete from link where expires_at <= $1 or person = $2', [link.createdAt, link.person])
  await sql.run('insert into link (id, token_hash, person, created_at, expires_at) values ($1, $2, $3, $4, $5)', [
    link.id,
    link.tokenHash,
    link.person,
    link.createdAt,
    link.expiresAt,
  ])
}

async function sessionsWhere(
  sql: Sql,
  at: Instant,
  condition: string,
  values: readonly unknown[],
): Promise<SessionEntry[]> {
  const rows = await sql.rows<Omit<SessionEntry, 'login'> & { login: string | null }>(
    `select id, secret_hash as "secretHash", role, subject, login, created_at as "createdAt", idle_until as "idleUntil", expires_at as "expiresAt", agent
     from session where expires_at > $1 and idle_until > $1 and ${condition} order by created_at desc, id`,
    [at, ...values],
  )
  return rows.map(({ login, ...session }) => (login === null ? session : { ...session, login }))
}
