import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import manifest from '../package.json' with { type: 'json' }
import * as library from '../src/index.ts'
import * as verify from '../src/verify/index.ts'

it('the library opens a house of its own and answers with values or refusals', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-test-'))
  try {
    const home = join(folder, 'home')
    library.expectAccepted(
      await library.initHouse(home, { name: 'Library', currency: 'EUR', answerGridMilliseconds: 0 }),
    )
    const house = await library.openHouse(home)
    try {
      const question = { buyer: 'b', product: 'nothing', purpose: undefined, sql: 'SELECT 1', wish: undefined }
      expect(await library.quote(question, house.world)).toMatchObject({
        ok: false,
        refusal: { code: 'product.unknown' },
      })
      expect(await library.openPeriod({ rate: 3n }, house.world)).toMatchObject({ ok: false })
      expect((await house.world.books.check()).failures).toEqual([])
    } finally {
      await house.close()
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
})

it('the package names the library, and the verifier apart, so that a browser takes nothing else', () => {
  expect(manifest.exports).toEqual({ '.': './dist/index.js', './verify': './dist/verify/index.js' })
  expect(library.verifyReceipt).toBe(verify.verifyReceipt)
})
