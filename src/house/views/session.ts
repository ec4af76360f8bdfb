import { instantText } from '../../base/instant.ts'
import type { LoginEntry, SessionEntry } from '../access-port.ts'
import type { Role } from '../permissions.ts'

/** A session as its owner, and the steward at the command line, sees it. Never the secret, never its hash. */
export interface SessionView {
  readonly id: string
  readonly role: Role
  readonly subject: string
  readonly login: string | undefined
  readonly createdAt: string
  readonly idleUntil: string
  readonly expiresAt: string
  readonly agent: string
}
export type SessionJson = SessionView & { readonly [field: string]: string | undefined }

export const sessionJson = (session: SessionEntry): SessionJson => ({
  id: session.id,
  role: session.role,
  subject: session.subject,
  login: session.login,
  createdAt: instantText(session.createdAt),
  idleUntil: instantText(session.idleUntil),
  expiresAt: instantText(session.expiresAt),
  agent: session.agent,
})

/** GET /v1/session: who I am. */
export interface WhoView {
  readonly role: Role
  readonly subject: string
  /** The buyer's name, the login of staff, the person's own key. */
  readonly name: string
  readonly via: 'key' | 'session'
  /** Of a session. */
  readonly expiresAt: string | undefined
}

export const loginJson = (login: LoginEntry): { readonly [field: string]: string | undefined } => ({
  login: login.login,
  role: login.role,
  subject: login.subject,
  createdAt: instantText(login.createdAt),
  passwordAt: instantText(login.passwordAt),
  disabledAt: login.disabledAt === undefined ? undefined : instantText(login.disabledAt),
})
