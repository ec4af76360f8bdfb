import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Context } from '../../src/cli/context.ts'
import { runProgram } from '../../src/cli/program.ts'
import { ask, cookieIn, enter, openPortal, ours, type Portal, signIn } from '../server/browser.ts'

let portal: Portal
beforeAll(async () => {
  portal = await openPortal()
})
afterAll(() => portal.close())
beforeEach(() => portal.house.advance(31n * 86_400_000_000n))

async function run(words: string, stdin?: string) {
  let out = ''
  let err = ''
  const context: Context = {
    cwd: '/',
    home: portal.house.folder,
    json: words.includes('--json'),
    clock: portal.house.world.clock,
    stdin,
    house: async () => portal.house,
    out: (text) => {
      out += text
    },
    err: (text) => {
      err += text
    },
  }
  const exit = await runProgram(words.split(' '), context)
  return { exit, out, err, json: () => JSON.parse(out) as Record<string, string> }
}
const status = async (cookie: string) => (await ask(portal.app, 'GET', '/v1/session', { cookie })).statusCode

describe('usufruct login', () => {
  it('makes a password that is shown once and signs in', async () => {
    const made = await run('login create Eve@Coop.example --role steward --json')
    expect(made.exit).toBe(0)
    const { login, password } = made.json()
    expect(login).toBe('eve@coop.example')
    expect((await signIn(portal.app, 'eve@coop.example', password as string)).statusCode).toBe(201)
    const listed = await run('login list --json')
    expect(listed.out).toContain('eve@coop.example')
    expect(listed.out).not.toContain(password)
    expect(listed.out).not.toContain('argon2')
  })

  it('takes a password from standard input, shows it to nobody, and none from the command line', async () => {
    const made = await run('login create fay --role buyer --subject beta --password -', 'words of fay to sign in\n')
    expect([made.exit, made.out + made.err]).toEqual([0, 'fay (buyer, beta) is made.\n'])
    expect((await signIn(portal.app, 'fay', 'words of fay to sign in')).json()).toMatchObject({ name: 'The beta' })
    const open = await run('login password fay --password words-on-the-line')
    expect(open).toMatchObject({ exit: 1, out: '' })
    expect(open.err).toContain('request.invalid')
    expect(open.err).not.toContain('words-on-the-line')
  })

  it('refuses what cannot be', async () => {
    const code = async (words: string, stdin?: string) => /refused ([\w.]+)/.exec((await run(words, stdin)).err)?.[1]
    expect(await code('login create gil --role person')).toBe('request.invalid')
    expect(await code('login create gil --role buyer')).toBe('request.invalid')
    expect(await code('login create gil --role steward --subject alpha')).toBe('request.invalid')
    expect(await code('login create gil --role buyer --subject nobody')).toBe('buyer.unknown')
    expect(await code('login create gil --role steward --password -', 'short')).toBe('login.password_weak')
    expect(await code('login create ada --role steward')).toBe('login.exists')
    expect(await code('login password nobody')).toBe('login.unknown')
    expect(await code('login disable nobody')).toBe('login.unknown')
    expect(await code('session revoke ses_nobody')).toBe('session.unknown')
    expect(await code('person link nobody')).toBe('person.unknown')
    const wrong = await run('person link p1 --url javascript:alert(1)')
    expect([wrong.exit, wrong.out]).toEqual([2, ''])
    expect(wrong.err).toContain('--url')
  })

  it('signs out everywhere with a new password, and when it is disabled', async () => {
    const first = (await run('login create hal --role steward --json')).json().password as string
    const before = cookieIn(await signIn(portal.app, 'hal', first))
    const second = (await run('login password hal --json')).json().password as string
    expect(await status(before)).toBe(401)
    expect((await signIn(portal.app, 'hal', first)).statusCode).toBe(401)
    const after = cookieIn(await signIn(portal.app, 'hal', second))
    expect((await run('login disable hal')).out).toBe('hal is disabled, and signed out everywhere.\n')
    expect(await status(after)).toBe(401)
    expect((await signIn(portal.app, 'hal', second)).statusCode).toBe(401)
  })
})

describe('usufruct person link and session', () => {
  it('print a link that signs in once, show the session, and end it', async () => {
    const { url } = (await run('person link p1 --url https://data.example/ --json')).json()
    const token = /^https:\/\/data\.example\/me\/enter#(upl_[\w-]{43})$/.exec(url as string)?.[1] as string
    const answer = await enter(portal.app, token, { 'user-agent': 'Browser\u0007 of p1' })
    const listed = await run('session list')
    const id = /ses_\w+/.exec(listed.out)?.[0] as string
    expect(listed.out).toMatch(/person {2}p1 .*Browser of p1/)
    expect(listed.out).not.toContain('uss_')
    expect((await run(`session revoke ${id}`)).out).toBe(`${id} has ended.\n`)
    expect(await status(cookieIn(answer))).toBe(401)
  })

  it('end everything of one person', async () => {
    const link = async () => /#(\S+)/.exec((await run('person link p1')).out)?.[1] as string
    const cookie = cookieIn(await enter(portal.app, await link()))
    const unused = await link()
    expect((await run('session revoke-person p1 --json')).json()).toEqual({ ended: 1, person: 'p1' })
    expect(await status(cookie)).toBe(401)
    expect((await enter(portal.app, unused)).statusCode).toBe(401)
    expect((await ask(portal.app, 'POST', '/v1/session/link/preview', ours, { token: unused })).statusCode).toBe(401)
  })
})
