import { spawn } from 'node:child_process'
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import type { Mutation } from './list.ts'

const root = resolve(import.meta.dirname, '../..')

/** A copy of the tree in which sources may be spoiled; packages are those of the original. */
export async function copyOfTheTree() {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-mutations-'))
  const left = ['node_modules', '.git', 'dist', '.usufruct', '.demo']
  await cp(root, folder, { recursive: true, filter: (path) => path === root || !left.includes(basename(path)) })
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** How often each text to be found stands in its file: exactly once, or the list is out of date. */
export async function occurrences({ file, edits }: Mutation): Promise<readonly number[]> {
  const text = await readFile(join(root, 'src', file), 'utf8')
  return edits.map(({ find }) => text.split(find).length - 1)
}

/** Spoils one file while `work` runs, and puts it right again. */
export async function spoiled<T>(folder: string, mutation: Mutation, work: () => Promise<T>): Promise<T> {
  const path = join(folder, 'src', mutation.file)
  const whole = await readFile(path, 'utf8')
  // A function, because a text would have "$" replaced in it.
  await writeFile(
    path,
    mutation.edits.reduce((text, { find, replace }) => text.replace(find, () => replace), whole),
  )
  try {
    return await work()
  } finally {
    await writeFile(path, whole)
  }
}

/** Runs these tests of one file in the copy, always with the same random numbers; gives each title's state and, where it failed, why. */
export async function runTests(folder: string, test: string, titles: readonly string[]) {
  const report = join(folder, 'report.json')
  await rm(report, { force: true })
  const plain = titles.map((title) => title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  const args = ['run', '--configLoader', 'runner', '--reporter=json', `--outputFile=${report}`, `test/${test}`]
  const outer = Object.entries(process.env).filter(([name]) => !/^(VITEST|USUFRUCT_|NODE_OPTIONS|TEST$)/.test(name))
  const child = spawn(
    process.execPath,
    [join(root, 'node_modules/vitest/vitest.mjs'), ...args, '-t', plain.join('|')],
    {
      cwd: folder,
      stdio: 'ignore',
      env: { ...Object.fromEntries(outer), USUFRUCT_SEED: '1', USUFRUCT_HISTORIES: '40' },
    },
  )
  await new Promise((done) => child.on('exit', done))
  const text = await readFile(report, 'utf8').catch(() => '{"testResults":[]}')
  const { testResults } = JSON.parse(text) as {
    readonly testResults: readonly {
      readonly assertionResults: readonly {
        readonly title: string
        readonly status: string
        readonly failureMessages: readonly string[]
      }[]
    }[]
  }
  const found = testResults.flatMap((file) => file.assertionResults)
  return titles.map((title) => {
    const own = found.find((one) => one.title === title)
    return { title, status: own?.status ?? 'not run', why: own?.failureMessages[0]?.split('\n')[0] ?? '' }
  })
}
