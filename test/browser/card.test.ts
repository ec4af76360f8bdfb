import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { cardFacts } from '../../src/house/card.ts'
import { cardWords } from '../../src/house/views/card.ts'
import { describeInBrowser, expectAccessible, expectNoSideways, launch, visitor } from './browser.ts'
import { focused, weights } from './in-page.js'
import { type Served, serveWorld } from './served.ts'

const yes = 'Yes, use my data in product statistics.'
const no = 'No, do not use my data in product statistics.'
const statistics = 'product-statistics'

it('the card is under 15 kB gzipped', () => {
  const script = readFileSync(new URL('../../dist-web/embed/consent.js', import.meta.url))
  expect(gzipSync(script, { level: 9 }).length).toBeLessThan(15_000)
  expect(script.toString()).not.toMatch(/innerHTML|insertAdjacentHTML|eval\(|new Function/)
})

describeInBrowser('the consent card', () => {
  let served: Served
  let browser: Browser
  let shopper: string
  beforeAll(async () => {
    served = await serveWorld(300)
    browser = await launch()
    shopper = served.shopper
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const events = async () =>
    expectAccepted(await served.house.world.books.choices(shopper, served.house.world.clock.now())).events
  const standing = async () =>
    expectAccepted(await served.house.world.books.choices(shopper, served.house.world.clock.now())).standing.find(
      (one) => one.purpose === statistics,
    )
  const tokenOf = (page: Page) => page.locator('usufruct-consent form input[name="token"]').first().inputValue()
  const send = (fields: Readonly<Record<string, string>>, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${served.url}/consent/answer`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
      body: new URLSearchParams(fields),
    })

  it('says all of its first layer in at most 120 words, in both languages, with money as a range', async () => {
    for (const language of ['en', 'de'] as const) {
      const words = cardWords(expectAccepted(await cardFacts(served.house, statistics, language)))
      const count = Object.values(words).join(' ').split(/\s+/).length
      expect(count, language).toBeLessThanOrEqual(120)
      expect(words.money).toMatch(/(from nothing to about €\d|von nichts bis etwa \d)/)
      expect(`${words.yes}${words.no}`).not.toMatch(/[!]/)
    }
  })

  it('is an accessible region in a page with a strict policy, in light, dark and 360 px, English and German', async () => {
    const { page, context, complaints } = await visitor(browser, served.url)
    const reply = await page.goto('/shop')
    const policy = reply?.headers()['content-security-policy'] ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("style-src 'self'")
    expect(policy).not.toContain('unsafe')
    const region = page.getByRole('region', { name: 'North Co-op asks: may we use your data?' })
    await region.waitFor()
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await expectAccessible(page)
    }
    // The policy lets the card's own style in: constructed sheets are no inline style.
    const [first, second] = await region.getByRole('button').evaluateAll(weights)
    expect(first).toEqual(second)
    expect(first?.borderWidth).toBe('1px')
    await page.locator('summary[part]').click()
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()

    const german = await visitor(browser, served.url, { width: 360, height: 740, language: 'de' })
    await german.page.goto('/shop')
    await german.page.getByRole('region', { name: 'North Co-op fragt: Dürfen wir Ihre Daten verwenden?' }).waitFor()
    await german.page.locator('summary[part]').click()
    await german.page.locator('[part="text"]').getByText('North Co-op fragt noch einmal').waitFor()
    await expectNoSideways(german.page)
    await expectAccessible(german.page)
    expect(german.complaints).toEqual([])
    await german.context.close()
  }, 60_000)

  it('records nothing by GET, HEAD, focus, keys or leaving; and traps no focus', async () => {
    const { page, context } = await visitor(browser, served.url)
    await page.goto('/shop')
    const token = await tokenOf(page)
    const query = new URLSearchParams({ ...fieldsOf(token), answer: 'yes' })
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'])
      expect((await fetch(`${served.url}/consent/answer?${query}`, { method })).status).toBe(405)
    await page.goto(`/consent/answer?${query}`)
    await page.goto('/shop')
    await page.getByRole('button', { name: yes }).waitFor()
    const seen: string[] = []
    for (let presses = 0; presses < 12; presses++) {
      await page.keyboard.press('Tab')
      seen.push(await page.evaluate(focused))
    }
    expect(seen).toContain(yes)
    expect(seen).toContain(no)
    expect(seen.indexOf('Deutsch')).toBeGreaterThan(seen.indexOf(no))
    await page.getByRole('button', { name: yes }).focus()
    for (const key of ['y', 'n', 'ArrowDown', 'ArrowRight', 'Escape', 'Home']) await page.keyboard.press(key)
    await page.keyboard.press('Shift+Tab')
    expect(await page.evaluate(focused)).not.toBe(yes)
    await page.locator('summary[part]').focus()
    for (const key of ['Enter', 'Space']) await page.keyboard.press(key)
    await page.goto('/')
    expect(await events()).toEqual([])
    await context.close()
  })

  it('takes a yes and then a no without leaving the page, one press each, and counts what was shown', async () => {
    const { page, context, complaints } = await visitor(browser, served.url)
    const counted: string[] = []
    page.on('request', (request) => {
      if (request.url().endsWith('/events')) counted.push(JSON.parse(request.postData() ?? '{}').step)
    })
    await page.goto('/shop')
    await page.locator('summary[part]').click()
    await page.locator('summary[part]').click()
    await page.getByRole('button', { name: yes }).click()
    await page.getByText('Your yes is recorded. You join on 1 January 2027.').waitFor()
    await expectAccessible(page)
    expect(await standing()).toMatchObject({ status: 'given', inForce: false, note: 'joins_next_period' })
    expect((await events()).at(-1)).toMatchObject({
      entity: 'person',
      notice: { id: 'member-card', version: '2', language: 'en' },
      evidence: { method: 'consent card' },
    })
    await page.getByRole('button', { name: no }).press('Enter')
    await page.getByText(/^Your no holds since .*\d\d:\d\d:\d\d UTC\./).waitFor()
    expect(await standing()).toMatchObject({ status: 'withdrawn', inForce: false })
    expect(new URL(page.url()).pathname).toBe('/shop')
    expect(counted.sort()).toEqual(['details', 'shown'])
    await page.getByRole('link', { name: 'See it on your page' }).click()
    await page.getByRole('button', { name: 'Open my page' }).click()
    await page.getByText(/uses allowed/).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('says that nothing was recorded when the house is not reached or the form is used up', async () => {
    const { page, context } = await visitor(browser, served.url)
    await page.goto('/shop')
    const before = (await events()).length
    await page.route('**/consent/answer', (route) => route.abort())
    await page.getByRole('button', { name: yes }).click()
    await page.getByText('Your answer could not be sent, and nothing was recorded.').waitFor()
    await page.unroute('**/consent/answer')
    const other = await visitor(browser, served.url)
    await other.page.goto('/shop')
    await page.getByRole('button', { name: yes }).click()
    await page.getByText(/^Nothing was recorded: the link is not known, was used, or is over/).waitFor()
    expect((await events()).length).toBe(before)
    await other.context.close()
    await context.close()
  })

  it('works as a plain form without JavaScript: yes, changed to no, and back to the shop', async () => {
    const { page, context, complaints } = await visitor(browser, served.url, { javaScript: false, width: 360 })
    await page.goto('/shop')
    await page.getByRole('button', { name: yes }).click()
    await page.getByRole('heading', { name: 'Your yes is recorded. You join on 1 January 2027.' }).waitFor()
    expect(await standing()).toMatchObject({ status: 'given' })
    await page.getByRole('button', { name: no }).click()
    await page.getByRole('heading', { name: /^Your no holds since/ }).waitFor()
    expect(await standing()).toMatchObject({ status: 'withdrawn' })
    await page.getByRole('link', { name: 'Back' }).click()
    await page.getByRole('heading', { name: 'Thank you for shopping with us' }).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('takes no answer without the one-time token: not from another site, not twice, not with a session', async () => {
    const { page, context } = await visitor(browser, served.url)
    await page.goto('/shop')
    const token = await tokenOf(page)
    const before = (await events()).length
    for (const [fields, status] of [
      [{ ...fieldsOf('upl_wrong'), answer: 'yes' }, 401],
      [{ ...fieldsOf(''), answer: 'yes' }, 400],
      [{ ...fieldsOf(token), answer: 'maybe' }, 400],
      [{ ...fieldsOf(token), answer: 'yes', back: 'https://evil.example' }, 400],
      [{ ...fieldsOf(token), answer: 'yes', back: '//evil.example' }, 400],
      [{ ...fieldsOf(token), answer: 'yes', purpose: 'advertising' }, 400],
      [{ ...fieldsOf(token), answer: 'yes', version: '1' }, 409],
    ] as const)
      expect((await send(fields)).status, JSON.stringify(fields)).toBe(status)
    expect((await events()).length).toBe(before)
    // What could not be recorded did not use the token up; of two at once one is recorded.
    const both = await Promise.all([
      send({ ...fieldsOf(token), answer: 'yes' }),
      send({ ...fieldsOf(token), answer: 'no' }),
    ])
    expect(both.map((one) => one.status).sort()).toEqual([200, 401])
    expect((await events()).length).toBe(before + 1)
    const refused = await send({ ...fieldsOf(token), answer: 'yes' })
    expect(refused.status).toBe(401)
    expect(await refused.text()).toContain('Nothing was recorded')
    expect(refused.headers.get('content-security-policy')).toContain("default-src 'none'")
    await context.close()
  })
})

const fieldsOf = (token: string) => ({
  token,
  purpose: statistics,
  notice: 'member-card',
  version: '2',
  language: 'en',
})
