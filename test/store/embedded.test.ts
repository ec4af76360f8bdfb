import { spawn } from 'node:child_process'
import { appendFile, chmod, lstat, mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { sha256 } from '../../src/base/hash.ts'
import { processExists, processState } from '../../src/store/embedded/process.ts'
import { type EmbeddedServer, openServer } from '../../src/store/embedded/server.ts'
import { openBooks } from '../../src/store/postgres/open.ts'
import { buildWorkshop, isRoot, newHome, ordinary, removeHomes, startChild, type Workshop } from './embedded-world.ts'

let workshop: Workshop
beforeAll(async () => {
  workshop = await buildWorkshop()
})
afterEach(removeHomes, 60_000)
afterAll(() => rm(workshop.folder, { recursive: true, force: true }))

const law = () => undefined
const buyersOf = async (home: string) => {
  const books = await openBooks({ home, law })
  try {
    expect((await books.check()).failures).toEqual([])
    return (await books.buyers()).map((buyer) => buyer.id)
  } finally {
    await books.close()
  }
}
const asked = async (connection: EmbeddedServer['connection'], text: string) => {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    return (await client.query(text)).rows[0]
  } finally {
    await client.end()
  }
}
const until = async (condition: () => boolean | Promise<boolean>) => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10))
}

