import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ensureBuilt, root } from '../../scripts/ready.js'
import { expectAccepted } from '../../src/base/refusal.ts'
import { initHouse } from '../../src/main.ts'
import { runChild } from '../suite/doors/real-home.ts'

let folder: string
let home: string
const started: ChildProcess[] = []

beforeAll(async () => {
  ensureBuilt()
  folder = await mkdtemp(join(tmpdir(), 'usufruct-served-'))
  home = join(folder, 'home')
  expectAccepted(await initHouse(home, { name: 'Served', currency: 'EUR', answerGridMilliseconds: 0 }))
})
afterAll(async () => {
  for (const child of started) child.kill('SIGTERM')
  await Promise.all(started.map(ended))
  await rm(folder, { recursive: true, force: true })
})

const run = (...argv: string[]) => runChild(folder, { USUFRUCT_HOME: home })(argv)
const ended = (child: ChildProcess): Promise<unknown> =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve()
    : new Promise((done) => child.once('exit', done))

/** Starts a server and waits for the one line it writes. */
const serve = (): Promise<{ child: ChildProcess; url: string; pid: number }> =>
  new Promise((done, fail) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'usufruct.js'), 'serve', '--port', '0', '--json'], {
      cwd: folder,
      env: { ...process.env, USUFRUCT_HOME: home },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    started.push(child)
    child.stdout?.once('data', (line) => done({ child, ...JSON.parse(String(line)) }))
    child.once('exit', (code) => fail(new Error(`serve ended with ${code}`)))
  })

it('commands on a served home are carried out by its server, and its death gives the home back', async () => {
  const first = await serve()
  expect(await (await fetch(`${first.url}/healthz`)).json()).toEqual({ ok: true })

  // Carried out over there: this process neither waits for the home nor opens it, and the file name is read against our folder.
  const [added, listed] = [
    await run('buyer', 'add', 'oats', '--name', 'Oat é€😀', '--json'),
    await run('buyer', 'list', '--json'),
  ]
  expect(added.exit).toBe(0)
  expect(JSON.parse(listed.out).buyers).toMatchObject([{ id: 'oats', name: 'Oat é€😀' }])
  expect(await run('buyer', 'add', 'oats', '--name', 'x')).toMatchObject({
    exit: 1,
    err: expect.stringContaining('buyer.exists'),
  })
  expect(await run('buyer', 'add')).toMatchObject({ exit: 2 })
  expect(await run('contract', 'plan', 'nothing.yaml')).toMatchObject({
    exit: 1,
    err: expect.stringContaining('ENOENT'),
  })

  const second = await run('serve', '--port', '0', '--json')
  expect([second.exit, JSON.parse(second.out).fault.code]).toEqual([3, 'home.busy'])

  first.child.removeAllListeners('exit')
  first.child.kill('SIGKILL')
  await ended(first.child)
  const after = await run('buyer', 'list', '--json')
  expect([after.exit, after.err]).toEqual([0, ''])
  expect(JSON.parse(after.out).buyers).toHaveLength(1)

  const third = await serve()
  expect(await run('status')).toMatchObject({ exit: 0, out: expect.stringContaining('Served') })
  third.child.removeAllListeners('exit')
  third.child.kill('SIGTERM')
  await ended(third.child)
  expect(third.child.exitCode).toBe(0)
}, 180_000)

it('two commands at once on a home that nobody serves are both done', async () => {
  const both = await Promise.all([1, 2].map((n) => run('buyer', 'add', `mill-${n}`, '--name', `Mill ${n}`)))
  expect(both.map(({ exit, err }) => [exit, err])).toEqual([
    [0, ''],
    [0, ''],
  ])
  expect(JSON.parse((await run('buyer', 'list', '--json')).out).buyers).toHaveLength(3)
}, 120_000)

it('a port that is taken is a fault with a remedy, and the home is free again', async () => {
  const other = createServer()
  await new Promise<void>((done) => other.listen(0, '127.0.0.1', done))
  const { port } = other.address() as { port: number }
  const taken = await run('serve', '--port', `${port}`)
  expect(taken).toMatchObject({ exit: 3, out: '', err: expect.stringContaining('--port 0 takes any free one') })
  expect(taken.err).toContain('fault server.port_taken')
  await new Promise((done) => other.close(done))
  expect(await run('status')).toMatchObject({ exit: 0 })
}, 120_000)
