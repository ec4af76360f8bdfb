import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccepted } from '../../src/base/refusal.ts'
import { consentReceipt, ownProof } from '../../src/house/person-proof.ts'
import { describeInBrowser, expectAccessible, expectNoSideways, launch, visitor } from './browser.ts'
import { type Served, serveWorld } from './served.ts'

const asFile = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) })

describeInBrowser('the auditor, in a browser', () => {
  let served: Served
  let browser: Browser
  let release: string
  let receipt: string
  let choice: string
  beforeAll(async () => {
    ;[served, browser] = await Promise.all([serveWorld(), launch()])
    const { books } = served.house.world
    const found = (await books.releases({ state: 'released', limit: 20 })).find((one) => one.buyer !== 'house')
    if (!found?.receipt) throw new Error('the world has no release')
    ;({ id: release, receipt } = { id: found.id, receipt: found.receipt })
    choice = await someChoice(served)
  }, 240_000)
  afterAll(async () => {
    await browser?.close()
    await served?.close()
  })

  it('goes from the claims to the log, to one entry, to one release: everything is checked in the page', async () => {
    const { page, context, complaints } = await visitor(browser, served.url)
    await page.goto('/verify')
    await page.getByText('10 promises, not checked since the server started').waitFor()
    await page.getByText('This browser now remembers the log').waitFor()
    await page.getByText('Software does not remove legal duties').waitFor()
    await page.getByRole('button', { name: 'Check them now' }).click()
    await page.getByText('9 of 10 promises were checked and hold').waitFor()
    await page
      .getByText(/^over \d\d releases$/)
      .first()
      .waitFor()
    await page.getByText(/Again from .*: at most once a minute\./).waitFor()
    await page.getByRole('button', { name: 'Check them again' }).click()
    await page.getByText('That was too early: this is still the last result.').waitFor()

    await page.getByRole('link', { name: 'Check the whole log in this browser' }).click()
    await page.getByRole('button', { name: 'Check it all' }).click()
    await page.getByText(/entries give exactly the root of each of the \d+ checkpoints/).waitFor()
    await page.getByText(/Every price and every share follows .* buyers paid €[\d,.]+, of that €[\d,.]+ went/).waitFor()
    expect(
      await page.getByRole('list', { name: 'Check the whole log in this browser' }).getByText('fails').count(),
    ).toBe(0)

    await page.getByLabel('Kind').selectOption('release')
    await page.waitForURL(/kind=release/)
    await page.getByLabel('Text in the entry').fill(release)
    await page.keyboard.press('Enter')
    await page.waitForURL(/q=rel/)
    await page
      .getByRole('link', { name: /^Open entry/ })
      .nth(0)
      .waitFor()
    await expect.poll(() => page.getByRole('link', { name: /^Open entry/ }).count(), { timeout: 15_000 }).toBe(1)
    await page.getByRole('link', { name: /^Open entry/ }).click()
    await page.getByRole('button', { name: 'Prove this entry here' }).click()
    await page.getByText(/exactly as above, gives the signed root/).waitFor()
    await page.getByText('The entry, byte for byte').click()
    await page.getByText(`"id":"${release}"`).waitFor()

    await page.getByRole('link', { name: release }).click()
    await page.getByRole('heading', { name: 'One release' }).waitFor()
    await page.getByText(/^The release, exactly as stated here, is entry \d+ of the log\.$/).waitFor()
    await page.getByText("the people's pool").waitFor()
    await page.getByText('The calculation with its numbers').click()
    await page.getByText(/^pool \d+ = ⌈/).waitFor()
    await page.locator('input[type="file"]').setInputFiles(asFile('receipt.json', receipt))
    await page.getByText('The receipt is true').waitFor()
    await page
      .getByText(/^SELECT|^-- /)
      .first()
      .waitFor()
    await page.locator('input[type="file"]').setInputFiles(asFile('choice.json', choice))
    await page.getByText('This is not the receipt of this release').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('finds one changed digit in a receipt, takes another key, and knows the receipt of a choice', async () => {
    const { page, context, complaints } = await visitor(browser, served.url)
    await page.goto('/verify/receipt')
    const file = page.locator('input[type="file"]')
    await file.setInputFiles(asFile('receipt.json', receipt))
    await page.getByText('The receipt is true').waitFor()
    const price = receipt.replace(/"price":"(\d)/, (_, digit) => `"price":"${(Number(digit) % 9) + 1}`)
    expect(price).not.toBe(receipt)
    await file.setInputFiles(asFile('receipt.json', price))
    await page.getByText(/Do not believe this receipt: \d+ of 11 checks fail/).waitFor()
    await page.getByText('What it says all the same, unproved').waitFor()
    const value = receipt.replace(/"value":"(\d)/, (_, digit) => `"value":"${(Number(digit) % 9) + 1}`)
    await file.setInputFiles(asFile('receipt.json', value))
    await page.getByText('The answer is not the one that the log committed to.').waitFor()
    await file.setInputFiles(asFile('nothing.txt', 'hello'))
    await page.getByText('This is not a receipt: it cannot be read as JSON.').waitFor()

    await page.getByLabel(/Or paste its text/).fill(choice)
    await page.getByRole('button', { name: 'Check the text' }).click()
    await page.getByText('The receipt is true').waitFor()
    await page.getByText(/^consent (given|refused|withdrawn)$/).waitFor()
    await page.getByLabel('Key of the log').fill('north-coop.example/usufruct+00000000+AAAA')
    await page.getByRole('button', { name: 'Check the text' }).click()
    await page.getByText(/The log key cannot be read/).waitFor()
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('checks a receipt without any network once the page has loaded; without it, other screens say so', async () => {
    const { page, context } = await visitor(browser, served.url)
    await page.goto('/verify/receipt')
    await page.getByRole('button', { name: 'Choose the receipt file' }).waitFor()
    await context.setOffline(true)
    await page.locator('input[type="file"]').setInputFiles(asFile('receipt.json', receipt))
    await page.getByText('The receipt is true').waitFor()
    await page.getByLabel(/Or paste its text/).fill(choice)
    await page.getByRole('button', { name: 'Check the text' }).click()
    await page.getByText(/^consent (given|refused|withdrawn)$/).waitFor()
    await context.setOffline(false)
    await page.route('**/v1/log/entries**', (route) => route.abort())
    await page.getByRole('link', { name: 'Log', exact: true }).click()
    await page.getByText('The server cannot be reached').first().waitFor({ timeout: 20_000 })
    await context.close()
  }, 60_000)

  it('compares checkpoints, remembers the newest, and is not deceived by a log that was changed', async () => {
    const { page, context, complaints } = await visitor(browser, served.url)
    await page.goto('/verify/checkpoints')
    await page.getByText('This browser now remembers the log').waitFor()
    await page.getByText(/All \d+ signatures were verified here/).waitFor()
    await page.getByRole('button', { name: 'Check that the log only grew' }).click()
    await page.getByText(/The log only grew, from 1 to \d+ entries/).waitFor()
    const kept = await page.locator('pre').first().textContent()
    await page.getByText('Compare with a checkpoint that was kept').click()
    await page.getByLabel('Or paste the kept checkpoint').fill(kept ?? '')
    await page.getByRole('button', { name: 'Compare with the newest' }).click()
    await page.getByText(/Both are the same log of \d+ entries/).waitFor()
    await page.getByLabel('Or paste the kept checkpoint').fill((kept ?? '').replace(/\n\d/, '\n9'))
    await page.getByRole('button', { name: 'Compare with the newest' }).click()
    await page.getByText('This is not a checkpoint that the log signed').waitFor()

    await page.reload()
    await page.getByText('Nothing was added since you were last here').waitFor()
    // An older checkpoint is remembered: the log grew since, and the proof is checked.
    await rememberOldest(page)
    await page.reload()
    await page.getByText('Since you were last here the log only grew').waitFor()
    // The server gives a proof that proves something else.
    await rememberOldest(page)
    await page.route('**/v1/log/consistency**', (route) => route.fulfill({ json: { path: [] } }))
    await page.reload()
    await page.getByText('The log was changed, or you are shown another one').waitFor()
    // It changes an entry: the tree that is computed here is not the one that was signed.
    await page.route('**/v1/log/entries**', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, body: (await answer.text()).replace(/"price":"\d+"/, '"price":"1"') })
    })
    await page.getByRole('link', { name: 'Log', exact: true }).click()
    await page.getByRole('button', { name: 'Check it all' }).click()
    await page.getByText('The entries that the server shows are not those that the log signed.').waitFor()
    // It names another key.
    await page.route('**/v1/log/key', (route) => route.fulfill({ json: { key: 'somebody.example/log+00000000+AAAA' } }))
    await page.goto('/verify')
    await page.getByText('The log has another key than at your last visit').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it('works with the keyboard alone', async () => {
    const { page, context, complaints } = await visitor(browser, served.url)
    await page.goto('/verify')
    await page.getByRole('button', { name: /^Check them/ }).waitFor()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    expect(await page.evaluate('document.activeElement.id')).toBe('main')
    await tabTo(page, 'Check the whole log in this browser')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/verify\/log/)
    await tabTo(page, 'Check it all')
    await page.keyboard.press('Enter')
    await page.getByText(/entries give exactly the root/).waitFor()
    await tabTo(page, /^Open entry/)
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/verify\/log\/\d+/)
    await tabTo(page, 'Prove this entry here')
    await page.keyboard.press('Enter')
    await page.getByText(/exactly as above, gives the signed root/).waitFor()
    await page.goto('/verify/receipt')
    await page.getByRole('button', { name: 'Choose the receipt file' }).waitFor()
    await tabTo(page, /Or paste its text/)
    // As a clipboard would: typing a receipt takes too long.
    await page.keyboard.insertText(receipt)
    await tabTo(page, 'Check the text')
    await page.keyboard.press('Enter')
    await page.getByText('The receipt is true').waitFor()
    expect(complaints).toEqual([])
    await context.close()
  }, 60_000)

  it.each([
    { dark: false, width: 1280, language: 'en' as const },
    { dark: true, width: 360, language: 'de' as const },
  ])(
    'is accessible on every screen and in every state, %o',
    async (look) => {
      const { page, context, complaints } = await visitor(browser, served.url, { ...look, reducedMotion: true })
      const inspect = async () => {
        await expectAccessible(page)
        await expectNoSideways(page)
      }
      const open = async (address: string) => {
        await page.goto(address)
        await page.waitForLoadState('networkidle')
        expect(await page.evaluate('document.documentElement.lang')).toBe(look.language)
      }
      const press = (name: RegExp) => page.getByRole('button', { name }).click()
      await open('/verify')
      await press(/Check them|prüfen/)
      await page.getByText(/were checked and hold|wurden geprüft und sind gehalten/).waitFor()
      await inspect()
      await open('/verify/log')
      await press(/Check it all|Alles prüfen/)
      await page.getByText(/entries give exactly|Einträge ergeben genau/).waitFor()
      await inspect()
      await open('/verify/log?q=nothing-of-that-name')
      await inspect()
      await open('/verify/log/0')
      await press(/Prove this|beweisen/)
      await page.getByText(/gives the signed root|unterschriebene Wurzel\./).waitFor()
      for (const details of await page.locator('summary').all()) await details.click()
      await inspect()
      await open('/verify/log/99999999')
      await inspect()
      await open(`/verify/releases/${release}`)
      for (const details of await page.locator('summary').all()) await details.click()
      await inspect()
      await open('/verify/releases/rel_nothing')
      await page.getByText('release.unknown').waitFor()
      await inspect()
      await open('/verify/receipt')
      const file = page.locator('input[type="file"]')
      await file.setInputFiles(asFile('receipt.json', receipt))
      await page.getByText(/The receipt is true|Der Beleg ist wahr/).waitFor()
      await inspect()
      await file.setInputFiles(asFile('receipt.json', receipt.replace(/"price":"\d/, '"price":"7')))
      await page.getByText(/Do not believe|Glauben Sie/).waitFor()
      await page.locator('summary').last().click()
      await inspect()
      await file.setInputFiles(asFile('choice.json', choice))
      await page.getByText(/The receipt is true|Der Beleg ist wahr/).waitFor()
      await inspect()
      await open('/verify/checkpoints')
      await press(/only grew|nur angefügt/)
      await page.getByText(/The log only grew, from|Es wurde nur angefügt/).waitFor()
      for (const details of await page.locator('summary').all()) await details.click()
      await inspect()
      await open('/verify/take-away')
      await inspect()
      if (look.language === 'de') {
        const said = (await page.getByRole('main').allInnerTexts()).join(' ')
        expect(said).not.toMatch(/\b(the|key of|checkpoint over|Save|and)\b/)
      }
      expect(complaints).toEqual([])
      await context.close()
    },
    90_000,
  )
})

/** The receipt of a choice of one of the featured members, of one that is in a batch already. */
async function someChoice(served: Served): Promise<string> {
  for (const { person } of (await served.facts()).members) {
    const { choices } = expectAccepted(await ownProof(served.house, person))
    for (const { act } of choices) {
      const proof = expectAccepted(await consentReceipt(served.house, person, act))
      if ('receipt' in proof) return proof.receipt
    }
  }
  throw new Error('nobody has a receipt')
}

/** As if this browser had last been here when the log began. */
async function rememberOldest(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    const { checkpoints } = await (await fetch('/v1/log/checkpoints?limit=200')).json()
    const known = JSON.parse(localStorage.getItem('usufruct.checkpoint'))
    const { note, at } = checkpoints.at(-1)
    localStorage.setItem('usufruct.checkpoint', JSON.stringify({ ...known, note, at }))
  })()`)
}

/** Presses Tab until the focus is on what has this name. */
async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press('Tab')
    const at = String(
      await page.evaluate(`(() => {
        const { activeElement: at } = document
        if (!at.matches('a, button, input, textarea, select, summary')) return ''
        return at.getAttribute('aria-label') ?? at.labels?.[0]?.textContent ?? at.textContent
      })()`),
    )
    if (typeof name === 'string' ? at.trim() === name : name.test(at)) return
  }
  throw new Error(`Tab never comes to ${name}`)
}
