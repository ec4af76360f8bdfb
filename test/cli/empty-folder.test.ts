import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ensureBuilt } from '../../scripts/ready.js'
import { openHouse } from '../../src/main.ts'
import { systemClock } from '../../src/system.ts'
import { runHere } from '../suite/doors/doors.ts'
import { runChild } from '../suite/doors/real-home.ts'
import { commandsOf } from './commands.ts'

let folder: string
beforeAll(async () => {
  ensureBuilt()
  folder = await mkdtemp(join(tmpdir(), 'usufruct-empty-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const child = (argv: readonly string[], stdin?: string) => runChild(folder, { USUFRUCT_HOME: '' })(argv, stdin)
/** The same program in this process: a child takes a second. */
const run = (argv: readonly string[]) => {
  const home = join(folder, '.usufruct')
  return runHere(folder, home, systemClock, () => openHouse(home))(argv)
}

describe('in an empty folder', () => {
  it('every command but init and demo refuses in words and creates nothing', async () => {
    const lines = commandsOf()
      .filter(({ name }) => name !== 'init' && name !== 'demo')
      .map(({ example }) => example)
    expect(lines.length).toBeGreaterThan(30)
    for (const argv of lines) {
      const { exit, out, err } = await run([...argv, '--json'])
      expect(exit, `${argv.join(' ')}\n${err}`).toBe(1)
      expect(JSON.parse(out), argv.join(' ')).toHaveProperty('refused')
      expect(err).toMatch(/^refused (home\.missing|request\.invalid)/)
    }
    expect(await child(['status'])).toMatchObject({ exit: 1, out: '' })
    expect(await child(['contract'])).toMatchObject({ exit: 2, out: '' })
    expect(await readdir(folder)).toEqual([])
  })

  it.each([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['half a command', ['contract']],
    ['a missing argument', ['load']],
    ['a missing option', ['quote', 'visits', 'SELECT 1']],
    ['an unknown option', ['status', '--exact']],
    ['a port that is none', ['serve', '--port', 'abc']],
    ['a port beyond any', ['serve', '--port', '70000']],
    ['days that are none', ['period', 'open', '--days', 'soon']],
    ['a role that is none', ['key', 'create', 'king']],
    ['a source that is none', ['load', 'visits', '--from', 'visits']],
    ['a limit that is none', ['person', 'limits', 'p', '--class', 'huge']],
    ['members that are none', ['demo', '--once', '--members', 'many']],
    ['an index that is none', ['log', 'show', '--from', '-1']],
  ])('%s is wrong use: exit code 2, one object, nothing created', async (_, argv) => {
    const { exit, out, err } = await run([...argv, '--json'])
    expect(exit, err).toBe(2)
    expect(out.split('\n')).toHaveLength(2)
    expect(JSON.parse(out)).toHaveProperty('usage.message')
    expect(err).not.toBe('')
    expect(await readdir(folder)).toEqual([])
  })

  it('arguments and input that are not UTF-8 are told so', async () => {
    expect(await child(['status', '--home='])).toMatchObject({ exit: 2 })
    expect(await child(['product', 'show', 'caf\uFFFD'])).toMatchObject({
      exit: 2,
      err: expect.stringContaining('UTF-8'),
    })
    const { exit, err } = await child(
      ['quote', 'visits', '-', '--buyer', 'b'],
      Buffer.from([0x53, 0xff, 0xfe]) as never,
    )
    expect([exit, err]).toEqual([1, expect.stringContaining('not UTF-8')])
  })

  it('init refuses what is no name, no currency, no origin, and a folder that holds something', async () => {
    const house = ['init', '--name', 'A', '--currency', 'EUR']
    for (const argv of [
      ['init', '--name', ' ', '--currency', 'EUR'],
      ['init', '--name', 'A', '--currency', 'euro'],
      [...house, '--origin', 'a b'],
    ])
      expect(await run([...argv, '--json'])).toMatchObject({ exit: 1, out: expect.stringContaining('request.invalid') })
    expect(await readdir(folder)).toEqual([])
    await mkdir(join(folder, '.usufruct'))
    await writeFile(join(folder, '.usufruct', 'mine.txt'), 'mine')
    expect(await run([...house, '--json'])).toMatchObject({ exit: 1, out: expect.stringContaining('home.exists') })
    expect(await readdir(join(folder, '.usufruct'))).toEqual(['mine.txt'])
    await rm(join(folder, '.usufruct'), { recursive: true })
  })
})
