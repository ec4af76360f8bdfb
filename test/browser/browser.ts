import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { findChromium } from '../../scripts/chromium.js'

/** Tests in a real browser: Debian's Chromium, driven by Playwright. Where there is none they are skipped, and say so by name. */
export const describeInBrowser = (name: string, tests: () => void): void => {
  if (findChromium() === undefined) describe.skip(`${name} (skipped: no Chromium on this machine)`, tests)
  else describe(name, tests)
}

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: findChromium() as string,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

export interface Look {
  readonly width?: number
  readonly height?: number
  readonly dark?: boolean
  readonly language?: 'en' | 'de'
  readonly reducedMotion?: boolean
  readonly javaScript?: boolean
}

/** A visitor of their own: no cookies, no storage. What the page's console says of errors or of the content policy is collected in `complaints`. */
export async function visitor(
  browser: Browser,
  base: string,
  look: Look = {},
): Promise<{ readonly context: BrowserContext; readonly page: Page; readonly complaints: string[] }> {
  const context = await browser.newContext({
    baseURL: base,
    viewport: { width: look.width ?? 1280, height: look.height ?? 900 },
    colorScheme: look.dark ? 'dark' : 'light',
    locale: look.language === 'de' ? 'de-DE' : 'en-GB',
    reducedMotion: look.reducedMotion ? 'reduce' : 'no-preference',
    javaScriptEnabled: look.javaScript ?? true,
  })
  const complaints: string[] = []
  const page = await context.newPage()
  page.on('console', (message) => {
    // The browser itself writes a line for each answer of 400 and above; whether that is right is for the test to say.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    const { url } = { url: request.url() }
    if (!url.startsWith(base) && !url.startsWith('data:') && !url.startsWith('blob:'))
      complaints.push(`a request to somebody else: ${url}`)
  })
  return { context, page, complaints }
}

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** No violation of WCAG 2.2 A and AA, nor of axe's best practices, on the page as it stands. */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(axeSource)
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as {
      axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> }
    }
    const { violations } = await axe.run()
    return violations.map(
      (one) =>
        `${one.id}: ${one.nodes.map((node) => `${String(node.target)} ${node.failureSummary ?? ''}`).join(' | ')}`,
    )
  })
  expect(found, page.url()).toEqual([])
}

/** Nothing runs out of the page to the side. */
export async function expectNoSideways(page: Page): Promise<void> {
  const over = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth')
  expect(over, `${page.url()} at ${page.viewportSize()?.width}`).toBeLessThanOrEqual(0)
}
