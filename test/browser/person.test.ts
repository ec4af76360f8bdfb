import type { Browser, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { createLink } from '../../src/house/access-sessions.ts'
import { sealIfDue } from '../../src/release/consent-batch.ts'
import { describeInBrowser, expectAccessible, expectNoSideways, type Look, launch, visitor } from './browser.ts'
import { exactCount } from './exact.ts'
import { focused, pressAndMeasure, unfoldAll, weights } from './in-page.js'
import { enter, type Served, serveWorld, signIn } from './served.ts'

const screens = ['/me', '/me/choices', '/me/uses', '/me/money', '/me/data', '/me/proof']
const statistics = 'product-statistics'
/** A busy machine takes its time. */
const patiently = { timeout: 20_000 }

describeInBrowser('the person’s portal', () => {
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

  const member = async (at: number): Promise<string> => (await served.facts()).members[at]?.person as string
  /** A browser of their own, in which the member is signed in. */
  const memberIn = async (at: number | string, look: Look = {}) => {
    const opened = await visitor(browser, served.url, look)
    const person = typeof at === 'string' ? at : await member(at)
    if (typeof at === 'string') {
      const { token } = expectAccepted(await createLink(served.house, at))
      await opened.page.goto(`/me/enter#${token}`)
      await opened.page.getByRole('button', { name: /Open my page|Meine Seite öffnen/ }).click()
      await opened.page.waitForURL((url) => url.pathname === '/me')
    } else await enter(opened.page, served, person)
    return { ...opened, person }
  }
  const choicesOf = async (person: string) =>
    expectAccepted(await served.house.world.books.choices(person, served.house.world.clock.now()))
  const statusOf = async (person: string, purpose: string) =>
    (await choicesOf(person)).standing.find((one) => one.purpose === purpose)

  it('has every screen accessible in light and dark, with everything unfolded', async () => {
    const { page, context, complaints } = await memberIn(0)
    for (const screen of screens) {
      await page.goto(screen)
      await settled(page)
      await unfold(page)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expectAccessible(page)
      }
    }
    expect(complaints).toEqual([])
    await context.close()
  }, 90_000)

  it('fits 360 px and 200 % zoom in English and German, without one English word left in the frame', async () => {
    const german = await memberIn(0, { width: 360, height: 740, language: 'de' })
    for (const screen of screens) {
      await german.page.goto(screen)
      await settled(german.page)
      await unfold(german.page)
      await expectNoSideways(german.page)
      const text = (await visible(german.page.locator('body'))).replaceAll('\n', ' ')
      expect(text, screen).not.toMatch(
        /\b(Choices|Uses|Money|Records|You|Your|Show|Check|earned|allowed)\b(?![^“„]*[“”])/,
      )
    }
    // The width that 1280 px have at 400 %, and at 200 % with a larger text.
    await german.page.setViewportSize({ width: 320, height: 600 })
    for (const screen of screens) {
      await german.page.goto(screen)
      await settled(german.page)
      await expectNoSideways(german.page)
    }
    expect(german.complaints).toEqual([])
    await german.context.close()
  }, 60_000)

  it('answers on the home screen whether anything happens: uses, questions, money, next period', async () => {
    const { page, person, context } = await memberIn(0)
    const home = await fromPage<{ questions: { count: number } }>(page, '/v1/me')
    await expect.poll(() => visible(page.locator('main')), patiently).toContain('2 of 2 uses allowed')
    const text = await visible(page.locator('main'))
    expect(text).toContain(`${home.questions.count} questions since`)
    expect(text).toMatch(/€\d\.\d\d earned/)
    expect(text).toContain('The next period begins on 1 January 2027.')
    expect(text).not.toContain(person.slice(1))
    expect(await page.getByRole('region', { name: 'Last uses' }).getByRole('listitem').count()).toBe(3)
    await context.close()
  })

  it('shows each use with who, why, what came out and what it means, and loads earlier ones', async () => {
    const { page, context } = await memberIn(0)
    await page.getByRole('link', { name: 'Uses', exact: true }).click()
    const cards = page.getByRole('article')
    await expect.poll(() => cards.count(), patiently).toBe(10)
    const answered = page.getByRole('article').filter({ hasText: 'in the buyer’s words' }).first()
    const text = await visible(answered)
    expect(text).toContain('For: ')
    expect(text).toContain('What was computed: ')
    expect(text).toMatch(/\(95 %: -?[\d,.]+ to -?[\d,.]+\)/)
    expect(text).toMatch(/You were one of about [\d,]+ people who could be in it \(a noisy upper bound\)/)
    expect(text).toContain('Whether you matched was not revealed to anybody.')
    await answered.getByText(/Why\?/).click()
    const [, rate, loss, amount] =
      /€([\d.]+) per thousandth of rho × ([\d.]+) = €([\d.]+)/.exec(await visible(answered)) ?? []
    expect(Number(rate) * Number(loss)).toBeCloseTo(Number(amount), 9)
    await answered.getByRole('button', { name: 'Check the proof here' }).click()
    await answered.getByText('Checked in this browser: it holds').waitFor()
    await page.getByRole('button', { name: 'Show earlier ones' }).click()
    await expect.poll(() => cards.count(), patiently).toBe(20)
    await context.close()
  })

  it('opens the calculation of each figure of money; the lines add up to what was earned', async () => {
    const { page, context } = await memberIn(0)
    await page.goto('/me/money')
    await unfold(page)
    await page.getByRole('button', { name: /Show the other/ }).click()
    const table = page.getByRole('table', { name: 'What was earned, newest first' })
    const amounts = await table.locator('td[data-label="Amount"]').allInnerTexts()
    const sum = amounts.reduce((all, one) => all + BigInt(picos(one)), 0n)
    const exactly = /exactly €([\d.]+)/.exec(await visible(page.locator('main')))?.[1] as string
    expect(sum).toBe(BigInt(picos(exactly)))
    expect(amounts.length).toBeGreaterThan(30)
    const text = await visible(page.locator('main'))
    expect(text.indexOf('Estimated for a year')).toBeLessThan(text.indexOf('Earned'))
    expect(text).toMatch(/Between €[\d.]+ and €[\d.]+\. It may be less, and it may be nothing\./)
    await context.close()
  })

  it('shows the records held in the words of the contract, and gives them as JSON and CSV', async () => {
    const { page, person, context } = await memberIn(0)
    await page.goto('/me/data')
    const sheet = page.getByRole('region', { name: 'Members' })
    await sheet.waitFor()
    expect(await visible(sheet)).toContain(person)
    expect(await visible(sheet)).toContain('The number on the member card.')
    for (const [name, file] of [
      ['Download all as JSON', 'my-data.json'],
      ['Download all as CSV', 'my-data.csv'],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()])
      expect(download.suggestedFilename()).toBe(file)
    }
    await context.close()
  })

  it('checks every receipt in the page, and says so when one was tampered with', async () => {
    const { page, context, complaints } = await memberIn(0)
    await page.goto('/me/proof')
    await page.getByText('The newest checkpoint is signed by the log’s key').waitFor()
    // The key's fingerprint can be compared with the one that the shop prints.
    const shop = await (await fetch(`${served.url}/shop`)).text()
    const fingerprint = /<code>((?:[0-9a-f]{4} ?){8})<\/code>/.exec(shop)?.[1] as string
    expect(await visible(page.getByRole('region', { name: 'The public log' }))).toContain(fingerprint)
    await page.getByRole('button', { name: 'Check all of them here' }).click()
    await page.getByText(/^All \d+ receipts hold$/).waitFor({ timeout: 20_000 })
    await expectAccessible(page)
    let tampered = 0
    await page.route('**/v1/me/uses/rel_*', async (route) => {
      const reply = await route.fetch()
      const use = await reply.json()
      if (tampered++ === 0) use.receipt = String(use.receipt).replace(/"value":"(-?\d+)"/, '"value":"$11"')
      await route.fulfill({ response: reply, json: use })
    })
    await page.getByRole('button', { name: 'Check all of them here' }).click()
    await page.getByText(/^1 of \d+ receipts do not hold$/).waitFor({ timeout: 20_000 })
    await expectAccessible(page)
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('lets limits be set, in words, and they hold at once', async () => {
    const { page, person, context } = await memberIn(2)
    await page.goto('/me/choices')
    await page.getByRole('button', { name: /^Medium: the usual limit/ }).click()
    await page.getByText('Your limits are set').waitFor()
    expect((await choicesOf(person)).limitClass).toBe('medium')
    await page.getByRole('combobox', { name: 'A lower limit for life' }).selectOption({ label: 'at most 0.3' })
    await page.getByRole('button', { name: 'Set this limit' }).click()
    await expect.poll(async () => (await choicesOf(person)).lifeNano, patiently).toBe(300_000_000n)
    await expectAccessible(page)
    await context.close()
  })

  it('has a designed state for: signed out, nothing yet, offline, and a failing server', async () => {
    const stranger = await visitor(browser, served.url)
    await stranger.page.goto('/me/uses')
    await stranger.page.getByText('You are not signed in on this device').waitFor()
    await expectAccessible(stranger.page)
    await stranger.context.close()

    const { page, context } = await memberIn(await nobodyAsked(served))
    for (const [screen, words] of [
      ['/me', 'Nothing was asked yet that includes you'],
      ['/me/uses', 'No answer has included you yet'],
      ['/me/money', 'Nothing earned yet'],
      ['/me/choices', 'You have not answered yet. Until you do, it is a no.'],
    ] as const) {
      await page.goto(screen)
      await page.getByText(words).first().waitFor()
      await expectAccessible(page)
    }
    expect(
      await page
        .locator('[aria-pressed="true"]')
        .filter({ hasText: /use my data/ })
        .count(),
    ).toBe(0)
    await page.route('**/v1/me/money', (route) => route.abort())
    await page.getByRole('link', { name: 'Money', exact: true }).click()
    await page.getByText('The server cannot be reached').waitFor({ timeout: 15_000 })
    await expectAccessible(page)
    await page.unroute('**/v1/me/money')
    await page.route('**/v1/me/data', (route) =>
      route.fulfill({ status: 500, json: { detail: 'something failed on our side', code: 'program.bug' } }),
    )
    await page.getByRole('link', { name: 'Records', exact: true }).click()
    await page.getByText('Something failed on our side', { exact: true }).waitFor()
    await expectAccessible(page)
    await context.close()
  }, 60_000)

  it('stops everything within two taps of the link and one second of waiting, and leaving takes no more taps than joining', async () => {
    const { page, context } = await visitor(browser, served.url, { width: 360, height: 740 })
    const { members } = await served.facts()
    const { person, link } = members[1] as (typeof members)[number]
    const taps = counted(page)
    await page.goto(link)
    await taps.tap('Open my page')
    await page.getByRole('button', { name: 'Stop all uses' }).waitFor()
    const waited = await page.evaluate(pressAndMeasure, { button: 'Stop all uses', words: 'Stopped: ' })
    expect(taps.count + 1).toBeLessThanOrEqual(2)
    expect(waited).toBeLessThan(1_000)
    expect((await statusOf(person, statistics))?.status).toBe('withdrawn')
    expect(await visible(page.getByRole('status').filter({ hasText: 'Stopped' }))).toMatch(/\d\d:\d\d:\d\d/)

    // From the home screen to yes, and from the home screen to no for the same purpose.
    const steps = async (answer: RegExp, done: RegExp): Promise<number> => {
      await page.goto('/me')
      const path = counted(page)
      await path.follow('See and change my choices')
      await path.tap(answer)
      await page.getByText(done).first().waitFor()
      return path.count
    }
    const joining = await steps(/^Yes, use my data in product statistics/, /You join on 1 January 2027\./)
    expect((await statusOf(person, statistics))?.status).toBe('given')
    const leaving = await steps(/^No, do not use my data in product statistics/, /^Stopped: /)
    expect((await statusOf(person, statistics))?.status).toBe('withdrawn')
    expect(leaving).toBeLessThanOrEqual(joining)
    expect(joining).toBe(2)
    await context.close()
  })

  it('gives yes and no the same weight, and no answer without a press: arrow keys and letters do nothing', async () => {
    const { page, person, context } = await memberIn(await nobodyAsked(served), { reducedMotion: true })
    await page.goto('/me/choices')
    const pair = page.getByRole('group', { name: 'Scientific research' }).getByRole('button')
    const [yes, no] = await pair.evaluateAll(weights)
    expect(yes).toEqual(no)
    const before = (await choicesOf(person)).events.length
    expect(before).toBe(0)
    await pair.first().focus()
    for (const key of ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'y', 'n', 'Tab', 'Escape'])
      await page.keyboard.press(key)
    expect((await choicesOf(person)).events.length).toBe(before)
    await context.close()
  })

  it('can be used by keyboard alone, from the link to a stop of one use', async () => {
    const { page, context } = await visitor(browser, served.url)
    const { members } = await served.facts()
    const { person, link } = members[3] as (typeof members)[number]
    await page.goto(link)
    await page.getByRole('button', { name: 'Open my page' }).waitFor()
    await tabTo(page, /^Open my page$/)
    await page.keyboard.press('Enter')
    await page.waitForURL((url) => url.pathname === '/me')
    await settled(page)
    await tabTo(page, /^Choices$/)
    await page.keyboard.press('Enter')
    await page.getByText('You join on 1 January 2027.').waitFor()
    await tabTo(page, /^No, do not use my data in product statistics/)
    await page.keyboard.press('Space')
    await page.getByText(/^Stopped: /).waitFor()
    expect(await page.evaluate(focused)).toMatch(/^No, do not use my data in product statistics/)
    expect((await statusOf(person, statistics))?.status).toBe('withdrawn')
    await context.close()
  })

  it('takes a member out of the buyer’s next question, shows the second, and proves it in the page', async () => {
    const one = await memberIn(0)
    const two = await visitor(browser, served.url)
    await signIn(two.page, served, '/buy')
    const everybody = 'SELECT COUNT(DISTINCT member_id) AS members FROM members'
    const exact = () => exactCount(served.house, 'baskets', statistics, everybody)
    const ask = (sql: string) =>
      two.page.evaluate(async (text) => {
        const reply = await fetch('/v1/releases', {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ product: 'baskets', purpose: 'product-statistics', sql: text, rho: '0.0005' }),
        })
        return { status: reply.status, release: reply.headers.get('location')?.split('/').at(-1) }
      }, sql)

    const first = await ask(`${everybody} WHERE region = 'north'`)
    expect(first.status).toBe(201)
    const before = await exact()
    expect(await usesOf(one.page)).toContain(first.release)

    await one.page.goto('/me')
    await one.page.getByRole('button', { name: 'Stop all uses' }).click()
    const stopped = one.page.getByRole('status').filter({ hasText: 'Stopped: ' })
    await stopped.waitFor()

    const second = await ask(`${everybody} WHERE region = 'south'`)
    expect(second.status).toBe(201)
    expect(await exact()).toBe(before - 1n)
    expect(await usesOf(one.page)).not.toContain(second.release)

    // The second that the page named is that of the books.
    const withdrawn = await statusOf(one.person, statistics)
    expect(withdrawn).toMatchObject({ status: 'withdrawn', inForce: false })
    const since = new Date(Number((withdrawn?.since ?? 0n) / 1000n))
    const shown = await one.page.evaluate(
      (at) =>
        new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(
          new Date(at),
        ),
      since.toISOString(),
    )
    expect(await visible(stopped)).toContain(shown)

    // Its receipt waits for the next batch of the log; then it verifies in the page.
    const check = async () => {
      await one.page.goto('/me/choices')
      await one.page
        .getByText(/^What I answered/)
        .first()
        .click()
      const newest = one.page.getByRole('listitem').filter({ hasText: 'Yes taken back' }).first()
      expect(await visible(newest)).toContain(shown)
      await newest.getByRole('button', { name: 'Check the proof here' }).click()
      return newest
    }
    await (await check()).getByText('The receipt is not ready yet').waitFor()
    await one.page.getByRole('button', { name: /^Move the clock to/ }).click()
    await one.page.getByText(/It is 1 January 2027/).waitFor()
    await sealIfDue(served.house.world)
    const proven = await check()
    await proven.getByText('Checked in this browser: it holds').waitFor()
    await expectAccessible(one.page)
    expect([...one.complaints, ...two.complaints]).toEqual([])
    await one.context.close()
    await two.context.close()
  }, 60_000)
})

