import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { describeInBrowser, expectAccessible, expectNoSideways, type Look, launch, visitor } from './browser.ts'
import { type Served, serveWorld, signIn } from './served.ts'

/** Every screen of the steward with its heading in both languages. */
const screens: readonly (readonly [path: string, english: string, german: string])[] = [
  ['', 'Home', 'Übersicht'],
  ['/products', 'Products', 'Produkte'],
  ['/products/contract', 'Write a contract', 'Vertrag schreiben'],
  ['/products/contract?product=baskets', 'Change baskets', 'baskets ändern'],
  ['/products/loads', 'Data loaded', 'Geladene Daten'],
  ['/consent', 'Consent', 'Einwilligung'],
  ['/consent/notices', 'Notices', 'Hinweise'],
  ['/buyers', 'Buyers', 'Käufer'],
  ['/buyers/brightoat', 'Brightoat', 'Brightoat'],
  ['/buyers/nobody', 'nobody', 'nobody'],
  ['/buyers/refusals', 'Refusals', 'Ablehnungen'],
  ['/budget', 'Privacy budget', 'Datenschutzbudget'],
  ['/money', 'Money', 'Geld'],
  ['/set-up', 'Periods', 'Zeiträume'],
  ['/set-up/answers', 'Answers', 'Antworten'],
  ['/set-up/keys', 'Keys', 'Schlüssel'],
  ['/set-up/links', 'Sign-in links', 'Anmeldelinks'],
]

// Other tests may keep the processors busy meanwhile.
vi.setConfig({ testTimeout: 90_000 })

