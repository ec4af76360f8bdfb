// @ts-check
/**
 * npm run bench: every file bench/*.js, or those whose names are given (`npm run bench -- retail`). Each imports dist/ and prints its own figures.
 * `--scale N`, as in `npm run bench:sql -- --scale 10`: so many times the rows, for those that have a scale.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { NotReady, orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, ensureWeb, root } from './ready.js'

await orExplain(() => {
  ensureInstalled()
  ensureBuilt()
  ensureWeb()
  const folder = join(root, 'bench')
  const { values, positionals: asked } = parseArgs({
    allowPositionals: true,
    options: { scale: { type: 'string' } },
  })
  const env = values.scale === undefined ? process.env : { ...process.env, USUFRUCT_SCALE: values.scale }
  const all = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.js')) : []
  const files = all.sort().filter((name) => asked.length === 0 || asked.includes(name.slice(0, -'.js'.length)))
  if (files.length === 0)
    throw new NotReady(
      `There is no such benchmark${asked.length > 0 ? `: ${asked.join(', ')}` : ''}.`,
      `There are: ${all.map((name) => name.slice(0, -'.js'.length)).join(', ') || 'none'}.`,
    )
  for (const name of files) {
    process.stdout.write(`\n── ${name}\n`)
    const { status } = spawnSync(process.execPath, [join(folder, name)], { cwd: root, env, stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
})
