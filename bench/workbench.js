// @ts-check
/**
 * From a key press in the workbench to the line under the editor that answers it: the real page in Chromium, the real server, the books of the lived-in demo.
 * Somebody types some 60 characters with a pause after each, as people do; every key is one measurement.
 */
import { chromium } from 'playwright-core'
import { findChromium } from '../scripts/chromium.js'
import { built, digits, inFolder, quantile, saveResult } from './support/bench.js'

const executablePath = findChromium()
if (executablePath === undefined) {
  console.log('no Chromium on this machine: nothing was measured')
  process.exit(0)
}
const { runningClock } = await built('demo/clock.js')
const { demoHome, makeDemo } = await built('demo/home.js')
const { ensurePeriod, serveDemo } = await built('demo/served.js')
const { openHouse } = await built('main.js')
const { startServer } = await built('server/start.js')

const members = 2_000
/** Milliseconds between two keys: about 60 words a minute. */
const between = 200
const text = ' HAVING COUNT(DISTINCT members.member_id) > 1 ORDER BY people'

/** In the page: the moment of each key in the editor, and of the frame in which the line is no longer busy with it. */
const watch = `(() => {
  const times = []
  globalThis.keyToLine = times
  let pressed
  let busy = false
  document.addEventListener('keydown', (event) => {
    if (event.key.length === 1) pressed = event.timeStamp
  }, true)
  new MutationObserver(() => {
    const now = document.querySelector('[data-part="quote"]')?.getAttribute('aria-busy') === 'true'
    if (busy && !now && pressed !== undefined) {
      const from = pressed
      pressed = undefined
      requestAnimationFrame((at) => times.push(Math.max(at, performance.now()) - from))
    }
    busy = now
  }).observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ['aria-busy'] })
})()`

await inFolder(async (folder) => {
  const state = await makeDemo(
    folder,
    members,
    () => undefined,
    () => false,
  )
  const clock = runningClock(state.start, state.since, state.ahead)
  const house = await openHouse(demoHome(folder), { clock })
  await ensurePeriod(house, clock)
  const demo = serveDemo(house, clock, state.featured, async () => undefined)
  const server = await startServer(house, { host: '127.0.0.1', port: 0 }, { demo })
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--no-first-run'] })
  try {
    const page = await browser.newPage({ baseURL: server.url, viewport: { width: 1280, height: 900 } })
    const { logins } = await demo.facts()
    const login = logins.find((/** @type {{ portal: string }} */ one) => one.portal === '/buy')
    await page.goto('/sign-in?next=/buy')
    await page.locator('input[name="login"]').fill(login.login)
    await page.locator('input[name="password"]').fill(login.password)
    await page.locator('button[type="submit"]').click()
    await page.waitForURL((url) => url.pathname === '/buy')
    await page.goto('/buy/ask?product=baskets&start=people-members-region')
    await page.locator('[data-part="quote"][data-kind="quote"][aria-busy="false"]').waitFor()
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+End')
    await page.evaluate(watch)
    for (const character of text) {
      await page.keyboard.press(character === ' ' ? 'Space' : character)
      await page.waitForTimeout(between)
    }
    await page.locator('[data-part="quote"][aria-busy="false"]').waitFor()
    /** @type {number[]} */
    const times = (await page.evaluate('globalThis.keyToLine')).sort(
      (/** @type {number} */ a, /** @type {number} */ b) => a - b,
    )
    const figures = {
      members,
      keys: text.length,
      measured: times.length,
      betweenKeysMilliseconds: between,
      medianMilliseconds: digits(quantile(times, 0.5)),
      p95Milliseconds: digits(quantile(times, 0.95)),
      mostMilliseconds: digits(times.at(-1) ?? 0),
    }
    saveResult('workbench', figures)
  } finally {
    await browser.close()
    await server.close()
    await house.close()
  }
})
