import { expect } from 'vitest'
import { expectAccepted, type Outcome } from '../../src/base/refusal.ts'
import type { Instant } from '../../src/base/units.ts'
import type { LinkEntry, NewLogin, SessionEntry } from '../../src/house/access-port.ts'
import { minutes, onDay } from './book-world.ts'
import type { Case } from './conformance.ts'

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? undefined : outcome.refusal.code)
const ada: NewLogin = { login: 'ada', role: 'steward', subject: 'steward', passwordHash: 'phc-1' }
const session = (id: string, at: Instant, more: Partial<SessionEntry> = {}): SessionEntry => ({
  id,
  secretHash: `hash-${id}`,
  role: 'steward',
  subject: 'steward',
  login: 'ada',
  createdAt: at,
  idleUntil: at + minutes(60),
  expiresAt: at + minutes(600),
  agent: 'a browser',
  ...more,
})
const link = (id: string, person: string, at: Instant): LinkEntry => ({
  id,
  tokenHash: `hash-${id}`,
  person,
  createdAt: at,
  expiresAt: at + minutes(60),
})
const { role: _, subject: _s, login: _l, ...bare } = session('bare', onDay(1))

export function accessCases(inFreshHouse: Case): void {
  inFreshHouse('a login is what its events make of it, each with a number of the one sequence', async (world) => {
    const { access } = world.books
    const before = await world.books.sequence()
    const made = expectAccepted(await access.createLogin(ada, onDay(1)))
    expect(made).toEqual({ ...ada, createdAt: onDay(1), passwordAt: onDay(1), sequence: before + 1n })
    expect(codeOf(await access.createLogin({ ...ada, role: 'buyer' }, onDay(1)))).toBe('login.exists')
    expect(expectAccepted(await access.changePassword('ada', 'phc-2', onDay(2)))).toMatchObject({
      passwordHash: 'phc-2',
      createdAt: onDay(1),
      passwordAt: onDay(2),
      sequence: before + 2n,
    })
    expect(expectAccepted(await access.disableLogin('ada', onDay(3)))).toMatchObject({ disabledAt: onDay(3) })
    expect(expectAccepted(await access.disableLogin('ada', onDay(4)))).toMatchObject({ disabledAt: onDay(3) })
    expect(await world.books.sequence()).toBe(before + 3n)
    expect(codeOf(await access.changePassword('ada', 'phc-3', onDay(4)))).toBe('login.unknown')
    expect(codeOf(await access.disableLogin('bea', onDay(4)))).toBe('login.unknown')
    expect((await world.books.check()).failures).toEqual([])
  })

  inFreshHouse('a disabled login may be made anew, and is then a new one', async ({ books: { access } }) => {
    expectAccepted(await access.createLogin(ada, onDay(1)))
    expectAccepted(await access.disableLogin('ada', onDay(2)))
    expectAccepted(await access.createLogin({ ...ada, role: 'buyer', subject: 'b1', passwordHash: 'phc-9' }, onDay(3)))
    expectAccepted(await access.createLogin({ ...ada, login: 'Bea' }, onDay(3)))
    expect(await access.login('ada')).toMatchObject({ role: 'buyer', subject: 'b1', passwordHash: 'phc-9' })
    expect((await access.login('ada'))?.disabledAt).toBeUndefined()
    expect((await access.logins()).map((one) => one.login)).toEqual(['Bea', 'ada'])
    expect(await access.login('cleo')).toBeUndefined()
  })

  inFreshHouse('a session is found until it is idle too long, over, or ended', async ({ books: { access } }) => {
    const { sequence } = expectAccepted(await access.createLogin(ada, onDay(1)))
    const at = onDay(1)
    const mine = session('one', at)
    expect(await access.openSession(mine, sequence)).toBe(true)
    expect(await access.findSession('hash-one', at)).toEqual(mine)
    expect(await access.findSession('hash-two', at)).toBeUndefined()
    expect(await access.findSession('hash-one', at + minutes(60))).toBeUndefined()
    await access.touchSession('one', at + minutes(9_999))
    expect(await access.findSession('hash-one', at + minutes(599))).toMatchObject({ id: 'one' })
    expect(await access.findSession('hash-one', at + minutes(600))).toBeUndefined()
    expect(await access.endSession('one')).toBe(true)
    expect(await access.endSession('one')).toBe(false)
    expect(await access.findSession('hash-one', at)).toBeUndefined()
  })

  inFreshHouse('sessions take no number of the sequence', async (world) => {
    const { access } = world.books
    const { sequence } = expectAccepted(await access.createLogin(ada, onDay(1)))
    const before = await world.books.sequence()
    await access.openSession(session('one', onDay(1)), sequence)
    await access.addLink(link('l', 'p1', onDay(1)))
    await access.enterByLink('hash-l', bare)
    await access.endSession('one')
    expect(await world.books.sequence()).toBe(before)
    expect((await world.books.check()).failures).toEqual([])
  })

  inFreshHouse(
    'no session begins with a password that changed, or a login that was disabled, meanwhile',
    async (world) => {
      const { access } = world.books
      const { sequence } = expectAccepted(await access.createLogin(ada, onDay(1)))
      const changed = expectAccepted(await access.changePassword('ada', 'phc-2', onDay(1)))
      expect(await access.openSession(session('one', onDay(1)), sequence)).toBe(false)
      expect(await access.openSession(session('two', onDay(1)), changed.sequence)).toBe(true)
      const disabled = expectAccepted(await access.disableLogin('ada', onDay(1)))
      expect(await access.openSession(session('three', onDay(1)), disabled.sequence)).toBe(false)
      expect(await access.sessions(onDay(1))).toEqual([])
    },
  )

  inFreshHouse('a new password and a disabled login end every session of that login, and no other', async (world) => {
    const { access } = world.books
    const at = onDay(1)
    const first = expectAccepted(await access.createLogin(ada, at))
    const other = expectAccepted(await access.createLogin({ ...ada, login: 'bea' }, at))
    await access.openSession(session('a1', at), first.sequence)
    await access.openSession(session('a2', at), first.sequence)
    await access.openSession(session('b1', at, { login: 'bea' }), other.sequence)
    const changed = expectAccepted(await access.changePassword('ada', 'phc-2', at))
    expect((await access.sessions(at)).map((one) => one.id)).toEqual(['b1'])
    await access.openSession(session('a3', at), changed.sequence)
    expectAccepted(await access.disableLogin('ada', at))
    expect((await access.sessions(at)).map((one) => one.id)).toEqual(['b1'])
  })

  inFreshHouse('the session that the browser had before ends when a new one begins', async ({ books: { access } }) => {
    const at = onDay(1)
    const { sequence } = expectAccepted(await access.createLogin(ada, at))
    await access.openSession(session('one', at), sequence)
    await access.openSession(session('two', at + 1n), sequence, 'hash-one')
    expect((await access.sessions(at + 1n)).map((one) => one.id)).toEqual(['two'])
    await access.addLink(link('l', 'p1', at))
    await access.enterByLink('hash-l', { ...bare, createdAt: at + 2n }, 'hash-two')
    expect((await access.sessions(at + 2n)).map((one) => one.id)).toEqual(['bare'])
  })

  inFreshHouse('of twenty tries at once, one uses the link', async ({ books: { access } }) => {
    await access.addLink(link('l', 'p1', onDay(1)))
    expect(await access.findLink('hash-l', onDay(1))).toEqual(link('l', 'p1', onDay(1)))
    const tries = await Promise.all(
      Array.from({ length: 20 }, (_, nth) =>
        access.enterByLink('hash-l', { ...bare, id: `s${nth}`, secretHash: `hash-s${nth}` }),
      ),
    )
    const entered = tries.filter((one) => one !== undefined)
    expect(entered).toMatchObject([{ role: 'person', subject: 'p1' }])
    expect(await access.sessions(onDay(1))).toEqual(entered)
    expect(await access.findLink('hash-l', onDay(1))).toBeUndefined()
  })

  inFreshHouse(
    'of twenty tries to spend a link at once, one does, and no session begins',
    async ({ books: { access } }) => {
      await access.addLink(link('l', 'p1', onDay(1)))
      expect(await access.spendLink('hash-l', onDay(1) + minutes(60))).toBeUndefined()
      expect(await access.spendLink('hash-other', onDay(1))).toBeUndefined()
      const tries = await Promise.all(Array.from({ length: 20 }, () => access.spendLink('hash-l', onDay(1))))
      expect(tries.filter((one) => one !== undefined)).toEqual([link('l', 'p1', onDay(1))])
      expect(await access.sessions(onDay(1))).toEqual([])
      expect(await access.findLink('hash-l', onDay(1))).toBeUndefined()
    },
  )

  inFreshHouse('a link is over in time, and a new one takes its place', async ({ books: { access } }) => {
    await access.addLink(link('l1', 'p1', onDay(1)))
    await access.addLink(link('l2', 'p2', onDay(1)))
    const late = { ...bare, createdAt: onDay(1) + minutes(60) }
    expect(await access.findLink('hash-l1', late.createdAt)).toBeUndefined()
    expect(await access.enterByLink('hash-l1', late)).toBeUndefined()
    await access.addLink(link('l3', 'p1', onDay(1)))
    expect(await access.enterByLink('hash-l1', bare)).toBeUndefined()
    expect(await access.enterByLink('hash-l3', bare)).toMatchObject({ subject: 'p1' })
    expect(await access.enterByLink('hash-l2', { ...bare, id: 'x', secretHash: 'y' })).toMatchObject({ subject: 'p2' })
  })

  inFreshHouse(
    'everything of a person ends together: sessions and the link not yet used',
    async ({ books: { access } }) => {
      await access.addLink(link('l1', 'p1', onDay(1)))
      await access.enterByLink('hash-l1', bare)
      await access.addLink(link('l2', 'p1', onDay(1)))
      await access.addLink(link('l3', 'p2', onDay(1)))
      expect(await access.endSessionsOf({ role: 'person', subject: 'p1' })).toBe(1)
      expect(await access.sessions(onDay(1))).toEqual([])
      expect(await access.findLink('hash-l2', onDay(1))).toBeUndefined()
      expect(await access.findLink('hash-l3', onDay(1))).toMatchObject({ person: 'p2' })
    },
  )

  inFreshHouse('logins, sessions and links are there again after a restart', async (world) => {
    const at = onDay(1)
    const { sequence } = expectAccepted(await world.books.access.createLogin(ada, at))
    await world.books.access.openSession(session('one', at), sequence)
    await world.books.access.openSession(session('two', at), sequence)
    await world.books.access.endSession('two')
    await world.books.access.addLink(link('l1', 'p1', at))
    world.books = await world.opened.reopen()
    expect(await world.books.access.login('ada')).toMatchObject(ada)
    expect((await world.books.access.sessions(at)).map((one) => one.id)).toEqual(['one'])
    expect(await world.books.access.findLink('hash-l1', at)).toMatchObject({ person: 'p1' })
  })
}
