import { lstat, mkdir, readlink, rm, symlink } from 'node:fs/promises'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Fault } from '../base/fault.ts'
import { sha256 } from '../base/hash.ts'

/**
 * A home that is being served is owned by its server; a command typed meanwhile is carried out there, through a socket inside the home, whose
 * folder only the owner of the home can enter. One request line {argv, cwd, json, stdin}, then lines {out} or {err}, then {exit}.
 */
export interface RemoteRequest {
  readonly argv: readonly string[]
  readonly cwd: string
  readonly json: boolean
  readonly stdin: string | undefined
}

type Answer = { readonly out: string } | { readonly err: string } | { readonly exit: number }

/** Carries the command out in the owner's process; undefined when nobody serves this home. */
export async function runRemotely(
  home: string,
  request: RemoteRequest,
  io: { readonly out: (text: string) => void; readonly err: (text: string) => void },
): Promise<number | undefined> {
  const socket = await dial(await socketPath(home))
  if (!socket) return undefined
  socket.write(`${JSON.stringify(request)}\n`)
  for await (const line of createInterface({ input: socket })) {
    const answer = JSON.parse(line) as Answer
    if ('out' in answer) io.out(answer.out)
    else if ('err' in answer) io.err(answer.err)
    else {
      socket.end()
      return answer.exit
    }
  }
  throw new Fault('home.server_gone', 'the server stopped while it carried the command out', {
    hint: 'a command is done whole or not at all; look with "usufruct status" and try again',
  })
}

/** Whether somebody serves this home. */
export async function isServed(home: string): Promise<boolean> {
  const socket = await dial(await socketPath(home))
  socket?.destroy()
  return socket !== undefined
}

/** Listens for commands. The caller owns the home already, so a socket that is left over belongs to nobody. */
export async function listenForCommands(
  home: string,
  run: (request: RemoteRequest, io: { out: (text: string) => void; err: (text: string) => void }) => Promise<number>,
): Promise<{ close(): Promise<void> }> {
  const path = await socketPath(home)
  await rm(join(home, 'run', 'commands'), { force: true })
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.on('close', () => open.delete(socket))
    socket.on('error', () => socket.destroy())
    const lines = createInterface({ input: socket })
    lines.once('line', async (line) => {
      const send = (answer: Answer) => socket.writable && socket.write(`${JSON.stringify(answer)}\n`)
      const request = readRequest(line)
      const exit =
        request === undefined ? 2 : await run(request, { out: (out) => send({ out }), err: (err) => send({ err }) })
      send({ exit })
      socket.end()
    })
  })
  await listen(server, path)
  return {
    close: async () => {
      for (const socket of open) socket.destroy()
      await new Promise<void>((done) => server.close(() => done()))
    },
  }
}

function readRequest(line: string): RemoteRequest | undefined {
  try {
    const request = JSON.parse(line) as RemoteRequest
    return Array.isArray(request.argv) &&
      request.argv.every((one) => typeof one === 'string') &&
      typeof request.cwd === 'string'
      ? request
      : undefined
  } catch {
    return undefined
  }
}

const listen = (server: Server, path: string): Promise<void> =>
  new Promise((done, fail) => {
    server.once('error', fail)
    server.listen(path, done)
  })

const dial = (path: string): Promise<Socket | undefined> =>
  new Promise((done) => {
    const socket = connect(path)
    socket.once('connect', () => done(socket))
    socket.once('error', () => done(undefined))
  })

/** A socket address holds at most 107 bytes: from a longer home it is reached through a short link in a folder of our own. */
async function socketPath(home: string): Promise<string> {
  const run = join(home, 'run')
  await mkdir(run, { recursive: true, mode: 0o700 }).catch(() => undefined)
  const direct = join(run, 'commands')
  if (Buffer.byteLength(direct) <= 100) return direct
  const uid = process.getuid?.() ?? 0
  const folder = join(tmpdir(), `usufruct-${uid}-${sha256(home).toString('hex').slice(0, 12)}`)
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined)
  const { uid: owner, mode } = await lstat(folder)
  if (owner !== uid || (mode & 0o077) !== 0)
    throw new Fault('home.link_taken', `${folder} belongs to somebody else`, {
      hint: 'remove it, or set TMPDIR to a folder of your own',
    })
  const link = join(folder, 'run')
  if ((await readlink(link).catch(() => undefined)) !== run) {
    await rm(link, { force: true })
    await symlink(run, link)
  }
  return join(link, 'commands')
}
