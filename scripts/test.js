// @ts-check
/**
 * npm test: packages, dist/, types, style, then every test. Arguments go to Vitest, e.g. `npm test -- test/money`.
 * `--long` (npm run test:long) adds the files *.long.test.ts and sets USUFRUCT_LONG=1, by which tests take larger counts.
 * The last line is `N passed, N failed`, counted from Vitest's own report, so that a machine can read it.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureChromium } from './chromium.js'
import { countTests } from './count.js'
import { orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, ensureWeb, root } from './ready.js'

const rest = process.argv.slice(2).filter((argument) => argument !== '--long')
const long = rest.length < process.argv.length - 2

let ready = false
await orExplain(() => {
  ensureInstalled()
  ensureBuilt()
  ensureWeb()
  ready = true
})

if (ready) ensureChromium()
const failures = ready ? check() : ['build']
const { passed, failed } = ready ? test() : { passed: 0, failed: 1 }
if (failures.length > 0) process.stdout.write(`\nnot in order: ${failures.join(', ')}\n`)
if (failures.length > 0 || failed > 0) process.exitCode = 1
process.stdout.write(`${passed} passed, ${failed} failed\n`)

/** Types and style; the names of those that fail. */
function check() {
  return [
    { name: 'types', tool: 'typescript/bin/tsc', args: ['--noEmit', '-p', 'tsconfig.check.json'] },
    { name: 'types of the portals', tool: 'typescript/bin/tsc', args: ['-p', 'tsconfig.web.json'] },
    { name: 'style', tool: '@biomejs/biome/bin/biome', args: ['check', '.'] },
  ]
    .filter(({ tool, args }) => run(tool, args) !== 0)
    .map(({ name }) => name)
}

function test() {
  const folder = mkdtempSync(join(tmpdir(), 'usufruct-test-'))
  const report = join(folder, 'report.json')
  try {
    // The runner loads the configuration without writing next to it: node_modules may belong to another account.
    const args = [
      'run',
      '--configLoader',
      'runner',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]
    const status = run('vitest/vitest.mjs', [...args, ...rest])
    return countTests(readReport(report), status)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @param {string} path */
function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

/** @param {string} tool @param {string[]} args */
function run(tool, args) {
  const env = long ? { ...process.env, USUFRUCT_LONG: '1' } : process.env
  return spawnSync(process.execPath, [join(root, 'node_modules', tool), ...args], { cwd: root, stdio: 'inherit', env })
    .status
}
