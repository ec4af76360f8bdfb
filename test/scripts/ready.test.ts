import { spawn, spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { countTests } from '../../scripts/count.js'
import { withLock } from '../../scripts/lock.js'
import { NotReady } from '../../scripts/not-ready.js'
import { ensureBuilt, ensureInstalled, isBuilt, isInstalled, requireNode, root } from '../../scripts/ready.js'

let clone: string
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'usufruct-clone-'))
  write('package.json', JSON.stringify({ type: 'module', engines: { node: '>=20.19.0' } }))
  write('package-lock.json', lockFile('1.0.0'))
  write('tsconfig.json', JSON.stringify({ compilerOptions: tsOptions, include: ['src'] }))
  write(
    'src/cli/main.ts',
    `import { answer } from '../base/answer.ts'\nif (answer !== 42) throw new TypeError('not whole')\n`,
  )
  write('src/base/answer.ts', 'export const answer: number = 42\n')
  write('src/base/words.json', '{}\n')
})
afterEach(() => rmSync(clone, { recursive: true, force: true }))

const tsOptions = {
  target: 'es2023',
  module: 'nodenext',
  lib: ['es2023'],
  types: [],
  rootDir: 'src',
  strict: true,
  allowImportingTsExtensions: true,
  rewriteRelativeImportExtensions: true,
}

/** The file `path` of the clone. */
function write(path: string, text: string): void {
  mkdirSync(join(clone, path, '..'), { recursive: true })
  writeFileSync(join(clone, path), text)
}
const read = (path: string) => readFileSync(join(clone, path), 'utf8')

function lockFile(version: string): string {
  const packages = {
    '': {},
    'node_modules/needed': { version },
    'node_modules/other-platform': { version, optional: true },
  }
  return JSON.stringify({ lockfileVersion: 3, packages })
}

/** What `npm ci` leaves behind. */
function installByHand(version: string): void {
  write('node_modules/needed/package.json', JSON.stringify({ version }))
  write('node_modules/.package-lock.json', JSON.stringify({ packages: { 'node_modules/needed': { version } } }))
}

/** An npm that writes down how it was called and leaves the same behind, or fails. */
function pretendNpm(status = 0): void {
  write(
    'npm-cli.js',
    `import { mkdirSync, writeFileSync, appendFileSync } from 'node:fs'
    appendFileSync('calls', process.argv.slice(2).join(' ') + '\\n')
    mkdirSync('node_modules/needed', { recursive: true })
    writeFileSync('node_modules/needed/package.json', '{}')
    process.exit(${status})`,
  )
}

/** Runs one of the functions in a process of its own, as a script would. */
const script = (name: string) =>
  `import { ${name} } from ${JSON.stringify(pathToFileURL(join(root, 'scripts/ready.js')).href)}
  import { orExplain } from ${JSON.stringify(pathToFileURL(join(root, 'scripts/not-ready.js')).href)}
  await orExplain(() => ${name}(${JSON.stringify(clone)}))`
const withNpm = () => ({ ...process.env, npm_execpath: join(clone, 'npm-cli.js') })
const run = (name: string) =>
  spawnSync(process.execPath, ['--input-type=module', '-e', script(name)], { encoding: 'utf8', env: withNpm() })
const usePackages = () => symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'))

describe('packages', () => {
  it('are installed once, with the development packages, and again when the lock file changes', () => {
    pretendNpm()
    expect(run('ensureInstalled').status).toBe(0)
    expect(run('ensureInstalled').stderr).toBe('')
    expect(read('calls')).toBe('ci --include=dev --no-audit --no-fund\n')
    write('package-lock.json', lockFile('2.0.0'))
    expect(isInstalled(clone)).toBe(false)
    expect(run('ensureInstalled').stderr).toContain('installing packages')
    expect(read('calls').split('\n')).toHaveLength(3)
    expect(readdirSync(clone)).not.toContain('.install.tmp')
  })

  it('that somebody installed by hand are taken as they are, optional ones of other platforms missing', () => {
    installByHand('1.0.0')
    expect(isInstalled(clone)).toBe(true)
    expect(() => ensureInstalled(clone)).not.toThrow()
  })

  it('are not taken when their versions are others, or their folders are gone', () => {
    installByHand('0.9.0')
    expect(isInstalled(clone)).toBe(false)
    installByHand('1.0.0')
    rmSync(join(clone, 'node_modules/needed'), { recursive: true })
    expect(isInstalled(clone)).toBe(false)
  })

  it('that cannot be installed are explained with a remedy, not a trace, and leave no stamp', () => {
    pretendNpm(7)
    const { status, stderr, stdout } = run('ensureInstalled')
    expect([status, stdout]).toEqual([1, ''])
    expect(stderr).toContain('npm ended with 7')
    expect(stderr).toContain('registry can be reached')
    expect(stderr).not.toContain('    at ')
    expect(isInstalled(clone)).toBe(false)
  })

  it('are installed by one of two processes that start at once', async () => {
    pretendNpm()
    const both = [1, 2].map(() =>
      spawn(process.execPath, ['--input-type=module', '-e', script('ensureInstalled')], { env: withNpm() }),
    )
    expect(await Promise.all(both.map(exitOf))).toEqual([0, 0])
    expect(read('calls')).toBe('ci --include=dev --no-audit --no-fund\n')
  })

  it('are installed although a process died while it held the lock', () => {
    pretendNpm()
    const gone = spawnSync(process.execPath, ['-e', '']).pid
    write('.install.tmp', `${gone}`)
    expect(run('ensureInstalled').status).toBe(0)
  })
})

