#!/usr/bin/env node
// @ts-check
/** The command. In a clone dist/ is built first when it is missing or older than src/; an installed package has no src/. */
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const at = (/** @type {string} */ path) => new URL(path, import.meta.url)

let ready = true
if (existsSync(fileURLToPath(at('../src')))) {
  const { orExplain } = await import('../scripts/not-ready.js')
  const { ensureBuilt, ensureWeb } = await import('../scripts/ready.js')
  ready = false
  await orExplain(() => {
    ensureBuilt()
    // Only a server shows the portals.
    if (process.argv.includes('serve') || process.argv.includes('demo')) ensureWeb()
    ready = true
  })
}

if (ready) await import(at('../dist/cli/main.js').href)
