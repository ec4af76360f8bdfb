import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseOptions } from '@node-rs/argon2'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/ready.js'
import type { Outcome } from '../../src/base/refusal.ts'
import { loginName } from '../../src/house/access-logins.ts'
import { checkPassword, freshPassword, hashPassword, openPasswordGate } from '../../src/house/access-passwords.ts'
import { lifetimes } from '../../src/house/access-sessions.ts'
import { networkOf, openTries } from '../../src/house/access-tries.ts'
import { permissions, type Role } from '../../src/house/permissions.ts'

const codeOf = (outcome: Outcome<unknown>) => (outcome.ok ? undefined : outcome.refusal.code)

describe('a password', () => {
  it('is kept as argon2id with the second recommended option of RFC 9106, salted anew each time', async () => {
    const [one, two] = await Promise.all([hashPassword('four words of staff'), hashPassword('four words of staff')])
    expect(parseOptions(one)).toMatchObject({ algorithm: 2, memoryCost: 65_536, timeCost: 3, parallelism: 4 })
    expect(one).not.toBe(two)
  })

  it('fits its own hash alone, however its letters are composed', async () => {
    const gate = openPasswordGate()
    const hash = await hashPassword('four w\u00f6rds of staff')
    expect(await gate.fits(hash, 'four wo\u0308rds of staff')).toEqual({ ok: true, value: true })
    expect(await gate.fits(hash, 'four words of staff')).toEqual({ ok: true, value: false })
  })

  it('has a length, and no other rule', () => {
    expect(codeOf(checkPassword('ada', 'eleven char'))).toBe('login.password_weak')
    expect(codeOf(checkPassword('ada', 'twelve chars'))).toBeUndefined()
    expect(codeOf(checkPassword('ada', '🔑'.repeat(11)))).toBe('login.password_weak')
    expect(codeOf(checkPassword('ada', 'x'.repeat(201)))).toBe('login.password_weak')
    expect(codeOf(checkPassword('ada@coop.example', 'ADA@coop.example'))).toBe('login.password_weak')
  })

  it('that is made has a hundred random bits and is never the same', () => {
    const made = new Set(Array.from({ length: 200 }, freshPassword))
    expect(made.size).toBe(200)
    for (const password of made) expect(password).toMatch(/^([0-9a-hjkmnp-tv-z]{5}-){3}[0-9a-hjkmnp-tv-z]{5}$/)
  })

  it('of a login that nobody has takes the work of one that somebody has', async () => {
    const gate = openPasswordGate()
    const hash = await hashPassword('four words of staff')
    await gate.fits(undefined, 'warm')
    const time = async (of: string | undefined) => {
      const start = process.hrtime.bigint()
      expect(await gate.fits(of, 'not the password')).toEqual({ ok: true, value: false })
      return Number(process.hrtime.bigint() - start)
    }
    const known: number[] = []
    const unknown: number[] = []
    for (let round = 0; round < 7; round++) {
      known.push(await time(hash))
      unknown.push(await time(undefined))
    }
    // Without the dummy hash an unknown login would answer in microseconds instead of tens of milliseconds.
    expect(Math.min(...unknown) * 4).toBeGreaterThan(Math.min(...known))
  })

  it('is compared two at a time; who would wait long is sent away', async () => {
    const gate = openPasswordGate()
    const answers = await Promise.all(Array.from({ length: 40 }, () => gate.fits(undefined, 'not the password')))
    const sentAway = answers.filter((answer) => !answer.ok)
    expect(sentAway).toHaveLength(40 - 26)
    for (const answer of sentAway)
      expect(answer).toMatchObject({ refusal: { code: 'access.too_many_tries', retryAfter: 5 } })
    expect(codeOf(await gate.fits(undefined, 'not the password'))).toBeUndefined()
  })
})

describe('a login', () => {
  it.each(['ada', 'Ada@Coop.example', ' a.b_c-d+e '])('may be %s, in small letters', (text) => {
    expect(loginName(text)).toEqual({ ok: true, value: text.trim().toLowerCase() })
  })
  it.each(['', ' ', 'a b', '-a', 'ä', 'a\u0000', 'x'.repeat(101), '<script>'])('may not be "%s"', (text) => {
    expect(codeOf(loginName(text))).toBe('request.invalid')
  })
})

describe('tries to sign in', () => {
  const minute = 60_000_000n
  it('slide: each leaves the window by itself', () => {
    let now = 0n
    const tries = openTries({ now: () => now })
    for (; now < 10n * minute; now += minute) expect(tries.begin('192.0.2.1', 'ada').ok).toBe(true)
    expect(tries.begin('192.0.2.2', 'ada')).toMatchObject({ refusal: { retryAfter: 300 } })
    now = 15n * minute - 1n
    expect(tries.begin('192.0.2.1', 'ada')).toMatchObject({ refusal: { retryAfter: 1 } })
    now = 15n * minute
    expect(tries.begin('192.0.2.1', 'ada').ok).toBe(true)
    expect(tries.begin('192.0.2.1', 'ada').ok).toBe(false)
  })

  it('at other logins, from another network, are counted apart', () => {
    const tries = openTries({ now: () => 1n })
    for (let nth = 0; nth < 40; nth++) expect(tries.begin('2001:db8:0:1::7', `login-${nth}`).ok).toBe(true)
    expect(codeOf(tries.begin('2001:db8:0:1:ffff::9', 'ada'))).toBe('access.too_many_tries')
    expect(tries.begin('2001:db8:0:2::7', 'ada').ok).toBe(true)
  })

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    ['::ffff:192.0.2.1', '192.0.2.1'],
    ['2001:db8:0:1:2:3:4:5', '2001:db8:0:1::/64'],
    ['2001:0DB8::1', '2001:db8:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
  ])('from %s count for %s', (address, network) => {
    expect(networkOf(address)).toBe(network)
  })
})

describe('docs/access.md', () => {
  const page = readFileSync(join(root, 'docs', 'access.md'), 'utf8')
  const roles: readonly Role[] = ['person', 'buyer', 'steward']

  it('shows the table of permissions as it is in the code', () => {
    const rows = Object.entries(permissions).map(
      ([name, allowed]) =>
        `| \`${name}\` | ${roles.map((role) => ((allowed as readonly Role[]).includes(role) ? 'yes' : '')).join(' | ')} |`,
    )
    const shown = page.split('\n').filter((line) => /^\| `[a-z]+\.[a-z_]+` \|/.test(line))
    expect(shown.map((line) => line.replace(/ +/g, ' '))).toEqual(rows.map((line) => line.replace(/ +/g, ' ')))
  })

  it('says how long sessions live', () => {
    const words = (micros: bigint) => {
      const hours = micros / 3_600_000_000n
      return hours < 24n ? `${hours} hours` : `${hours / 24n} days`
    }
    for (const [role, { idle, most }] of Object.entries(lifetimes))
      expect(page).toMatch(new RegExp(`\\| ${role} \\| ${words(idle)} \\| ${words(most)} \\|`))
  })
})
