// @ts-check
/**
 * npm start: the demo, from a fresh clone. Arguments go to `usufruct demo`, e.g. `npm start -- --once`.
 * The program runs in this very process, so signals and the exit code are its own.
 */
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, ensureWeb, root } from './ready.js'

let ready = false
await orExplain(() => {
  ensureInstalled()
  ensureBuilt()
  ensureWeb()
  ready = true
})

if (ready) {
  const program = join(root, 'dist', 'cli', 'main.js')
  process.argv.splice(1, 1, program, 'demo')
  await import(pathToFileURL(program).href)
}
