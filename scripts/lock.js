// @ts-check
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { NotReady } from './not-ready.js'

const pauseMs = 100
/** Nothing that is guarded takes this long: whoever holds a lock of that age is gone, even where its number is in use again. */
const staleAfterMs = 30 * 60_000

/**
 * Does the work while holding a lock file, waiting for whoever holds it; a lock whose process is gone is taken over.
 * Throws NotReady when the folder may not be written.
 * @param {string} path @param {string} busy what is said while waiting @param {() => void} work
 */
export function withLock(path, busy, work) {
  for (let waited = 0; !take(path); waited++) {
    if (waited === 0) process.stderr.write(`usufruct: ${busy}, waiting\n`)
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
  }
  try {
    work()
  } finally {
    rmSync(path, { force: true })
  }
}

/** @param {string} path */
function take(path) {
  try {
    writeFileSync(path, `${process.pid}`, { flag: 'wx' })
    return true
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error)
    if (code === 'EEXIST') return dropIfStale(path)
    throw new NotReady(
      `The folder ${dirname(path)} cannot be written (${code}).`,
      'Run the command once as an account that may write there, or copy the clone to a folder of your own.',
      error,
    )
  }
}

/** Two may find the same stale lock: the one who renames it looks again at what it got, and puts a living one back. @param {string} path */
function dropIfStale(path) {
  if (isHeld(path)) return false
  const aside = `${path.replace(/\.tmp$/, '')}.${process.pid}.tmp`
  try {
    renameSync(path, aside)
    if (isHeld(aside)) linkSync(aside, path)
  } catch {
    // Somebody else was quicker; the next round sees.
  }
  rmSync(aside, { force: true })
  return false
}

/** @param {string} path */
function isHeld(path) {
  try {
    const ageMs = Math.max(0, Date.now() - statSync(path).mtimeMs)
    const pid = Number(readFileSync(path, 'utf8'))
    // The holder writes its number right after making the file: an empty one is young, or was left by a crash.
    return pid === 0 ? ageMs < 2_000 : ageMs < staleAfterMs && isAlive(pid)
  } catch {
    return false
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'EPERM'
  }
}
