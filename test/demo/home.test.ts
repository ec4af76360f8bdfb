import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type DemoState, demoHome, makeDemo, readDemo, writeDemo } from '../../src/demo/home.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'usufruct-demo-test-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const state: DemoState = {
  format: 'usufruct-demo/3',
  members: 400,
  start: 1_796_115_600_000_001n,
  since: 1_795_000_000_000_000n,
  ahead: 5n,
  featured: [{ id: 'M00004', story: 'said yes' }],
  shopper: 'M00009',
  keys: { 'steward steward': 'usk_x' },
}

it('a demo is there when it is whole: its state, and a home', async () => {
  await writeDemo(folder, state)
  expect(await readDemo(folder)).toBeUndefined()
  mkdirSync(demoHome(folder))
  writeFileSync(join(demoHome(folder), 'home.json'), '{}')
  expect(await readDemo(folder)).toEqual(state)
  await writeDemo(folder, { ...state, ahead: 7n })
  expect((await readDemo(folder))?.ahead).toBe(7n)
})

it('a state that is cut off, or of an older demo, is none', async () => {
  mkdirSync(demoHome(folder))
  writeFileSync(join(demoHome(folder), 'home.json'), '{}')
  for (const text of ['', '{"format":"usufruct-demo/3","start":', '{"format":"usufruct-demo/2"}', 'null']) {
    writeFileSync(join(folder, 'demo.json'), text)
    expect(await readDemo(folder)).toBeUndefined()
  }
})

it('a making that is stopped leaves nothing behind, and clears away what a killed one left', async () => {
  // No process has this number: the largest on any Linux is 4,194,304.
  mkdirSync(join(folder, 'making-99999999', 'home'), { recursive: true })
  // This process lives, so whatever it is making stays.
  mkdirSync(join(folder, `making-${process.ppid}`))
  let looks = 0
  const stopAtTheThird = () => ++looks > 2
  await expect(makeDemo(folder, 150, () => {}, stopAtTheThird)).rejects.toMatchObject({ code: 'demo.stopped' })
  expect(readdirSync(folder)).toEqual([`making-${process.ppid}`])
  expect(await readDemo(folder)).toBeUndefined()
  expect(existsSync(demoHome(folder))).toBe(false)
}, 60_000)