describe('the embedded server', () => {
  it('starts in an empty home, listens on a closed socket alone, keeps what is committed, and stops', async () => {
    const home = await newHome()
    const server = await openServer(home)
    expect(server.adopted).toBe(false)
    expect(await asked(server.connection, 'show listen_addresses')).toEqual({ listen_addresses: '' })
    expect((await stat(server.connection.host)).mode & 0o777).toBe(0o700)
    expect(await asked(server.connection, 'show data_checksums')).toEqual({ data_checksums: 'on' })
    await asked(server.connection, 'create table kept as select 7 as n')
    await server.stop()
    expect(processExists(server.pid)).toBe(false)
    const again = await openServer(home)
    expect(await asked(again.connection, 'select n from kept')).toEqual({ n: 7 })
    await again.stop()
  })

  it('outlives a parent that is killed, with its data whole, and is adopted by the next', async () => {
    const home = await newHome()
    const child = startChild(workshop, { what: 'serve', home })
    const served = await child.told
    await asked(served.connection as EmbeddedServer['connection'], 'create table kept as select 7 as n')
    child.process.kill('SIGKILL')
    await child.ended
    const adopted = await openServer(home)
    expect(adopted).toMatchObject({ adopted: true, pid: served.pid, runsAs: served.runsAs })
    expect(await asked(adopted.connection, 'select n from kept')).toEqual({ n: 7 })
    await adopted.stop()
    expect(processExists(adopted.pid)).toBe(false)
  })

  it('is not reached by an interrupt of the terminal, which goes to the whole process group', async () => {
    const home = await newHome()
    const child = startChild(workshop, { what: 'serve', home })
    const served = await child.told
    process.kill(-(child.process.pid as number), 'SIGINT')
    await child.ended
    expect(await asked(served.connection as EmbeddedServer['connection'], 'select 1 as one')).toEqual({ one: 1 })
  })

  it('that was itself killed leaves a pid file behind, and starts again with what was committed', async () => {
    const home = await newHome()
    const first = await openServer(home)
    await asked(first.connection, 'create table kept as select 7 as n')
    process.kill(first.pid, 'SIGKILL')
    const second = await openServer(home)
    expect(second.adopted).toBe(false)
    expect(second.pid).not.toBe(first.pid)
    expect(await asked(second.connection, 'select n from kept')).toEqual({ n: 7 })
    await second.stop()
  })

  it('never deletes a pid file whose process exists: it waits, and then says which process it is', async () => {
    const home = await newHome()
    await (await openServer(home)).stop()
    const file = join(home, 'postgres', 'data', 'postmaster.pid')
    await writeFile(file, `${process.pid}\n`)
    await expect(openServer(home, { withinMs: 300 })).rejects.toMatchObject({
      code: 'store.start_failed',
      message: expect.stringContaining(`process ${process.pid}`),
    })
    expect(await readFile(file, 'utf8')).toBe(`${process.pid}\n`)
    await rm(file)
  })

  it.runIf(process.platform === 'linux')(
    'starts over the pid file of one that ended but whose parent never asks after it: a zombie',
    async () => {
      const home = await newHome()
      const first = await openServer(home)
      await asked(first.connection, 'create table kept as select 7 as n')
      process.kill(first.pid, 'SIGKILL')
      await until(() => !processExists(first.pid))
      // A shell that starts a process and becomes another program, which knows nothing of the child.
      const parent = spawn('/bin/sh', ['-c', 'sleep 0.1 & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      try {
        const zombie = Number(await new Promise((said) => parent.stdout.once('data', said)))
        await until(() => processState(zombie) === 'zombie')
        const file = join(home, 'postgres', 'data', 'postmaster.pid')
        await writeFile(file, (await readFile(file, 'utf8')).replace(/^\d+/, String(zombie)))
        const second = await openServer(home, { withinMs: 5_000 })
        expect(await asked(second.connection, 'select n from kept')).toEqual({ n: 7 })
        expect(processState(zombie)).toBe('zombie')
        await second.stop()
      } finally {
        parent.kill()
      }
    },
  )

  it('finds its libraries where the script that links them never ran', async () => {
    const link = join(workshop.native, 'lib', 'libpq.so.5')
    await expect(lstat(link)).rejects.toThrow()
    // The package is not the ordinary account's to write: the links are made beside the data.
    if (isRoot) {
      const child = startChild(
        workshop,
        { what: 'serve', home: await newHome(ordinary), server: { native: workshop.native } },
        ordinary,
      )
      expect(await child.told).toMatchObject({ adopted: false, runsAs: 'self' })
      child.process.stdin?.end()
      await child.ended
      await expect(lstat(link)).rejects.toThrow()
    }
    // Ours to write: they are made in the package.
    const server = await openServer(await newHome(), { native: workshop.native })
    expect((await lstat(link)).isSymbolicLink()).toBe(true)
    await server.stop()
  })

  it('works in a home whose path is longer than a socket path may be', async () => {
    const home = join(await newHome(), 'a'.repeat(120), 'b'.repeat(120))
    const server = await openServer(home)
    expect(Buffer.byteLength(join(server.connection.host, '.s.PGSQL.5432'))).toBeLessThanOrEqual(107)
    await server.stop()
  })

  it('works where the folder for temporary files has a long path', async () => {
    const long = join(await newHome(), 'c'.repeat(100))
    await mkdir(long)
    const child = startChild(workshop, { what: 'serve', home: await newHome() }, {}, { TMPDIR: long })
    const { connection } = await child.told
    expect(connection?.host.startsWith('/tmp/usufruct-')).toBe(true)
    child.process.stdin?.end()
    await child.ended
  })

  it('refuses a socket folder that somebody else prepared', async () => {
    const home = await newHome()
    const uid = process.getuid?.() ?? 0
    const name = sha256(`${uid}\n${await realpath(home)}`)
      .toString('hex')
      .slice(0, 16)
    const folder = join(tmpdir(), `usufruct-${uid}-${name}`)
    await mkdir(folder)
    await chmod(folder, 0o777)
    await expect(openServer(home)).rejects.toMatchObject({ code: 'store.socket_folder_unsafe' })
    await rm(folder, { recursive: true })
  })

  it('runs for an ordinary account in a closed folder', async () => {
    const child = startChild(
      workshop,
      { what: 'serve', home: await newHome(ordinary), server: { native: workshop.native } },
      ordinary,
    )
    expect(await child.told).toMatchObject({ adopted: false, runsAs: 'self' })
    child.process.stdin?.end()
    await child.ended
  })

  it('that cannot start says so with the last lines of its own log', async () => {
    const home = await newHome()
    await (await openServer(home)).stop()
    await appendFile(join(home, 'postgres', 'data', 'postgresql.conf'), '\nno_such_setting = 1\n')
    await expect(openServer(home)).rejects.toMatchObject({
      code: 'store.start_failed',
      message: expect.stringContaining('no_such_setting'),
    })
  })

  if (isRoot) {
    it('runs for root in a folder of mode 0700, and is adopted there after its parent was killed', async () => {
      const home = await newHome()
      const child = startChild(workshop, { what: 'serve', home })
      const served = await child.told
      child.process.kill('SIGKILL')
      await child.ended
      expect(served.runsAs).toBe('namespace')
      expect((await stat(join(home, 'postgres', 'data'))).uid).toBe(0)
      const adopted = await openServer(home)
      expect(adopted).toMatchObject({ adopted: true, pid: served.pid })
      await adopted.stop()
    })

    it('runs for root under an unprivileged account where there are no user namespaces, and goes on so', async () => {
      const home = await newHome()
      await chmod(home, 0o711)
      const server = await openServer(home, { namespaces: false })
      expect(server.runsAs).toBe('other')
      expect((await stat(join(home, 'postgres', 'data'))).uid).not.toBe(0)
      await server.stop()
      const again = await openServer(home)
      expect(again.runsAs).toBe('other')
      await again.stop()
    })

    it('names the folder that shuts the unprivileged account out, and the remedy', async () => {
      const outer = await newHome()
      const fault = await openServer(join(outer, 'home'), { namespaces: false }).catch((cause) => cause)
      expect(fault).toMatchObject({ code: 'store.folder_unreachable', message: expect.stringContaining(outer) })
      expect(fault.hint).toContain('0711')
      // Nothing was given away by the attempt: with a namespace it works.
      const server = await openServer(join(outer, 'home'))
      expect(server.runsAs).toBe('namespace')
      await server.stop()
    })

    it('of an ordinary account is run under that account by root, and never given to root', async () => {
      const home = await newHome(ordinary)
      const child = startChild(workshop, { what: 'serve', home, server: { native: workshop.native } }, ordinary)
      await child.told
      child.process.stdin?.end()
      await child.ended
      const server = await openServer(home, { native: workshop.native })
      expect(server.runsAs).toBe('other')
      expect((await stat(join(home, 'postgres', 'data', 'PG_VERSION'))).uid).toBe(65534)
      await server.stop()
    })
  }
})

describe('ownership of a home', () => {
  it('is one process at a time: the other waits as long as it is told to, then learns that the home is busy', async () => {
    const home = await newHome()
    const child = startChild(workshop, { what: 'hold', home, name: 'first' })
    await child.told
    await expect(openBooks({ home, law, waitMilliseconds: 200 })).rejects.toMatchObject({ code: 'home.busy' })
    child.process.stdin?.end()
    await child.ended
    expect(await buyersOf(home)).toEqual([])
  })

  it('ends with the process, even when that is killed', async () => {
    const home = await newHome()
    const child = startChild(workshop, { what: 'hold', home, name: 'first' })
    await child.told
    child.process.kill('SIGKILL')
    await child.ended
    expect(await buyersOf(home)).toEqual([])
  })

  it('stops the server when the last one closes', async () => {
    const home = await newHome()
    await buyersOf(home)
    await expect(stat(join(home, 'postgres', 'data', 'postmaster.pid'))).rejects.toThrow()
  })

  it('goes from one to the other without a loss while two processes open and close the same home in turn', async () => {
    const home = await newHome()
    const times = 12
    const children = ['one', 'two'].map((name) => startChild(workshop, { what: 'loop', home, name, times }))
    for (const child of children) expect(await child.told).toEqual({ done: times })
    for (const child of children) await child.ended
    const wanted = ['one', 'two'].flatMap((name) => Array.from({ length: times }, (_, turn) => `${name}-${turn}`))
    expect(await buyersOf(home)).toEqual(wanted.sort())
  }, 60_000)

  it('lost with the connection is noticed: the books refuse to go on', async () => {
    const home = await newHome()
    const books = await openBooks({ home, law })
    const server = await openServer(home)
    expect(server.adopted).toBe(true)
    process.kill(server.pid, 'SIGQUIT')
    await until(() => !processExists(server.pid))
    await expect(books.buyers()).rejects.toMatchObject({ code: 'store.failed' })
    await books.close()
    expect(await buyersOf(home)).toEqual([])
  })

  it('is refused by a server that does not write what is committed to the disk', async () => {
    const home = await newHome()
    const conf = join(home, 'postgres', 'data', 'postgresql.conf')
    await buyersOf(home)
    const whole = await readFile(conf, 'utf8')
    for (const setting of ['fsync', 'full_page_writes', 'synchronous_commit']) {
      await writeFile(conf, `${whole}\n${setting} = off\n`)
      await expect(openBooks({ home, law }), setting).rejects.toMatchObject({
        code: 'store.not_durable',
        message: expect.stringContaining(setting),
      })
    }
    await writeFile(conf, whole)
    expect(await buyersOf(home)).toEqual([])
  })
})
