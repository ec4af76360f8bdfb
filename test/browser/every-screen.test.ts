import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { screens } from '../../scripts/screens.js'
import { describeInBrowser, expectNoSideways, launch, visitor } from './browser.ts'
import { enter, type Served, serveWorld, signIn } from './served.ts'

/** Screens whose address needs something of the served world are looked at in the portals' own tests. */
const plain = screens.filter(({ address }) => !address.includes(':') && address !== '/shop')

describeInBrowser('every screen', () => {
  let served: Served
  let browser: Browser
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveWorld(), launch()])
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  it.each(['nobody', 'person', 'buyer', 'steward'] as const)(
    'of %s stays within the page at 200 % zoom and moves nothing for whoever asks for rest',
    async (role) => {
      // 1280 pixels at 200 % are 640 of the page's own.
      const { context, page, complaints } = await visitor(browser, served.url, {
        width: 640,
        height: 450,
        reducedMotion: true,
      })
      if (role === 'person') await enter(page, served)
      else if (role !== 'nobody') await signIn(page, served, role === 'buyer' ? '/buy' : '/steward')
      const own = plain.filter((screen) => screen.role === role)
      expect(own.length).toBeGreaterThan(3)
      for (const { address } of own) {
        await page.goto(address)
        await page.locator('main h1').first().waitFor()
        await page.waitForLoadState('networkidle')
        await expectNoSideways(page)
        const moving = await page.evaluate(
          'document.getAnimations().map((one) => Number(one.effect.getComputedTiming().duration)).filter((ms) => ms > 1)',
        )
        expect(moving, address).toEqual([])
      }
      expect(complaints).toEqual([])
      await context.close()
    },
    180_000,
  )
})
