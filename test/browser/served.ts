import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { runningClock } from '../../src/demo/clock.ts'
import { demoHome, makeDemo, writeDemo } from '../../src/demo/home.ts'
import { type DemoFacts, ensurePeriod, serveDemo } from '../../src/demo/served.ts'
import type { House } from '../../src/house/house.ts'
import { openHouse } from '../../src/main.ts'
import { startServer } from '../../src/server/start.ts'

export interface Served {
  readonly url: string
  readonly house: House
  /** The member whom the shop knows. */
  readonly shopper: string
  /** Logins, fresh one-time links, the clock. */
  facts(): Promise<DemoFacts>
  close(): Promise<void>
}

/** The lived-in demo with fewer members, as `npm start` serves it: real books in the embedded PostgreSQL, the real server, the portals of dist-web/. */
export async function serveWorld(members = 400): Promise<Served> {
  const folder = await mkdtemp(join(tmpdir(), 'usufruct-test-'))
  const state = await makeDemo(
    folder,
    members,
    () => undefined,
    () => false,
  )
  const clock = runningClock(state.start, state.since, state.ahead)
  const house = await openHouse(demoHome(folder), { clock })
  await ensurePeriod(house, clock)
  const demo = serveDemo(house, clock, state, () => writeDemo(folder, { ...state, ahead: clock.ahead() }))
  const server = await startServer(house, { host: '127.0.0.1', port: 0 }, { demo })
  return {
    url: server.url,
    house,
    shopper: state.shopper,
    facts: () => demo.facts(),
    close: async () => {
      await server.close()
      await house.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** Signs in through the page, as staff and buyers do. */
export async function signIn(page: Page, served: Served, portal: '/buy' | '/steward'): Promise<void> {
  const login = (await served.facts()).logins.find((one) => one.portal === portal)
  if (!login) throw new Error(`nobody signs in to ${portal}`)
  await page.goto(`/sign-in?next=${portal}`)
  await page.locator('input[name="login"]').fill(login.login)
  await page.locator('input[name="password"]').fill(login.password)
  await page.locator('button[type="submit"]').click()
  await page.waitForURL((url) => url.pathname.startsWith(portal))
}

/** Opens a member's one-time link and presses its button. */
export async function enter(page: Page, served: Served, person?: string): Promise<string> {
  const { members } = await served.facts()
  const member = members.find((one) => person === undefined || one.person === person)
  if (!member) throw new Error(`no link for ${person}`)
  await page.goto(member.link)
  await page
    .getByRole('button')
    .filter({ hasNotText: /clock|Uhr/ })
    .first()
    .click()
  await page.waitForURL((url) => url.pathname === '/me')
  return member.person
}
