import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createLogin } from '../../src/house/access-logins.ts'
import { verifyReceipt } from '../../src/verify/index.ts'
import { describeInBrowser, expectAccessible, expectNoSideways, type Look, launch, visitor } from './browser.ts'
import { type Served, serveWorld, signIn } from './served.ts'

const run = promisify(execFile)
const textOf = async (place: Locator): Promise<string> => (await place.textContent()) ?? ''
const program = fileURLToPath(new URL('../../bin/usufruct.js', import.meta.url))

describeInBrowser('the buyer’s portal', () => {
  let served: Served
  let browser: Browser
  /** Brightoat's session, signed in through the page once. */
  let cookies: Awaited<ReturnType<BrowserContext['cookies']>>
  let world: Served['house']['world']

  beforeAll(async () => {
    served = await serveWorld()
    world = served.house.world
    browser = await launch()
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  const asBuyer = async (look: Look = {}) => {
    const come = await visitor(browser, served.url, look)
    await come.context.addCookies(cookies)
    return come
  }
  const line = (page: Page, kind: 'quote' | 'refused') =>
    page.locator(`[data-part="quote"][data-kind="${kind}"][aria-busy="false"]`)
  const write = async (page: Page, sql: string) => {
    await page.locator('.cm-content').click()
    await page.keyboard.press('Control+a')
    await page.keyboard.insertText(sql)
  }
  const askButton = (page: Page) => page.getByRole('button', { name: /^(Ask|Show the answer)/ })
  const bought = async (id = 'brightoat') => (await world.books.sales({ buyer: id })).releases

  it('leads from the sign-in over catalogue, product and workbench to an answer whose receipt verifies', async () => {
    const { context, page, complaints } = await visitor(browser, served.url)
    await signIn(page, served, '/buy')
    cookies = await context.cookies()
    await page.getByText('You buy answers, never people').waitFor()
    await page.getByText('Nobody can be targeted').waitFor()
    await page.getByRole('link', { name: 'All about North Co-op baskets' }).click()
    await page.getByRole('heading', { name: 'Limits that hold for all buyers together' }).waitFor()
    await page.getByRole('link', { name: 'Ask a question' }).click()

    await line(page, 'quote').waitFor()
    const before = await bought()
    await write(
      page,
      '-- Who lives where?\nSELECT region, COUNT(DISTINCT member_id) AS people FROM members GROUP BY region',
    )
    await page.keyboard.type(' ')
    await line(page, 'quote').waitFor()
    const quote = await textOf(line(page, 'quote'))
    expect(quote).toMatch(/€\d+\.\d\d/)
    expect(quote).toContain('privacy loss rho 0.0005')
    expect(quote).toContain('people ±62 in each')
    expect(quote).toContain('4 groups, all shown')
    expect(quote).toContain('free if you ask it again')
    // 400 members in four groups: said before anybody pays.
    await page.getByText('Some groups will probably be noise').waitFor()

    await page.getByRole('button', { name: /^More precise ±20/ }).click()
    await page.getByText('people ±20 in each').waitFor()
    await page.getByRole('button', { name: /^Cheaper ±62/ }).click()
    await page.getByText('people ±62 in each').waitFor()
    await page.getByRole('button', { name: 'Another precision' }).click()
    await page.getByLabel('people to within ±').last().fill('30')
    await page.getByRole('button', { name: 'Use this precision' }).click()
    await page.getByText('people ±30 in each').waitFor()
    await line(page, 'quote').waitFor()

    const price = /for (\S+)$/.exec(await textOf(askButton(page)))?.[1] as string
    // A double click is one question.
    await askButton(page).dblclick()
    await page.waitForURL(/\/buy\/releases\/rel_/)
    await page.getByRole('heading', { name: 'Who lives where?' }).waitFor()
    expect(await bought()).toBe(before + 1)
    const id = new URL(page.url()).pathname.split('/').at(-1) as string
    const release = (await world.books.release(id)) as NonNullable<Awaited<ReturnType<typeof world.books.release>>>
    expect((Number(release.price) / 1e6).toFixed(2)).toBe(price.replace('€', ''))

    // Every value with its interval, as the books hold it; the word says how sure.
    const { rows } = release.answer as { rows: { value: string; low: string; high: string; word: string }[][] }
    for (const [where, value] of rows as [{ value: string }, (typeof rows)[0][0]][]) {
      const row = page.locator('tbody tr', { has: page.getByRole('rowheader', { name: where.value, exact: true }) })
      const said = (await textOf(row)).replaceAll('\u2212', '-')
      expect(said).toContain(`${value.value} (95 %: ${value.low} to ${value.high})`)
      expect(said).toContain(value.word)
    }
    await page.getByText(/^If “.+” and “.+” were equal, the noise alone would show a gap this large in /).waitFor()
    expect(await page.locator('svg').count()).toBeGreaterThan(0)

    const download = async (name: RegExp) => {
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()])
      return readFile(await file.path(), 'utf8')
    }
    expect(await download(/^CSV/)).toContain('region,people,people_low,people_high,people_word,people_rho')
    expect(JSON.parse(await download(/^JSON/)).answer.release).toBe(id)
    const receipt = await download(/^Receipt/)
    expect((await verifyReceipt(receipt, served.house.logKey)).valid).toBe(true)
    await page.getByRole('button', { name: 'Verify the receipt' }).click()
    await page.getByText('The receipt is genuine: every check holds').waitFor()
    await page.getByText('The key of the log').click()
    await page.getByLabel('Public key of the log').fill(`${served.house.logKey.slice(0, -3)}AAA`)
    await page.getByRole('button', { name: 'Verify the receipt' }).click()
    await page.getByText('The receipt does not verify').waitFor()

    // The same again is free, and the same answer.
    await page.getByRole('link', { name: 'Ask this again' }).click()
    await line(page, 'quote').waitFor()
    expect(await textOf(line(page, 'quote'))).toContain('free: you asked this before in this period')
    await page.getByRole('button', { name: 'Show the answer again, free' }).click()
    await page.waitForURL((url) => url.pathname.endsWith(id))
    expect(await bought()).toBe(before + 1)

    await page.getByRole('link', { name: 'Answers', exact: true }).click()
    await page.getByRole('link', { name: 'Who lives where?' }).first().waitFor()
    await page.getByRole('link', { name: 'Balance', exact: true }).click()
    await page.getByText('All products, any 30 days').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('says from how many people a group appears that nobody declared, and what an answer without groups means', async () => {
    const { context, page, complaints } = await asBuyer()
    await page.goto('/buy/ask')
    await line(page, 'quote').waitFor()
    // 400 members: no product has as many buyers as the threshold demands at the cheapest tier.
    await write(
      page,
      'SELECT name, COUNT(DISTINCT member_id) AS buyers FROM basket_lines JOIN products USING (product_id) GROUP BY name',
    )
    await page.keyboard.type(' ')
    await page.getByText(/^only groups with at least about \d+ noisy people appear \(delta 0\.000000001\)$/).waitFor()
    await page.getByRole('button', { name: /^More precise ±\d+, groups from \d+ people/ }).waitFor()
    await askButton(page).click()
    await page.waitForURL(/\/buy\/releases\/rel_/)
    await page.getByText(/^No group appears: /).waitFor()
    await page.getByText(/one person counts in at most 4 of them; delta 0\.000000001/).waitFor()
    await page.getByText('at delta 0.000000002').waitFor()
    await page.getByRole('button', { name: 'Verify the receipt' }).click()
    await page.getByText('The receipt is genuine: every check holds').waitFor()
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('has the bounds of a sum chosen, and makes the answer more precise for the difference', async () => {
    const { context, page, complaints } = await asBuyer()
    await page.goto('/buy/ask')
    await line(page, 'quote').waitFor()
    await write(page, '-- What is spent?\nSELECT SUM(spend_eur) AS spend FROM basket_lines')
    await line(page, 'quote').waitFor()
    await page.getByLabel('Choose the bounds of sums for me').check()
    await page.getByText(/^basket_lines\.spend_eur: to be chosen first, at most /).waitFor()
    await expectAccessible(page)
    await line(page, 'quote').waitFor()
    const before = await bought()
    await askButton(page).click()
    await page.waitForURL(/\/buy\/releases\/rel_/)
    // The choice and the question: two releases.
    expect(await bought()).toBe(before + 2)
    const first = new URL(page.url()).pathname.split('/').at(-1) as string

    await page.getByRole('button', { name: 'Make this answer more precise' }).click()
    await line(page, 'quote').waitFor()
    await page.getByLabel('How much narrower').selectOption('3')
    await page.getByText('privacy loss rho 0.0036').waitFor()
    await line(page, 'quote').waitFor()
    await expectAccessible(page)
    await page.getByRole('button', { name: /^Ask for the difference, / }).click()
    await page.waitForURL((url) => url.pathname.includes('/buy/releases/rel_') && !url.pathname.endsWith(first))
    await page.getByText(/^Combined with earlier releases of the same question/).waitFor()
    const id = new URL(page.url()).pathname.split('/').at(-1) as string
    const answer = (await world.books.release(id))?.answer as { combined: { of: string[]; rho: string } }
    expect(answer.combined).toMatchObject({ of: [first, id], rho: '0.00405' })
    expect(await bought()).toBe(before + 3)
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('explains a question instead of asking it, says what would be more precise, and takes a suggestion over; in German, dark, at 360 px', {
    timeout: 90_000,
  }, async () => {
    const { context, page, complaints } = await asBuyer()
    await page.goto('/buy/ask')
    await line(page, 'quote').waitFor()
    const before = await bought()
    const sql =
      'SELECT region, SUM(spend_eur) AS spent, COUNT(*) AS rows FROM basket_lines JOIN members USING (member_id) GROUP BY region'
    await write(page, sql)
    await line(page, 'quote').waitFor()
    await page.getByText('How this is computed').click()
    const part = page.locator('[data-part="explained"]')
    await part.getByText('Noise of each released number').waitFor()
    await write(page, `EXPLAIN PRIVACY ${sql}`)
    await page.getByRole('button', { name: 'Explained below, not asked' }).waitFor()
    expect(await page.getByRole('button', { name: 'Explained below, not asked' }).isDisabled()).toBe(true)
    await part.getByText(/“rows” alone, with all of rho.*1\.41 times smaller/).waitFor()
    await expectAccessible(page)
    await part.getByRole('button', { name: 'Use this' }).first().click()
    await line(page, 'quote').waitFor()
    expect(await textOf(page.locator('.cm-content'))).toContain('LEAST(spend_eur')
    expect(await bought()).toBe(before)
    expect(complaints).toEqual([])
    await context.close()

    const german = await asBuyer({ dark: true, language: 'de', width: 360, height: 760 })
    await german.page.goto('/buy/ask')
    await german.page.locator('[data-part="quote"][data-kind="quote"]').waitFor()
    await german.page.getByText('Wie das berechnet wird').click()
    await german.page.getByText('Rauschen jeder veröffentlichten Zahl').waitFor()
    await expectAccessible(german.page)
    await expectNoSideways(german.page)
    if (process.env.USUFRUCT_PICTURE)
      await german.page.screenshot({ path: process.env.USUFRUCT_PICTURE, fullPage: true })
    await german.context.close()
  })

  it('shows a refusal at its place in the text, with code and hint, and never charges for it', {
    timeout: 90_000,
  }, async () => {
    const { context, page, complaints } = await asBuyer()
    await page.goto('/buy/ask')
    await line(page, 'quote').waitFor()
    const before = await bought()
    await write(page, 'SELECT regio, COUNT(DISTINCT member_id) AS n FROM members GROUP BY region')
    await line(page, 'refused').waitFor()
    const said = await textOf(line(page, 'refused'))
    expect(said).toContain('query.unknown_column')
    expect(said).toContain('line 1, column 8')
    expect(said).toContain('region')
    expect(await textOf(page.locator('.cm-lintRange-error'))).toBe('regio')
    expect(await page.locator('.cm-lint-marker-error').count()).toBe(1)
    await expectAccessible(page)
    await write(page, 'SELEC region')
    await page.getByText('query.unreadable').waitFor()
    expect(await askButton(page).isDisabled()).toBe(true)
    await write(page, 'SELECT region, COUNT(DISTINCT member_id) AS n FROM members GROUP BY region')
    await line(page, 'quote').waitFor()
    expect(await page.locator('.cm-lintRange-error').count()).toBe(0)
    await page.getByLabel('Purpose').selectOption('scientific-research')
    await page.getByText('You are not approved for this purpose').waitFor()
    await line(page, 'quote').waitFor()
    await askButton(page).click()
    await page.getByText('buyer.not_approved').waitFor()
    await page.getByLabel('Purpose').selectOption('product-statistics')
    await line(page, 'quote').waitFor()
    await page.getByRole('button', { name: 'Another precision' }).click()
    await page.getByLabel('Given as').selectOption('rho')
    await page.getByLabel('privacy loss (rho)').last().fill('0.3')
    await page.getByRole('button', { name: 'Use this precision' }).click()
    await page.getByText('privacy.rho_over_release_cap').waitFor()
    expect(await bought()).toBe(before)
    expect(complaints).toEqual([])
    await context.close()
  })

  it('asks again under the same key after a lost connection, and nothing is paid twice', async () => {
    const { context, page } = await asBuyer()
    await page.goto('/buy/ask')
    await line(page, 'quote').waitFor()
    await write(page, 'SELECT household_size, COUNT(DISTINCT member_id) AS homes FROM members GROUP BY household_size')
    await page.getByText('homes ±62 in each').waitFor()
    await line(page, 'quote').waitFor()
    const before = await bought()
    const keys: (string | undefined)[] = []
    let cut = true
    await page.route('**/v1/releases', async (route) => {
      if (route.request().method() !== 'POST') return route.continue()
      keys.push(route.request().headers()['idempotency-key'])
      if (!cut) return route.continue()
      cut = false
      // The server answers; the answer is lost on the way.
      await route.fetch()
      await route.abort()
    })
    await askButton(page).click()
    await page.getByText('The server cannot be reached').waitFor()
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.waitForURL(/\/buy\/releases\/rel_/)
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBe(keys[1])
    expect(await bought()).toBe(before + 1)
    await page.goto('/buy/ask')
    await line(page, 'quote').waitFor()
    await context.setOffline(true)
    await write(page, 'SELECT 1')
    await page.getByText('The server cannot be reached').waitFor()
    await context.setOffline(false)
    await page.getByRole('button', { name: 'Try again' }).click()
    await line(page, 'refused').waitFor()
    await context.close()
  })

  it('says what is missing: money, approval, a session, the right role', async () => {
    expectAccepted(await world.books.addBuyer({ id: 'newcomer', name: 'Newcomer' }, world.clock.now()))
    expectAccepted(await world.books.approveBuyer('newcomer', 'product-statistics', world.clock.now()))
    expectAccepted(
      await createLogin(
        served.house,
        { login: 'buyer@newcomer.example', role: 'buyer', subject: 'newcomer' },
        'north-coop-demo',
      ),
    )
    const { context, page, complaints } = await visitor(browser, served.url)
    await page.goto('/buy/balance')
    await page.getByText('Please sign in').waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Sign in', exact: true }).click()
    await page.locator('input[name="login"]').fill('buyer@newcomer.example')
    await page.locator('input[name="password"]').fill('north-coop-demo')
    await page.locator('button[type="submit"]').click()
    await page.getByText('In both currencies').waitFor()
    await page.getByRole('link', { name: 'Answers', exact: true }).click()
    await page.getByText('You have not asked anything yet').waitFor()
    await expectAccessible(page)
    await page.getByRole('link', { name: 'Ask', exact: true }).click()
    await page.getByText('Your balance does not cover this').waitFor()
    await askButton(page).click()
    await page.getByText('market.funds_lacking').waitFor()
    await expectAccessible(page)
    expect(await bought('newcomer')).toBe(0)
    await page.goto('/buy/releases/rel_nothing')
    await page.getByText('release.unknown').waitFor()
    const steward = await visitor(browser, served.url)
    await signIn(steward.page, served, '/steward')
    await steward.page.goto('/buy/balance')
    await steward.page.getByText('This account may not do that').waitFor()
    expect([...complaints, ...steward.complaints]).toEqual([])
    await steward.context.close()
    await context.close()
  })

  it('makes a key whose secret is shown once, with which every program on the connect page runs', async () => {
    const { context, page, complaints } = await asBuyer()
    await page.goto('/buy/keys')
    await page.getByLabel('Name').fill('notebook')
    await page.getByRole('button', { name: 'Make a key' }).click()
    const secret = (await textOf(page.locator('[data-tone="good"] pre'))).trim()
    expect(secret).toMatch(/^ubk_/)
    await expectAccessible(page)
    await page.getByRole('link', { name: 'How to use it' }).click()
    const texts: Record<string, string> = {}
    for (const tab of ['curl', 'Node', 'Python', 'usufruct']) {
      await page.getByRole('tab', { name: tab }).click()
      texts[tab] = await textOf(page.getByRole('tabpanel', { name: tab }).locator('pre'))
    }
    const folder = await mkdtemp(join(tmpdir(), 'usufruct-connect-'))
    try {
      const options = { cwd: folder, env: { ...process.env, USUFRUCT_KEY: secret }, timeout: 20_000 }
      const shell = await run('bash', ['-c', `set -e\n${texts.curl}`], options)
      expect(JSON.parse(shell.stdout).releases).toHaveLength(1)
      const { answer } = JSON.parse(await readFile(join(folder, 'receipt.json'), 'utf8'))
      const [[, north]] = answer.rows as [[unknown, { value: string; low: string; high: string }]]
      const first = `${north.value} (${north.low} to ${north.high})`
      await writeFile(join(folder, 'ask.mjs'), texts.Node as string)
      expect((await run(process.execPath, ['ask.mjs'], options)).stdout).toContain(first)
      await writeFile(join(folder, 'ask.py'), texts.Python as string)
      expect((await run('python3', ['ask.py'], options)).stdout).toContain(first)
      // `npx usufruct` is this clone's program.
      const verify = (texts.usufruct as string).replace('npx usufruct', `"${process.execPath}" "${program}"`)
      expect((await run('bash', ['-c', verify], options)).stdout).toContain('holds')
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
    await page.goto('/buy/keys')
    expect(await page.getByText(secret).count()).toBe(0)
    await page.getByRole('button', { name: 'Revoke notebook' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click()
    await page.getByText(/^revoked on/).waitFor()
    const refused = await fetch(`${served.url}/v1/account`, { headers: { authorization: `Bearer ${secret}` } })
    expect(refused.status).toBe(401)
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('is walked by keyboard alone: choose, write, complete, ask', async () => {
    const { context, page } = await asBuyer()
    await page.goto('/buy/ask?product=baskets&start=people-members-region')
    await line(page, 'quote').waitFor()
    const focused = () =>
      page.evaluate('document.activeElement.getAttribute("aria-label") ?? document.activeElement.textContent')
    for (let i = 0; i < 30 && (await focused()) !== 'Question in SQL'; i++) await page.keyboard.press('Tab')
    expect(await focused()).toBe('Question in SQL')
    await page.keyboard.press('Control+End')
    await page.keyboard.type(' ORDER BY peo')
    await page
      .locator('.cm-tooltip-autocomplete')
      .waitFor({ timeout: 2_000 })
      .catch(() => undefined)
    await page.keyboard.press('Escape')
    await page.keyboard.type('ple DE')
    await page.getByRole('option', { name: 'DESC' }).waitFor()
    // The list takes keys a moment after it appears, so that nobody chooses by accident.
    await page.waitForTimeout(120)
    await page.keyboard.press('Enter')
    await line(page, 'quote').waitFor()
    expect(await textOf(page.locator('.cm-content'))).toContain('ORDER BY people DESC')
    await page.keyboard.press('Tab')
    expect(await focused()).not.toBe('Question in SQL')
    await page.keyboard.press('Shift+Tab')
    expect(await focused()).toBe('Question in SQL')
    await page.keyboard.press('Control+Enter')
    await page.waitForURL(/\/buy\/releases\/rel_/)
    await page.getByRole('group', { name: 'people' }).focus()
    await page.keyboard.press('ArrowDown')
    await page.getByText(/^\w+: -?[\d,]+, give or take/).waitFor()
    await context.close()
  })

  it('is accessible on every screen, light and dark, in German, and fits 360 px', async () => {
    const [newest] = await world.books.releases({ buyer: 'brightoat', limit: 1 })
    const screens = ['/buy', '/buy/products/baskets', '/buy/ask', '/buy/releases', `/buy/releases/${newest?.id}`]
    const looks: Look[] = [
      { dark: true, language: 'de' },
      { width: 360, height: 760 },
    ]
    for (const look of looks) {
      const { context, page, complaints } = await asBuyer(look)
      for (const screen of [...screens, '/buy/balance', '/buy/keys', '/buy/connect']) {
        await page.goto(screen)
        await page.waitForLoadState('networkidle')
        for (const one of await page.locator('main details').all()) await one.evaluate('(it) => (it.open = true)')
        if (screen === '/buy/ask') await line(page, 'quote').waitFor()
        if (screen.includes('rel_')) await page.locator('svg').first().waitFor()
        await expectAccessible(page)
        await expectNoSideways(page)
        if (look.language === 'de') {
          expect(await page.locator('html').getAttribute('lang')).toBe('de')
          const own = await page.locator('h1, h2, nav, button, label').allInnerTexts()
          expect(own.join(' ')).not.toMatch(/\b(the|Answers|Price|Keys|Ask|Verify)\b/)
        }
      }
      expect(complaints).toEqual([])
      await context.close()
    }
  }, 60_000)
})
