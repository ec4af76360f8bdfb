// @ts-check
/** npm run bench: every file bench/*.js, or those whose names are given (`npm run bench -- retail`). Each imports dist/ and prints its own figures. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { NotReady, orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, ensureWeb, root } from './ready.js'

await orExplain(() => {
  ensureInstalled()
  ensureBuilt()
  ensureWeb()
  const folder = join(root, 'bench')
  const asked = process.argv.slice(2)
  const all = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.js')) : []
  const files = all.sort().filter((name) => asked.length === 0 || asked.includes(name.slice(0, -'.js'.length)))
  if (files.length === 0)
    throw new NotReady(
      `There is no such benchmark${asked.length > 0 ? `: ${asked.join(', ')}` : ''}.`,
      `There are: ${all.map((name) => name.slice(0, -'.js'.length)).join(', ') || 'none'}.`,
    )
  for (const name of files) {
    process.stdout.write(`\n── ${name}\n`)
    const { status } = spawnSync(process.execPath, [join(folder, name)], { cwd: root, stdio: 'inherit' })
    if (status !== 0) process.exitCode = 1
  }
})
