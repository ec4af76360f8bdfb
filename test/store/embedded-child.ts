import type { ServerOptions } from '../../src/store/embedded/server.ts'
import { openServer } from '../../src/store/embedded/server.ts'
import { openBooks } from '../../src/store/postgres/open.ts'

/**
 * A process of its own for the tests of the embedded server: does one thing with a home and tells it as a line of JSON. "serve" and "hold" go on until
 * standard input ends, or until they are killed.
 */
interface Task {
  readonly what: 'serve' | 'hold' | 'loop'
  readonly home: string
  readonly name: string
  readonly times?: number
  readonly server?: ServerOptions
}

const task = JSON.parse(process.argv[2] ?? '') as Task
const tell = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`)
const inputEnds = (): Promise<void> =>
  new Promise((done) => {
    process.stdin.resume().on('end', done)
  })
const books = () => openBooks({ home: task.home, law: () => undefined, waitMilliseconds: 60_000, server: task.server })

try {
  if (task.what === 'serve') {
    const server = await openServer(task.home, task.server)
    tell({ ...server, uid: process.getuid?.() })
    await inputEnds()
    await server.stop()
  } else if (task.what === 'hold') {
    const held = await books()
    tell({ held: true })
    await inputEnds()
    await held.close()
  } else {
    for (let turn = 0; turn < (task.times ?? 1); turn++) {
      const own = await books()
      await own.addBuyer({ id: `${task.name}-${turn}`, name: `${task.name} ${turn}` }, 0n)
      await own.close()
    }
    tell({ done: task.times })
  }
} catch (cause) {
  tell({ fault: (cause as { code?: string }).code, message: String(cause) })
  process.exitCode = 1
}
