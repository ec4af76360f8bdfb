import type { Clock } from '../base/instant.ts'
import { maximum } from '../base/integer.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Instant } from '../base/units.ts'

const window = 15n * 60_000_000n
/** Tries within the window. A try counts when it begins, so that many at once count too. */
const most = { login: 10, address: 40 } as const
/** Names and addresses that are remembered; beyond that the oldest are forgotten, so that memory stays bounded. */
const remembered = 20_000

/** Sliding windows of tries to sign in, by login and by address, in the memory of the one process that owns the home. */
export interface Tries {
  /** Counts a try. Refuses access.too_many_tries with the time until the oldest try leaves the window; a refused try does not count. */
  begin(address: string, login?: string): Outcome<void>
  /** It was really them: earlier slips of this login are forgotten. Those of the address are not: its next try may be at another login. */
  succeeded(login: string): void
}

export function openTries(clock: Clock): Tries {
  const logins = new Map<string, readonly Instant[]>()
  const addresses = new Map<string, readonly Instant[]>()
  return {
    begin(address, login) {
      const now = clock.now()
      const mine = recent(addresses, networkOf(address), now)
      const name = login === undefined ? [] : recent(logins, login, now)
      const wait = maximum(waitFor(mine, most.address, now), waitFor(name, most.login, now))
      if (wait > 0n)
        return refuse('access.too_many_tries', 'too many tries to sign in', {
          hint: 'wait, then try again; a steward can set a new password with "usufruct login password"',
          retryAfter: Number((wait + 999_999n) / 1_000_000n),
        })
      remember(addresses, networkOf(address), [...mine, now])
      if (login !== undefined) remember(logins, login, [...name, now])
      return accept(undefined)
    },
    succeeded: (login) => void logins.delete(login),
  }
}

const recent = (tries: ReadonlyMap<string, readonly Instant[]>, name: string, now: Instant): readonly Instant[] =>
  (tries.get(name) ?? []).filter((at) => at > now - window)

/** Time until one more try is free; 0 when it is. */
function waitFor(tries: readonly Instant[], limit: number, now: Instant): Instant {
  const oldest = tries.length >= limit ? tries[tries.length - limit] : undefined
  return oldest === undefined ? 0n : oldest + window - now
}

/** Newest last: the first key of a Map is the one that was set longest ago. */
function remember(tries: Map<string, readonly Instant[]>, name: string, times: readonly Instant[]): void {
  tries.delete(name)
  tries.set(name, times)
  for (const oldest of tries.keys()) {
    if (tries.size <= remembered) return
    tries.delete(oldest)
  }
}

/** One customer of a network has a whole /64 of IPv6 addresses: they count as one. An IPv4 address counts as itself, also in IPv6 dress. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '')
  if (!plain.includes(':')) return plain
  const [head = '', tail] = plain.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups =
    tail === undefined ? left : [...left, ...Array(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
  return `${groups
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, ''))
    .join(':')}::/64`
}