describe('dist/', () => {
  it('is built when it is missing, with what is not TypeScript beside it, and then left alone', () => {
    usePackages()
    expect(isBuilt(clone)).toBe(false)
    ensureBuilt(clone)
    expect(read('dist/cli/main.js')).toContain('../base/answer.js')
    expect(existsSync(join(clone, 'dist/base/words.json'))).toBe(true)
    expect(isBuilt(clone)).toBe(true)
    write('dist/mark', 'still there')
    ensureBuilt(clone)
    expect(read('dist/mark')).toBe('still there')
  })

  it('is stale when anything that it was made from changes, appears or goes, and is then built anew from nothing', () => {
    usePackages()
    ensureBuilt(clone)
    for (const path of ['src/base/answer.ts', 'src/base/words.json', 'package.json', 'tsconfig.json']) {
      const before = read(path)
      write(path, `${before} `)
      expect(isBuilt(clone), path).toBe(false)
      write(path, before)
    }
    expect(isBuilt(clone)).toBe(true)
    write('src/base/more.ts', 'export const more = 1\n')
    expect(isBuilt(clone)).toBe(false)
    rmSync(join(clone, 'src/base/more.ts'))
    rmSync(join(clone, 'src/base/words.json'))
    expect(isBuilt(clone)).toBe(false)
    write('dist/old.js', '')
    ensureBuilt(clone)
    expect(isBuilt(clone)).toBe(true)
    expect(readdirSync(join(clone, 'dist'))).not.toContain('old.js')
    expect(readdirSync(clone).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('stays as it was when the sources do not compile', () => {
    usePackages()
    ensureBuilt(clone)
    write('src/base/answer.ts', `export const answer: number = 'text'\n`)
    const { status, stderr } = run('ensureBuilt')
    expect(status).toBe(1)
    expect(stderr).toContain('answer.ts')
    expect(stderr).toContain('do not compile')
    expect(read('dist/base/answer.js')).toContain('42')
    expect(readdirSync(clone).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('is whole when two processes build at once', async () => {
    usePackages()
    const both = [1, 2].map(() => spawn(process.execPath, ['--input-type=module', '-e', script('ensureBuilt')]))
    expect(await Promise.all(both.map(exitOf))).toEqual([0, 0])
    expect(isBuilt(clone)).toBe(true)
    expect(spawnSync(process.execPath, [join(clone, 'dist/cli/main.js')]).status).toBe(0)
  })

  it('is asked for with a remedy when the packages are missing', () => {
    const { status, stderr } = run('ensureBuilt')
    expect(status).toBe(1)
    expect(stderr).toContain('npm ci')
  })

  it('needs no sources where the package was installed without them', () => {
    rmSync(join(clone, 'src'), { recursive: true })
    expect(() => ensureBuilt(clone)).not.toThrow()
  })
})

describe('a folder that cannot be written', () => {
  it('is named, with a remedy', () => {
    write('file', '')
    const attempt = () => withLock(join(clone, 'file', '.build.tmp'), 'busy', () => undefined)
    expect(attempt).toThrow(NotReady)
    expect(attempt).toThrow(`The folder ${join(clone, 'file')} cannot be written (ENOTDIR).`)
  })
})

describe('Node', () => {
  it.each(['20.18.3', '18.20.0', '9.0.0'])('%s is too old, and the message says what is needed', (version) => {
    expect(() => requireNode(clone, version)).toThrow(/too old: 20\.19 or newer/)
  })
  it.each(['20.19.0', '22.0.0', '100.0.0'])('%s is new enough', (version) => {
    expect(() => requireNode(clone, version)).not.toThrow()
  })
})

describe('the count of tests', () => {
  const file = (status: string, ...results: string[]) => ({
    status,
    assertionResults: results.map((result) => ({ status: result })),
  })
  it('adds up files', () => {
    const report = { testResults: [file('passed', 'passed', 'passed'), file('failed', 'passed', 'failed')] }
    expect(countTests(report, 1)).toEqual({ passed: 3, failed: 1 })
  })
  it('counts a file that could not be read as a failure', () => {
    expect(countTests({ testResults: [file('passed', 'passed'), file('failed')] }, 1)).toEqual({ passed: 1, failed: 1 })
  })
  it('never says that all is well when the run ended badly', () => {
    expect(countTests({ testResults: [file('passed', 'passed')] }, 1)).toEqual({ passed: 1, failed: 1 })
    expect(countTests(undefined, null)).toEqual({ passed: 0, failed: 1 })
  })
})

const exitOf = (child: ReturnType<typeof spawn>) => new Promise((done) => child.on('exit', done))
