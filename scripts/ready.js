// @ts-check
/**
 * Makes a clone ready to run: packages as package-lock.json names them, dist/ as src/ says. Everything told goes to stderr.
 *
 * Nothing here needs a package, and nothing here uses what Node 18 could not read, so that an older Node gets a sentence, not a syntax error.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { withLock } from './lock.js'
import { NotReady } from './not-ready.js'

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/** Packages present and as package-lock.json says, else installs them (needs the network). Throws NotReady. */
export function ensureInstalled(folder = root) {
  requireNode(folder)
  if (isInstalled(folder)) return
  withLock(join(folder, '.install.tmp'), 'another process installs the packages', () => {
    if (!isInstalled(folder)) install(folder)
  })
}

/** dist/ made from the present src/, else builds it. A package that came without src/ is built already. Throws NotReady. */
export function ensureBuilt(folder = root) {
  requireNode(folder)
  if (!existsSync(join(folder, 'src')) || isBuilt(folder)) return
  withLock(join(folder, '.build.tmp'), 'another process builds dist/', () => {
    if (!isBuilt(folder)) build(folder)
  })
}

/** Throws NotReady when this Node is older than package.json's "engines" asks for. */
export function requireNode(folder = root, version = process.versions.node) {
  const wanted = /(\d+)\.(\d+)/.exec(readJson(join(folder, 'package.json')).engines.node) ?? ['', '0', '0']
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > Number(wanted[1]) || (major === Number(wanted[1]) && minor >= Number(wanted[2]))) return
  throw new NotReady(
    `Node ${version} is too old: ${wanted[0]} or newer is needed.`,
    'Install a current Node from https://nodejs.org and run the same command again.',
  )
}

// ── packages ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** True when the stamp that the last install left names this lock file, or npm's own record says the same. */
export function isInstalled(folder = root) {
  const wanted = lockStamp(folder)
  const stamp = join(folder, 'node_modules', '.usufruct-lock')
  if (readText(stamp) === wanted) return true
  if (!npmInstalledAll(folder)) return false
  try {
    writeFileSync(stamp, wanted)
  } catch {
    // A folder that may only be read is as good: it is looked at again the next time.
  }
  return true
}

