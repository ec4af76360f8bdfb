import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { exitCodes } from '../../src/cli/context.ts'
import { runProgram } from '../../src/cli/program.ts'
import { consentReceipt } from '../../src/house/person-proof.ts'
import { answer } from '../../src/release/answer.ts'
import { openTestHouse, type TestHouse } from './house.ts'
import { makeSmallWorld, purpose, sql } from './small-world.ts'

let house: TestHouse
beforeEach(async () => {
  house = await openTestHouse()
  await makeSmallWorld(house, 12)
})
afterEach(() => house.close())

async function verify(
  text: string,
  more: readonly string[] = [],
): Promise<{ readonly exit: number; readonly out: string }> {
  await writeFile(join(house.folder, 'receipt.json'), text)
  let out = ''
  const exit = await runProgram(['verify', 'receipt.json', '--key', house.logKey, ...more], {
    cwd: house.folder,
    home: house.folder,
    json: false,
    clock: house.world.clock,
    stdin: undefined,
    house: async () => house,
    out: (words) => {
      out += words
    },
    err: () => undefined,
  })
  return { exit, out }
}

it('usufruct verify takes the receipt of an answer and the receipt of a choice, and believes neither when changed', async () => {
  const asked = await answer({ buyer: 'alpha', product: 'visits', purpose, sql, wish: undefined }, {}, house.world)
  const proof = expectAccepted(await consentReceipt(house, 'p0003', 'yes-p0003'))
  if (!('receipt' in proof)) return expect.unreachable()
  for (const receipt of [expectAccepted(asked).receipt, proof.receipt]) {
    const good = await verify(receipt)
    expect([good.exit, good.out]).toEqual([exitCodes.done, expect.stringContaining('The receipt verifies.')])
    const bad = await verify(receipt.replace('product-statistics', 'scientific-research'))
    expect([bad.exit, bad.out]).toEqual([exitCodes.refused, expect.stringContaining('does NOT verify')])
  }
})

it('usufruct verify --with recomputes an answer that was made more precise, from both receipts', async () => {
  const wish = { buyer: 'alpha', product: 'visits', purpose, sql, wish: { nano: 500_000n } }
  const first = expectAccepted(await answer(wish, {}, house.world))
  const more = { ...wish, wish: { nano: 2_000_000n }, topUpOf: first.release }
  const second = expectAccepted(await answer(more, {}, house.world))
  await writeFile(join(house.folder, 'first.json'), first.receipt)
  const good = await verify(second.receipt, ['--with', 'first.json'])
  expect([good.exit, good.out]).toEqual([exitCodes.done, expect.stringContaining('means of 2 releases')])
  await writeFile(join(house.folder, 'first.json'), second.receipt)
  expect((await verify(first.receipt, ['--with', 'first.json'])).exit).toBe(exitCodes.done)
  expect((await verify(second.receipt, ['--with', 'first.json'])).exit).toBe(exitCodes.refused)
})