/** They follow one another in one world: later ones find what earlier ones did. */
describeInBrowser('the steward’s portal', () => {
  let served: Served
  let browser: Browser
  beforeAll(async () => {
    served = await serveWorld(400)
    browser = await launch()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const steward = async (look: Look = {}) => {
    const opened = await visitor(browser, served.url, look)
    await signIn(opened.page, served, '/steward')
    return opened
  }
  const go = async (page: Page, path: string, heading: string): Promise<void> => {
    await page.goto(`/steward${path}`)
    await page.getByRole('heading', { level: 1, name: heading, exact: true }).waitFor()
    await settled(page)
  }

  it('has no violation on any screen in light, with every part opened, and nothing on the console', async () => {
    const { page, context, complaints } = await steward()
    for (const [path, english] of screens) {
      await go(page, path, english)
      await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))')
      await settled(page)
      await expectAccessible(page)
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  it('speaks German, in the dark and on 360 px, without running out to the side', async () => {
    const { page, context, complaints } = await steward({ language: 'de', dark: true, width: 360, height: 740 })
    for (const [path, , german] of screens) {
      await go(page, path, german)
      await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))')
      await settled(page)
      await expectNoSideways(page)
      await expectAccessible(page)
      const here = page.locator('nav a[aria-current="page"]').first()
      const { x, width } = (await here.boundingBox()) ?? { x: 0, width: 999 }
      expect(x + width, `${path} in the rail`).toBeLessThan(361)
      // What the server says in English stands marked as English; nothing else does.
      const text = await page.evaluate(`(() => {
        const copy = document.querySelector('main').cloneNode(true)
        for (const one of copy.querySelectorAll('[lang="en"], code, .cm-editor')) one.remove()
        return copy.textContent
      })()`)
      expect(text, path).not.toMatch(/\b(the|and|with|this|which)\b/)
    }
    expect(complaints).toEqual([])
    await context.close()
  })

  it('begins with four numbers and one list, each item with the way to where it is mended', async () => {
    const { page, context } = await steward()
    await expect.poll(() => page.locator('.u-figure').count()).toBe(4)
    const view = await (await page.request.get('/v1/steward/home')).json()
    const [revenue, owed, optedIn, budget] = await page.locator('.u-figure').allTextContents()
    expect(revenue).toContain(euros(view.revenue.amount))
    expect(owed).toContain(euros(view.owed.amount))
    for (const one of view.optedIn) {
      expect(optedIn).toContain(`≤\u00a0${Number(one.upperBound).toLocaleString('en')}`)
      expect(optedIn).toContain(one.change.replace('-', '−'))
    }
    expect(budget).toContain(view.budget.limit.usedPercent.replace(/ ?%/, ''))
    const items = page.locator('.u-list > li')
    expect(await items.count()).toBe(view.needsYou.length)
    await items.filter({ hasText: 'notice' }).first().getByRole('link').click()
    await page.getByRole('heading', { level: 1, name: 'Notices' }).waitFor()
    await page.getByText('Read member-card 2 (en)').click()
    await page.getByText('North Co-op asks again').waitFor()
    await context.close()
  })

  it('adds, approves and funds a buyer; a payment counts once, and a reference used otherwise is refused', async () => {
    const { page, context, complaints } = await steward()
    await go(page, '/buyers', 'Buyers')
    await page.getByLabel('Name', { exact: false }).first().fill('Oak Bakery')
    await page.getByLabel('Short name').fill('oak-bakery')
    await page.getByRole('button', { name: 'Add a buyer' }).click()
    await page.getByRole('status').getByText('Oak Bakery is added').waitFor()
    await page.getByText('nothing yet').waitFor()
    // The same again is refused in words, and nothing is lost.
    await page.getByLabel('Name', { exact: false }).first().fill('Oak Bakery')
    await page.getByLabel('Short name').fill('oak-bakery')
    await page.getByRole('button', { name: 'Add a buyer' }).click()
    await page.getByRole('alert').getByText('buyer.exists').waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Oak Bakery' }).first().click()
    await page.getByRole('heading', { level: 1, name: 'Oak Bakery' }).waitFor()

    const pay = async (amount: string) => {
      await page.getByLabel('Amount').fill(amount)
      await page.getByLabel('Reference of the payment').fill('transfer 17')
      await page.getByRole('button', { name: 'Record a payment' }).click()
    }
    await pay('250,50')
    await page.getByRole('status').getByText('Oak Bakery has €250.50 prepaid now').waitFor()
    await pay('250.50')
    await expect.poll(() => balanceOf(served, 'oak-bakery')).toBe(250_500_000n)
    await pay('300')
    await page.getByRole('alert').getByText('request.idempotency_conflict').waitFor()
    expect(await balanceOf(served, 'oak-bakery')).toBe(250_500_000n)
    await page.getByLabel('Purpose', { exact: true }).selectOption('product-statistics')
    await page.getByRole('button', { name: 'Approve a purpose' }).click()
    await page.getByRole('status').getByText('Oak Bakery is approved for Product statistics').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('makes a key whose secret is shown once; what its buyer is refused appears; a revoked key opens nothing', async () => {
    const { page, context, complaints } = await steward()
    await go(page, '/set-up/keys', 'Keys')
    await page.getByLabel('Whose').fill('oak-bakery')
    await page.getByLabel('What it is for').fill('nightly report')
    await page.getByRole('button', { name: 'Make a key' }).click()
    await page.getByText('A key for oak-bakery is made').waitFor()
    const secret = (await page.locator('.u-code').textContent()) ?? ''
    await expectAccessible(page)

    const ask = () =>
      fetch(`${served.url}/v1/quotes`, {
        method: 'POST',
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify({
          product: 'baskets',
          purpose: 'scientific-research',
          sql: 'SELECT COUNT(DISTINCT member_id) AS members FROM members WHERE household_size + 1 = 2 AND MEDIAN(diet) = 1',
        }),
      })
    const refused = await ask()
    expect(refused.status).toBeGreaterThanOrEqual(400)
    const { code } = (await refused.json()) as { readonly code: string }
    await go(page, '/buyers/refusals', 'Refusals')
    const row = page.locator('tbody tr').filter({ hasText: 'oak-bakery' }).last()
    await row.waitFor()
    await page.locator('.u-list li').filter({ hasText: code }).getByText('1 question refused:').waitFor()
    expect(await page.locator('main').textContent()).not.toContain('MEDIAN')
    await page.getByLabel('Days', { exact: true }).selectOption('365')
    await page.locator('.u-list li').nth(3).waitFor()

    await go(page, '/set-up/keys', 'Keys')
    expect(await page.locator('main').textContent()).not.toContain(secret)
    const key = page.locator('tbody tr').filter({ hasText: 'nightly report' })
    await key.getByRole('button', { name: 'Revoke' }).click()
    await expectAccessible(page)
    await page.keyboard.press('Escape')
    expect((await ask()).status).not.toBe(401)
    await key.getByRole('button', { name: 'Revoke' }).click()
    await key.getByRole('button', { name: 'Revoke it now' }).click()
    await page.getByText('The key of oak-bakery is revoked').waitFor()
    expect((await ask()).status).toBe(401)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('shows the whole way of consent, yes never without what was taken back, the budget in words, and a book that adds up', async () => {
    const { page, context } = await steward()
    await go(page, '/consent', 'Consent')
    await page.getByLabel('Days', { exact: true }).selectOption('365')
    await page.getByRole('heading', { name: 'member-card 1' }).waitFor()
    const view = await (await page.request.get('/v1/steward/consent?from=2025-12-01&to=2026-12-01')).json()
    const second = view.notices.find((one: { notice?: { version: string } }) => one.notice?.version === '2')
    const steps = page.getByRole('region', { name: 'member-card 2' }).locator('dl')
    await expect.poll(() => steps.textContent()).toContain(`Card shown${second.shown.toLocaleString('en')}`)
    expect(await steps.textContent()).toContain(`Withdrawn within 7 days${second.withdrawnWithin7Days}`)
    await page.locator('[role="img"] svg').first().waitFor()

    await go(page, '/budget', 'Privacy budget')
    await page.getByText(/Rho 0\.\d+ of 0\.45 is used \(\d+(\.\d+)? %\), in any 365 days\./).waitFor()
    await page.locator('[role="img"] svg').nth(1).waitFor()

    await go(page, '/money', 'Money')
    await page.getByText(/^Money in equals money out plus money held: €/).waitFor()
    const newest = await page.locator('section').last().locator('tbody tr').first().textContent()
    await page.getByRole('button', { name: 'Older entries' }).click()
    await page.getByRole('button', { name: 'Newest' }).waitFor()
    await expect.poll(() => page.locator('section').last().locator('tbody tr').first().textContent()).not.toBe(newest)
    await context.close()
  })

  it('makes a link for a customer, and says that it does not know another', async () => {
    const { page, context } = await steward()
    const person = (await served.facts()).members[2]?.person as string
    await go(page, '/set-up/links', 'Sign-in links')
    await page.getByLabel('Number of the customer').fill('nobody')
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByRole('alert').getByText('person.unknown').waitFor()
    await page.getByLabel('Number of the customer').fill(person)
    await page.getByRole('button', { name: 'Make a link' }).click()
    await page.getByText(`A link for ${person} is made`).waitFor()
    expect(await page.locator('.u-code').textContent()).toMatch(new RegExp(`^${served.url}/me/enter#.{20,}$`))
    await expectAccessible(page)
    await context.close()
  })

  it('finds what is wrong with a contract, goes to the line, says what a version changes, and puts it in force', async () => {
    const { page, context, complaints } = await steward()
    await go(page, '/products/contract?product=baskets', 'Change baskets')
    const { text } = await (await page.request.get('/v1/contracts/baskets')).json()
    const upload = (yaml: string) =>
      page
        .locator('input[type="file"]')
        .setInputFiles({ name: 'baskets.yaml', mimeType: 'text/yaml', buffer: Buffer.from(yaml) })

    await upload(text.replace('amount: 1200 }', 'amount: much }'))
    const finding = page.locator('.u-list li').filter({ hasText: 'error' }).first()
    await finding.waitFor()
    expect(await finding.locator('p').count()).toBe(2)
    expect(await page.getByRole('button', { name: 'See what it changes' }).isDisabled()).toBe(true)
    await expectAccessible(page)
    await finding.getByRole('button', { name: /^Line \d+$/ }).click()
    await expect.poll(() => page.locator('.cm-activeLine').textContent()).toContain('amount: much')
    expect(await page.evaluate('document.activeElement.closest(".cm-editor") !== null')).toBe(true)

    // The same version with another content is refused when it is applied.
    await upload(text.replace('amount: 1200 }', 'amount: 1500 }'))
    await page.getByRole('button', { name: 'See what it changes' }).click()
    await page.getByRole('button', { name: 'Put baskets 1.1.1 in force' }).click()
    await page.getByRole('alert').getByText('contract.version_exists').waitFor()

    await upload(text.replace('amount: 1200 }', 'amount: 1500 }').replace('version: 1.1.1', 'version: 1.2.0'))
    await page.getByRole('button', { name: 'See what it changes' }).click()
    const change = page.locator('tbody tr').filter({ hasText: 'basket_lines.spend_eur' }).first()
    expect(await change.textContent()).toContain('noise × 5/4')
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Put baskets 1.2.0 in force' }).click()
    await page.getByRole('status').getByText('baskets 1.2.0 is in force').waitFor()
    expect((await served.house.world.books.contracts()).map((one) => one.version)).toEqual(['1.2.0'])

    await page.getByRole('link', { name: 'All products' }).first().click()
    await page.getByText('baskets 1.2.0').waitFor()
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByText('loaded under 1.1.1, but 1.2.0 is in force').waitFor()
    await page.getByRole('link', { name: 'How data are loaded' }).first().click()
    await page.getByText('Contract 1.2.0 is in force meanwhile').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  })

  it('closes a period in one explicit step, opens one with a rate of the ladder, and follows the clock', async () => {
    const { page, context, complaints } = await steward()
    await go(page, '/set-up', 'Periods')
    await page.getByRole('button', { name: 'Close the period' }).click()
    await page.getByText('A closed period is not opened again').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: 'Leave it as it is' }).click()
    expect(await served.house.world.books.openPeriod(served.house.world.clock.now())).toBeDefined()
    await page.getByRole('button', { name: 'Close the period' }).click()
    await page.getByRole('button', { name: 'Close it now' }).click()
    await page.getByText('The period is closed', { exact: true }).waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Home', exact: true }).click()
    await page.getByText('No period is open, so nothing can be asked.').waitFor()
    await page.getByRole('link', { name: 'Open a period' }).click()
    const rate = page.getByLabel('Rate for each customer')
    await rate.waitFor()
    expect(await rate.locator('option').allTextContents()).toContain('€0.025 per milli-rho')
    await rate.selectOption('0.025')
    await page.getByLabel(/^Days/).fill('14')
    await page.getByRole('button', { name: 'Open a period' }).click()
    await page.getByText(/^A period is open until /).waitFor()
    const [newest] = await served.house.world.books.periods()
    expect(newest?.rate).toBe(25_000n)
    expect(Number((newest?.endsAt ?? 0n) - (newest?.openedAt ?? 0n)) / 86_400_000_000).toBeCloseTo(14, 3)

    const before = await page.locator('tbody tr').count()
    await page.getByRole('button', { name: /^Move the clock to / }).click()
    await expect.poll(() => page.locator('tbody tr').count(), { timeout: 10_000 }).toBe(before + 1)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('says what is missing: nobody signed in, another account, no connection, nothing there', async () => {
    const { page, context } = await visitor(browser, served.url)
    await page.goto('/steward/money')
    await page.getByText('Please sign in').waitFor()
    await expectAccessible(page)
    await page.getByRole('main').getByRole('link', { name: 'Sign in' }).click()
    await page.waitForURL((url) => url.pathname === '/sign-in')
    await signIn(page, served, '/buy')
    await page.goto('/steward')
    await page.getByText('This account may not do that').waitFor()
    await expectAccessible(page)
    await context.close()

    const staff = await steward({ dark: true })
    await go(staff.page, '/buyers', 'Buyers')
    await staff.context.setOffline(true)
    await staff.page.getByLabel('Name', { exact: false }).first().fill('Elm')
    await staff.page.getByLabel('Short name').fill('elm')
    await staff.page.getByRole('button', { name: 'Add a buyer' }).click()
    await staff.page.getByText('The server cannot be reached').waitFor()
    await expectAccessible(staff.page)
    await staff.context.setOffline(false)
    await staff.page.getByRole('button', { name: 'Add a buyer' }).click()
    await staff.page.getByText('Elm is added').waitFor()

    // What an empty house answers, put in place of what this one would.
    const empty: readonly (readonly [path: string, api: string, body: object, heading: string, says: string])[] = [
      ['/products', '/v1/contracts', { contracts: [] }, 'Products', 'No contract is in force'],
      ['/products/loads', '/v1/loads', { products: [] }, 'Data loaded', 'No contract is in force'],
      ['/buyers', '/v1/buyers', { buyers: [] }, 'Buyers', 'No buyer yet'],
      [
        '/money',
        '/v1/steward/money?limit=20',
        { currency: '', accounts: [], entries: [] },
        'Money',
        'The book is empty',
      ],
    ]
    for (const [path, api, body, heading, says] of empty) {
      await staff.page.route(
        (url) => url.pathname + url.search === api,
        (route) => route.fulfill({ json: body }),
      )
      await go(staff.page, path, heading)
      await staff.page.getByText(says).waitFor()
      await expectAccessible(staff.page)
    }
    const view = await (await staff.page.request.get('/v1/steward/home')).json()
    await staff.page.route('**/v1/steward/home', (route) => route.fulfill({ json: { ...view, needsYou: [] } }))
    await go(staff.page, '', 'Home')
    await staff.page.getByText('Nothing needs you today').waitFor()
    await expectAccessible(staff.page)
    await staff.context.close()
  })

  it('is worked with the keyboard alone', async () => {
    const { page, context, complaints } = await steward()
    const focused = () => page.evaluate('document.activeElement?.textContent ?? ""') as Promise<string>
    const tabTo = async (name: string, most = 40): Promise<void> => {
      for (let presses = 0; presses < most; presses++) {
        await page.keyboard.press('Tab')
        if ((await focused()).trim() === name) return
      }
      throw new Error(`no Tab leads to ${name}`)
    }
    await page.getByRole('link', { name: 'Buyers' }).waitFor()
    await tabTo('Buyers')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Buyers' }).waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main')
    await tabTo('Elm')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: 'Elm' }).waitFor()
    await expect.poll(() => page.evaluate('document.activeElement.id')).toBe('main')
    await tabTo('Approve a purpose')
    await page.keyboard.press('Enter')
    await page.getByText('Elm is approved for Product statistics').waitFor()
    // The editor is no trap: Tab goes in, and out again.
    await go(page, '/products/contract', 'Write a contract')
    await tabTo('Upload a file')
    await page.keyboard.press('Tab')
    expect(await page.evaluate('document.activeElement.closest(".cm-editor") !== null')).toBe(true)
    await page.keyboard.type('version: 1')
    await page.locator('.u-list li').first().waitFor()
    await page.keyboard.press('Tab')
    expect(await focused()).toMatch(/^Line \d+$/)
    expect(complaints).toEqual([])
    await context.close()
  })
})

/** Everything that was asked for is there, and every picture is drawn. */
const settled = (page: Page): Promise<void> =>
  expect
    .poll(
      () =>
        page.evaluate(
          '!document.querySelector("main .u-skeleton") && [...document.querySelectorAll("[role=img]")].every((one) => one.querySelector("svg"))',
        ),
      { timeout: 15_000 },
    )
    .toBe(true)

const euros = (amount: string): string =>
  Number(amount).toLocaleString('en-GB', { style: 'currency', currency: 'EUR', minimumFractionDigits: 2 })

const balanceOf = async (served: Served, buyer: string): Promise<bigint> =>
  (await served.house.world.books.balances())[`prepaid:${buyer}`] ?? 0n