/** What is seen, unlike textContent, which has what is folded too. */
// biome-ignore lint/performance/useDomNodeTextContent: what is seen is meant
const visible = (place: Locator): Promise<string> => place.innerText()

/** The screen has what it asked for. */
async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor()
  await expect.poll(() => page.locator('.u-skeleton').count(), patiently).toBe(0)
}

async function unfold(page: Page): Promise<void> {
  await settled(page)
  await page.evaluate(unfoldAll)
}

const fromPage = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (url) => (await fetch(url)).json(), path) as Promise<T>

const usesOf = async (page: Page): Promise<readonly string[]> =>
  (await fromPage<{ uses: { release: string }[] }>(page, '/v1/me/uses?limit=100')).uses.map((use) => use.release)

/** Counts what a person has to do. */
function counted(page: Page) {
  const path = {
    count: 0,
    async tap(name: string | RegExp) {
      path.count++
      await page.getByRole('button', { name }).click()
    },
    async follow(name: string) {
      path.count++
      await page.getByRole('link', { name }).click()
    },
  }
  return path
}

/** Tab until what has the focus is called so. */
async function tabTo(page: Page, name: RegExp): Promise<void> {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab')
    if (name.test(await page.evaluate(focused))) return
  }
  throw new Error(`no way by keyboard to ${name}`)
}

/** "= €0.0375" in millionths of a millionth. */
function picos(text: string): string {
  const [whole = '0', part = ''] = text.replace(/[^\d.]/g, '').split('.')
  return `${whole}${part.padEnd(12, '0')}`
}

/** An adult member who never answered anything. */
async function nobodyAsked({ house }: Served): Promise<string> {
  const { books, clock } = house.world
  for (let number = 10; number < 400; number++) {
    const id = `M${String(number).padStart(5, '0')}`
    const choices = await books.choices(id, clock.now())
    if (choices.ok && choices.value.events.length === 0) return id
  }
  throw new Error('everybody was asked')
}
