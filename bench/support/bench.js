// @ts-check
/** What every benchmark shares: the built library, a temporary folder, timing in alternating order, results with the machine named. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

export const root = fileURLToPath(new URL('../..', import.meta.url))
const results = join(root, 'bench', 'results')

/** From this share of busy processors on, figures are called preliminary. */
export const busyFrom = 0.2

/** A module of dist/. @param {string} path @returns {Promise<any>} */
export const built = (path) => import(pathToFileURL(join(root, 'dist', path)).href)

/** Runs the work in a folder that is gone afterwards. @template T @param {(folder: string) => Promise<T>} work */
export async function inFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'usufruct-bench-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Milliseconds that it takes. @param {() => unknown} work */
export async function timed(work) {
  const started = process.hrtime.bigint()
  await work()
  return Number(process.hrtime.bigint() - started) / 1e6
}

/**
 * Times each of the works `repeats` times after `warmups` rounds that do not count. The order turns around each round, so that no work always comes
 * after the same other one. @param {Readonly<Record<string, () => unknown>>} works @param {{ warmups: number, repeats: number }} rounds
 * @returns {Promise<Record<string, number[]>>} milliseconds
 */
export async function alternate(works, { warmups, repeats }) {
  const names = Object.keys(works)
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < warmups + repeats; round++)
    for (const name of round % 2 === 0 ? names : [...names].reverse()) {
      const took = await timed(/** @type {() => unknown} */ (works[name]))
      if (round >= warmups) times[name]?.push(took)
    }
  return times
}

/** @param {readonly number[]} values @param {number} share nearest rank */
export function quantile(values, share) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN
}
/** @param {readonly number[]} values */
export const median = (values) => quantile(values, 0.5)

/** Rounded to so many significant digits. @param {number} value */
export const digits = (value, count = 3) => Number(value.toPrecision(count))

/** Before this process does anything: load averages, and the share of all processors that others keep busy (a second of looking; Linux only). */
const before = { loadAverage: loadavg().map((one) => digits(one)), busyShare: await busyShare() }

async function busyShare() {
  const read = () => {
    const [total] = readFileSync('/proc/stat', 'utf8').split('\n')
    const ticks = (total ?? '').trim().split(/\s+/).slice(1, 9).map(Number)
    const all = ticks.reduce((sum, one) => sum + one, 0)
    // The fourth and fifth are idle and waiting for the disk.
    return { all, busy: all - (ticks[3] ?? 0) - (ticks[4] ?? 0) }
  }
  if (!existsSync('/proc/stat')) return undefined
  const first = read()
  await new Promise((done) => setTimeout(done, 1000))
  const second = read()
  return digits((second.busy - first.busy) / (second.all - first.all), 2)
}

/** Writes bench/results/NAME.json. @param {string} name @param {Record<string, unknown>} measured */
export function saveResult(name, measured) {
  mkdirSync(results, { recursive: true })
  const result = { benchmark: name, machine: machine(), ...measured }
  writeFileSync(join(results, `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
  process.stdout.write(`${JSON.stringify(measured, undefined, 2)}\n→ bench/results/${name}.json\n`)
}

/** The newest result of a benchmark, undefined when it never ran. @param {string} name @returns {any} */
export function readResult(name) {
  const path = join(results, `${name}.json`)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

function machine() {
  const version = JSON.parse(
    readFileSync(join(root, 'node_modules', '@duckdb', 'node-api', 'package.json'), 'utf8'),
  ).version
  const [first] = cpus()
  return {
    processor: first?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: digits(totalmem() / 2 ** 30),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    duckdb: version,
    date: new Date().toISOString(),
    loadAverageBefore: before.loadAverage,
    busyShareBefore: before.busyShare,
  }
}

/** Grid units as decimal text. @param {bigint} units @param {number} scale */
export function decimal(units, scale) {
  const text = `${units < 0n ? -units : units}`.padStart(scale + 1, '0')
  return `${units < 0n ? '-' : ''}${scale === 0 ? text : `${text.slice(0, -scale)}.${text.slice(-scale)}`}`
}
