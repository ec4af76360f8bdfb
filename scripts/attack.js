// @ts-check
/**
 * npm run attack: every attack of attack/, or those whose names are given (`npm run attack -- differencing racing`). `--long` repeats more, `--json` prints JSON
 * alone, `--seed TEXT` throws the attacker's dice again. Exit code 1 when a bound did not hold.
 */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, root } from './ready.js'

await orExplain(async () => {
  ensureInstalled()
  ensureBuilt()
  const asked = process.argv.slice(2)
  const at = asked.indexOf('--seed')
  const seed = at < 0 ? undefined : asked[at + 1]
  const names = asked.filter((one, index) => !one.startsWith('--') && (at < 0 || index !== at + 1))
  // Attacks are TypeScript like the tests, which they share; Node 20 does not read that by itself.
  const { runnerImport } = await import('vite')
  const { module } = await runnerImport(join(root, 'attack', 'run.ts'), { configFile: false, logLevel: 'error' })
  const held = await module.runAttacks({
    root,
    names,
    long: asked.includes('--long'),
    json: asked.includes('--json'),
    seed: seed ?? randomBytes(4).toString('hex'),
  })
  if (!held) process.exitCode = 1
})
