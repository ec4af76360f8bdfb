import type { Outcome } from '../base/refusal.ts'
import type { Instant } from '../base/units.ts'

/**
 * What signing in needs of the books. Logins are append-only entries, folded; sessions and links are operational rows that come and go: no entry, no
 * number of the sequence, no part of a backup. Every method is one transaction, durable when it resolves. Only hashes are ever passed in or kept.
 */
export interface AccessBooks {
  /** Refuses login.exists when a login of this name is in use. One that was disabled may be created anew. */
  createLogin(login: NewLogin, at: Instant): Promise<Outcome<LoginEntry>>
  /** Ends every session of the login in the same transaction. Refuses login.unknown, also for a disabled one. */
  changePassword(login: string, passwordHash: string, at: Instant): Promise<Outcome<LoginEntry>>
  /** Ends every session of the login in the same transaction; a second call changes nothing. Refuses login.unknown. */
  disableLogin(login: string, at: Instant): Promise<Outcome<LoginEntry>>
  login(login: string): Promise<LoginEntry | undefined>
  /** By name. */
  logins(): Promise<readonly LoginEntry[]>

  /**
   * Begins a session of a login; false when the login was disabled or its password changed since it was read with `loginSequence`. The session that the
   * browser had before (`instead`: hash of its secret) ends in the same transaction.
   */
  openSession(session: SessionEntry, loginSequence: bigint, instead?: string): Promise<boolean>
  /** Undefined when unknown, ended, idle too long or over. */
  findSession(secretHash: string, at: Instant): Promise<SessionEntry | undefined>
  /** Somebody was here: the session may be idle until then. */
  touchSession(id: string, idleUntil: Instant): Promise<void>
  /** Those in force, newest first. */
  sessions(at: Instant): Promise<readonly SessionEntry[]>
  /** Durable when it resolves; false when there was none. */
  endSession(id: string): Promise<boolean>
  /** Ends every session of a person or login, and what links the person still had. Gives how many sessions. */
  endSessionsOf(owner: SessionOwner): Promise<number>

  /** A new link for a person takes the place of an older one. */
  addLink(link: LinkEntry): Promise<void>
  /** Looks without using it up; undefined when unknown, used or over. */
  findLink(tokenHash: string, at: Instant): Promise<LinkEntry | undefined>
  /** Uses the link up, for one act and no session: of any number of tries one succeeds. Undefined when unknown, used or over. */
  spendLink(tokenHash: string, at: Instant): Promise<LinkEntry | undefined>
  /** Uses the link up and begins the session, in one transaction: of any number of tries one succeeds. Undefined when there is no such link. */
  enterByLink(
    tokenHash: string,
    session: Omit<SessionEntry, 'role' | 'subject' | 'login'>,
    instead?: string,
  ): Promise<SessionEntry | undefined>
}

export interface NewLogin {
  readonly login: string
  readonly role: 'steward' | 'buyer'
  /** Buyer id; "steward" for staff. */
  readonly subject: string
  /** A PHC string of argon2id. */
  readonly passwordHash: string
}
export interface LoginEntry extends NewLogin {
  readonly createdAt: Instant
  readonly passwordAt: Instant
  readonly disabledAt?: Instant | undefined
  /** Number of the newest event. */
  readonly sequence: bigint
}

export interface SessionOwner {
  readonly role: 'steward' | 'buyer' | 'person'
  /** Buyer id, person key, or "steward". */
  readonly subject: string
  /** Undefined for persons. */
  readonly login?: string | undefined
}
export interface SessionEntry extends SessionOwner {
  readonly id: string
  readonly secretHash: string
  readonly createdAt: Instant
  readonly idleUntil: Instant
  readonly expiresAt: Instant
  /** What the browser calls itself, cut short, so that people recognise theirs in a list. */
  readonly agent: string
}

export interface LinkEntry {
  readonly id: string
  readonly tokenHash: string
  readonly person: string
  readonly createdAt: Instant
  readonly expiresAt: Instant
}