/** Native parts differ by platform, so a node_modules that was copied over from another one is not fresh. @param {string} folder */
function lockStamp(folder) {
  const lock = readFileSync(join(folder, 'package-lock.json'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform}-${process.arch}\n`
}

/** Whether somebody ran `npm ci` by hand: node_modules/.package-lock.json is what npm says it has put there. @param {string} folder */
function npmInstalledAll(folder) {
  const record = readText(join(folder, 'node_modules', '.package-lock.json'))
  if (record === undefined) return false
  const present = JSON.parse(record).packages
  const wanted = readJson(join(folder, 'package-lock.json')).packages
  return Object.keys(wanted).every((path) => {
    if (path === '') return true
    if (present[path]?.version !== wanted[path].version) return wanted[path].optional === true && !present[path]
    return existsSync(join(folder, path, 'package.json')) || wanted[path].optional === true
  })
}

/** @param {string} folder */
function install(folder) {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund']
  say(`installing packages: npm ${args.join(' ')}`)
  const { status, error } = runNpm(folder, args)
  if (error || status !== 0)
    throw new NotReady(
      error ? `npm could not be started: ${error.message}.` : `npm ended with ${status}; its own words stand above.`,
      'Check that npm 10 or newer is installed, that the package registry can be reached and that the disk has room; then run the same command again.',
      error,
    )
  writeFileSync(join(folder, 'node_modules', '.usufruct-lock'), lockStamp(folder))
}

/** The npm that runs this script, if one does; else the one on the path. @param {string} folder @param {string[]} args */
function runNpm(folder, args) {
  /** @type {import('node:child_process').SpawnSyncOptions} stdout is left to the program: npm talks on stderr. */
  const options = { cwd: folder, stdio: ['ignore', 2, 2] }
  const running = process.env.npm_execpath ?? ''
  if (/^npm-cli\.c?js$/.test(basename(running))) return spawnSync(process.execPath, [running, ...args], options)
  const windows = process.platform === 'win32'
  return spawnSync(windows ? 'npm.cmd' : 'npm', args, { ...options, shell: windows })
}

// ── dist/ ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** True when dist/ was made from exactly these sources. */
export function isBuilt(folder = root) {
  return readText(join(folder, 'dist', '.stamp')) === sourceStamp(folder)
}

/** @param {string} folder */
const sourceStamp = (folder) =>
  stampOf(folder, ['package.json', 'tsconfig.json', ...filesBelow(folder, 'src').filter((path) => !isWeb(path))])

/** What a browser runs is built apart. @param {string} path */
const isWeb = (path) => path.startsWith('src/web/') || path.startsWith('src/embed/')

/** @param {string} folder @param {readonly string[]} paths */
function stampOf(folder, paths) {
  const hash = createHash('sha256')
  for (const path of paths) {
    const content = readFileSync(join(folder, path))
    hash.update(`${path}\n${content.length}\n`).update(content)
  }
  return `${hash.digest('hex')}\n`
}

/** Into a temporary folder, then renamed: a dist/ that can be seen is whole. @param {string} folder */
function build(folder) {
  const compiler = join(folder, 'node_modules', 'typescript', 'bin', 'tsc')
  if (!existsSync(compiler)) throw new NotReady('The packages are not installed.', 'Run "npm ci" in the clone first.')
  say('building dist/')
  for (const name of readdirSync(folder)) if (/^dist\..*\.tmp$/.test(name)) remove(join(folder, name))
  const made = join(folder, `dist.${process.pid}.tmp`)
  const { status } = spawnSync(
    process.execPath,
    [compiler, '-p', 'tsconfig.json', '--outDir', made, ...withoutTypes(folder)],
    { cwd: folder, stdio: ['ignore', 2, 2] },
  )
  if (status !== 0) {
    remove(made)
    throw new NotReady('The sources do not compile.', 'The compiler says above where. An untouched clone compiles.')
  }
  for (const path of filesBelow(folder, 'src'))
    if (!/\.[cm]?tsx?$/.test(path) && !isWeb(path)) copyAsset(folder, path, made)
  writeFileSync(join(made, '.stamp'), sourceStamp(folder))
  const dist = join(folder, 'dist')
  const old = join(folder, `dist.old-${process.pid}.tmp`)
  if (existsSync(dist)) renameSync(dist, old)
  renameSync(made, dist)
  remove(old)
}

// ── dist-web/ ──────────────────────────────────────────────────────────────────────────────────────────────────────

/**
 * dist-web/ made from what a browser runs, and what that imports. Without development packages ("npm ci --omit=dev") it cannot be built: the
 * server then has its API alone. Throws NotReady.
 */
export function ensureWeb(folder = root) {
  if (!existsSync(join(folder, 'src', 'web')) || isWebBuilt(folder)) return
  if (!existsSync(join(folder, 'node_modules', 'vite', 'package.json'))) return
  withLock(join(folder, '.web.tmp'), 'another process builds the portals', () => {
    if (!isWebBuilt(folder)) buildWeb(folder)
  })
}

/** @param {string} folder */
const isWebBuilt = (folder) => readText(join(folder, 'dist-web', '.stamp')) === webStamp(folder)

/** The portals import pure modules of other rooms, so all of src/ counts. @param {string} folder */
const webStamp = (folder) =>
  stampOf(folder, ['package-lock.json', 'tsconfig.web.json', 'scripts/build-web.js', ...filesBelow(folder, 'src')])

/** @param {string} folder */
function buildWeb(folder) {
  say('building the portals')
  const made = join(folder, `dist-web.${process.pid}.tmp`)
  const { status } = spawnSync(process.execPath, [join(folder, 'scripts', 'build-web.js'), made], {
    cwd: folder,
    stdio: ['ignore', 2, 2],
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (status !== 0) {
    remove(made)
    throw new NotReady('The portals do not build.', 'The builder says above where. An untouched clone builds.')
  }
  writeFileSync(join(made, '.stamp'), webStamp(folder))
  const old = join(folder, `dist-web.old-${process.pid}.tmp`)
  const place = join(folder, 'dist-web')
  if (existsSync(place)) renameSync(place, old)
  renameSync(made, place)
  remove(old)
}

/** Without development packages ("npm ci --omit=dev") types cannot be checked, and the sources compile all the same. @param {string} folder */
const withoutTypes = (folder) =>
  existsSync(join(folder, 'node_modules', '@types', 'node')) ? [] : ['--noCheck', '--types', '']

/** @param {string} folder @param {string} path @param {string} made */
function copyAsset(folder, path, made) {
  const target = join(made, path.slice('src/'.length))
  mkdirSync(dirname(target), { recursive: true })
  copyFileSync(join(folder, path), target)
}

// ── small things ───────────────────────────────────────────────────────────────────────────────────────────────────

/** Files below a folder, sorted, with forward slashes. @param {string} folder @param {string} path @returns {string[]} */
export function filesBelow(folder, path) {
  return readdirSync(join(folder, path))
    .sort()
    .flatMap((name) => {
      const inner = `${path}/${name}`
      return statSync(join(folder, inner)).isDirectory() ? filesBelow(folder, inner) : [inner]
    })
}

/** @param {string} path */
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))

/** @param {string} path */
function readText(path) {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** @param {string} path */
const remove = (path) => rmSync(path, { recursive: true, force: true })

/** @param {string} text */
const say = (text) => process.stderr.write(`usufruct: ${text}\n`)
