import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { describeInBrowser, expectAccessible, expectNoSideways, launch, visitor } from './browser.ts'
import { type Served, serveWorld, signIn } from './served.ts'

const picture = async (page: Page, name: string) => {
  const folder = process.env.USUFRUCT_PICTURES
  if (folder) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true })
}

describeInBrowser('questions in words', () => {
  let served: Served
  let browser: Browser
  let cookies: Awaited<ReturnType<BrowserContext['cookies']>>
  let release = ''

  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveWorld(), launch()])
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const open = (page: Page) => page.locator('summary', { hasText: /Questions in words|Fragen in Worten/ }).click()
  const quoted = (page: Page) => page.locator('[data-part="quote"][data-kind="quote"][aria-busy="false"]').waitFor()

  it('repeat rate: chosen, filled in, quoted while it is filled in, asked, and its figures read', async () => {
    const { context, page, complaints } = await visitor(browser, served.url)
    await signIn(page, served, '/buy')
    cookies = await context.cookies()
    await page.goto('/buy/ask?product=baskets')
    await quoted(page)
    const before = (await page.locator('.cm-content').textContent()) ?? ''
    await open(page)
    await page.getByLabel('Measure', { exact: true }).selectOption('repeat-rate')
    const sentence = page.locator('details [role="status"]')
    await page.getByText('What share of members with basket lines has them on at least 2 days?').first().waitFor()
    await page.getByLabel('Only rows about').selectOption('products.category')
    await page.getByText('Still to choose: namely.').waitFor()
    await page.getByLabel('namely').selectOption('plant drinks')
    await page.getByLabel('Again means at least so many days').fill('1')
    await page.getByText('"times" cannot be "1"').waitFor()
    await page.getByLabel('Again means at least so many days').fill('3')
    await page.getByText('with category “plant drinks” has them on at least 3 days?').first().waitFor()
    expect(await sentence.textContent()).toMatch(/^What share of members/)
    const editor = (await page.locator('.cm-content').textContent()) ?? ''
    expect(editor).not.toBe(before)
    expect(editor).toContain("products.category = 'plant drinks'")
    await quoted(page)
    // Three cells, each person in one of them: the width of a plain count.
    await page.getByText('people ±62 in each').waitFor()
    await expectAccessible(page)
    await picture(page, 'picker')
    await page.getByRole('button', { name: /^Ask for/ }).click()
    await page.waitForURL(/\/buy\/releases\/rel_/)
    release = new URL(page.url()).pathname
    await page.getByRole('heading', { name: 'Repeat rate' }).waitFor()
    await page.getByRole('rowheader', { name: 'Repeat rate' }).waitFor()
    await page.getByText('Several rows on one day are one day.').waitFor()
    await expectAccessible(page)
    await picture(page, 'figures')
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('what depends on another choice goes with it, and an assignment is stated by whoever asks', async () => {
    const { context, page, complaints } = await visitor(browser, served.url)
    await context.addCookies(cookies)
    await page.goto('/buy/ask?product=baskets')
    await open(page)
    await page.getByLabel('Measure', { exact: true }).selectOption('overlap')
    await page.getByRole('combobox', { name: 'Compared by', exact: true }).selectOption('products.category')
    await page.getByRole('combobox', { name: 'First', exact: true }).selectOption('dairy')
    await page.getByRole('combobox', { name: 'Compared by', exact: true }).selectOption('products.brand')
    expect(await page.getByRole('combobox', { name: 'First', exact: true }).inputValue()).toBe('')
    await page.getByLabel('Measure', { exact: true }).selectOption('lift')
    await page
      .getByRole('combobox', { name: 'Attribute that says who was in which arm', exact: true })
      .selectOption('members.region')
    await page.getByRole('combobox', { name: 'Test arm', exact: true }).selectOption('north')
    await page.getByRole('combobox', { name: 'Control arm', exact: true }).selectOption('south')
    await page.getByText('Still to choose: How people came into their arm.').waitFor()
    await page
      .getByRole('combobox', { name: 'How people came into their arm', exact: true })
      .selectOption('random-per-person')
    await page.getByText(/^How many more of members with region “north” \(test\) have basket lines/).waitFor()
    await page.locator('.cm-content', { hasText: 'AS arm' }).waitFor()
    await quoted(page)
    await picture(page, 'lift')
    expect(complaints).toEqual([])
    await context.close()
  })

  it('by keyboard alone, in German, dark, 360 pixels wide', async () => {
    const { context, page, complaints } = await visitor(browser, served.url, {
      dark: true,
      language: 'de',
      width: 360,
      height: 760,
    })
    await context.addCookies(cookies)
    await page.goto('/buy/ask?product=baskets')
    await quoted(page)
    const summary = page.locator('summary', { hasText: 'Fragen in Worten' })
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Reichweite und')
    await page.getByText('Wie viele von members haben basket lines, und wie oft (bis 5)?').first().waitFor()
    await quoted(page)
    await expectAccessible(page)
    await expectNoSideways(page)
    await picture(page, 'picker-de-360')
    await page.goto(release)
    await page.getByRole('heading', { name: 'Wiederkaufrate' }).waitFor()
    await expectAccessible(page)
    await expectNoSideways(page)
    await picture(page, 'figures-de-360')
    expect(complaints).toEqual([])
    await context.close()
  })
})
