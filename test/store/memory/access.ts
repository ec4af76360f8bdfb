import { accept, type Outcome, refuse } from '../../../src/base/refusal.ts'
import type { Instant } from '../../../src/base/units.ts'
import type { AccessBooks, LoginEntry, SessionEntry } from '../../../src/house/access-port.ts'
import { enter, type State } from './state.ts'

/** Logins, sessions and links in memory: plain lists, over the same state as the books. */
export function openMemoryAccess(state: State): AccessBooks {
  const change = (login: string, to: (entry: LoginEntry) => LoginEntry | undefined): Outcome<LoginEntry> => {
    const before = state.logins.get(login)
    const after = before && to(before)
    if (after === undefined) return refuse('login.unknown', `no login "${login}"`)
    state.logins.set(login, after)
    state.sessions = state.sessions.filter((session) => session.login !== login)
    return accept(after)
  }
  const begin = (session: SessionEntry, instead: string | undefined): void => {
    state.sessions = state.sessions.filter((one) => inForce(one, session.createdAt) && one.secretHash !== instead)
    state.sessions.push(session)
  }
  return {
    async createLogin(login, at) {
      const before = state.logins.get(login.login)
      if (before !== undefined && before.disabledAt === undefined) return refuse('login.exists', login.login)
      const entry = { ...login, createdAt: at, passwordAt: at, sequence: enter(state, 'login created') }
      state.logins.set(login.login, entry)
      return accept(entry)
    },
    changePassword: async (login, passwordHash, at) =>
      change(login, (entry) =>
        entry.disabledAt === undefined
          ? { ...entry, passwordHash, passwordAt: at, sequence: enter(state, 'login password') }
          : undefined,
      ),
    disableLogin: async (login, at) =>
      change(login, (entry) =>
        entry.disabledAt === undefined ? { ...entry, disabledAt: at, sequence: enter(state, 'login disabled') } : entry,
      ),
    login: async (login) => state.logins.get(login),
    logins: async () => [...state.logins.values()].sort((a, b) => (a.login < b.login ? -1 : 1)),

    async openSession(session, loginSequence, instead) {
      const entry = state.logins.get(session.login ?? '')
      if (entry?.sequence !== loginSequence || entry.disabledAt !== undefined) return false
      begin(session, instead)
      return true
    },
    findSession: async (secretHash, at) =>
      state.sessions.find((session) => session.secretHash === secretHash && inForce(session, at)),
    async touchSession(id, idleUntil) {
      state.sessions = state.sessions.map((session) => (session.id === id ? { ...session, idleUntil } : session))
    },
    sessions: async (at) =>
      state.sessions
        .filter((session) => inForce(session, at))
        .sort((a, b) => (a.createdAt === b.createdAt ? (a.id < b.id ? -1 : 1) : a.createdAt > b.createdAt ? -1 : 1)),
    async endSession(id) {
      const before = state.sessions.length
      state.sessions = state.sessions.filter((session) => session.id !== id)
      return state.sessions.length < before
    },
    async endSessionsOf({ role, subject, login }) {
      if (role === 'person') state.links = state.links.filter((link) => link.person !== subject)
      const others = state.sessions.filter((one) => one.role !== role || one.subject !== subject || one.login !== login)
      const ended = state.sessions.length - others.length
      state.sessions = others
      return ended
    },

    async addLink(link) {
      state.links = [...state.links.filter((one) => one.person !== link.person), link]
    },
    findLink: async (tokenHash, at) => state.links.find((link) => link.tokenHash === tokenHash && at < link.expiresAt),
    async spendLink(tokenHash, at) {
      const link = state.links.find((one) => one.tokenHash === tokenHash && at < one.expiresAt)
      state.links = state.links.filter((one) => one !== link)
      return link
    },
    async enterByLink(tokenHash, session, instead) {
      const link = state.links.find((one) => one.tokenHash === tokenHash && session.createdAt < one.expiresAt)
      if (link === undefined) return undefined
      state.links = state.links.filter((one) => one !== link)
      const entered: SessionEntry = { ...session, role: 'person', subject: link.person }
      begin(entered, instead)
      return entered
    },
  }
}

const inForce = (session: SessionEntry, at: Instant): boolean => at < session.expiresAt && at < session.idleUntil
