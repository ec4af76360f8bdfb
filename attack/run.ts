import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { attacks } from './list.ts'
import { type Attempt, document, table, verdict } from './support/report.ts'
import { openWorld } from './support/world.ts'

export interface RunOptions {
  readonly root: string
  readonly names: readonly string[]
  readonly long: boolean
  readonly json: boolean
  readonly seed: string
}

/** Runs the attacks, one world for all; writes attack/results and, when every attack ran, docs/attacks.md. True when everything held. */
export async function runAttacks({ root, names, long, json, seed }: RunOptions): Promise<boolean> {
  const say = (text: string) => process.stdout.write(json ? '' : `${text}\n`)
  const unknown = names.filter((name) => !attacks.some((one) => one.name === name))
  if (unknown.length > 0) {
    process.stderr.write(
      `There is no attack ${unknown.join(', ')}. There are: ${attacks.map((one) => one.name).join(', ')}.\n`,
    )
    return false
  }
  const chosen = attacks.filter((one) => names.length === 0 || names.includes(one.name))
  say(`seed ${seed} (the attacker's dice; the noise comes from the system), ${long ? 'long' : 'short'}`)
  const world = await openWorld({ people: long ? 600 : 240, long, seed })
  const attempts: Attempt[] = []
  try {
    for (const attack of chosen) {
      const started = process.hrtime.bigint()
      say(`\n── ${attack.name}`)
      const finding = await attack.run(world)
      const seconds = Number(process.hrtime.bigint() - started) / 1e9
      const { name, section, knows, wants } = attack
      const attempt = { name, section, knows, wants, seconds: Number(seconds.toPrecision(3)), ...finding }
      attempts.push(attempt)
      say(verdict(attempt))
      save(root, attempt, { long, seed })
    }
  } finally {
    await world.close()
  }
  say(`\n${table(attempts)}`)
  if (chosen.length === attacks.length)
    writeFileSync(join(root, 'docs', 'attacks.md'), document(attempts, { long, seed }))
  if (json) process.stdout.write(`${JSON.stringify({ machine: machine(root), seed, long, attempts }, undefined, 2)}\n`)
  return attempts.every((one) => one.held)
}

function save(root: string, attempt: Attempt, how: { readonly long: boolean; readonly seed: string }): void {
  mkdirSync(join(root, 'attack', 'results'), { recursive: true })
  const { name, ...measured } = attempt
  const result = { attack: name, machine: machine(root), ...how, ...measured }
  writeFileSync(join(root, 'attack', 'results', `${name}.json`), `${JSON.stringify(result, undefined, 2)}\n`)
}

function machine(root: string) {
  const { version } = JSON.parse(
    readFileSync(join(root, 'node_modules', '@duckdb', 'node-api', 'package.json'), 'utf8'),
  )
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGiB: Number((totalmem() / 2 ** 30).toPrecision(3)),
    system: `${process.platform} ${process.arch}`,
    node: process.versions.node,
    duckdb: version,
    date: new Date().toISOString(),
    loadAverage: loadavg().map((one) => Number(one.toPrecision(3))),
  }
}
