// @ts-check
/**
 * npm run screenshots: lives a demo in a temporary folder, serves it, and takes the README's four pictures (docs/screens). With --all every screen of
 * scripts/screens.js, light and dark, wide and 360 pixels, whole pages, into a temporary folder that it names. --out FOLDER: elsewhere.
 * --only NAME takes those whose name begins so; --url ADDRESS uses a demo that is served already.
 */
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { ensureChromium } from './chromium.js'
import { root } from './ready.js'
import { screens } from './screens.js'

/** A picture in the README is no longer than this. */
const mostBytes = 200_000
const members = '2000'
/** Longer than any demo takes to live. */
const patience = 15 * 60_000

const { values } = parseArgs({
  options: {
    all: { type: 'boolean', default: false },
    out: { type: 'string' },
    only: { type: 'string', default: '' },
    url: { type: 'string' },
  },
})
const program = ensureChromium()
if (program === undefined) process.exit(1)

const looks = values.all
  ? [1280, 360].flatMap((width) => /** @type {const} */ (['light', 'dark']).map((scheme) => ({ width, scheme })))
  : [{ width: 1280, scheme: /** @type {const} */ ('light') }]
const wanted = screens.filter((screen) => (values.all || screen.readme) && screen.name.startsWith(values.only))
const out = resolve(
  values.out ?? (values.all ? mkdtempSync(join(tmpdir(), 'usufruct-screens-')) : join(root, 'docs', 'screens')),
)
mkdirSync(out, { recursive: true })

const folder = mkdtempSync(join(tmpdir(), 'usufruct-demo-'))
const served = values.url === undefined ? await serveDemo() : { url: values.url, stop: async () => undefined }
const browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox', '--disable-gpu'] })
let failed = 0
try {
  for (const look of looks) for (const role of roles()) await takeAll(look, role)
} finally {
  await browser.close()
  await served.stop()
  rmSync(folder, { recursive: true, force: true })
}
process.stdout.write(`${out}\n`)
process.exitCode = failed === 0 ? 0 : 1

/** Each role once, so that a portal is signed in to once for each look. */
function roles() {
  return [...new Set(wanted.map((screen) => screen.role))]
}

/** @param {{ width: number, scheme: 'light' | 'dark' }} look @param {import('./screens.js').Role} role */
async function takeAll({ width, scheme }, role) {
  const context = await browser.newContext({
    baseURL: served.url,
    viewport: { width, height: width < 500 ? 800 : 860 },
    colorScheme: scheme,
    locale: 'en-GB',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  try {
    await signIn(page, role)
  } catch (cause) {
    failed++
    process.stderr.write(`signing in as ${role}: ${cause instanceof Error ? cause.message : cause}\n`)
  }
  for (const screen of wanted.filter((one) => one.role === role)) {
    const file = join(out, values.all ? `${screen.name}-${scheme}-${width}.png` : `${screen.name}.png`)
    try {
      await page.goto(await addressOf(page, screen.address))
      await page.waitForLoadState('networkidle')
      await screen.act?.(page)
      await page.evaluate('document.fonts.ready')
      await page.evaluate('scrollTo(0, 0)')
      await page.screenshot({ path: file, fullPage: values.all })
      const { size } = statSync(file)
      process.stdout.write(`${file} ${Math.ceil(size / 1000)} kB\n`)
      if (!values.all && size >= mostBytes) throw new Error(`${size} bytes are too many`)
    } catch (cause) {
      failed++
      process.stderr.write(`${screen.name} ${scheme} ${width}: ${cause instanceof Error ? cause.message : cause}\n`)
    }
  }
  await context.close()
}

/** @param {import('playwright-core').Page} page @param {import('./screens.js').Role} role */
async function signIn(page, role) {
  if (role === 'nobody') return
  const demo = await read('/v1/demo')
  if (role === 'person') {
    await page.goto(demo.members[0].link)
    await page.getByRole('main').getByRole('button').first().click()
    await page.waitForURL((url) => url.pathname === '/me')
    return
  }
  const portal = role === 'buyer' ? '/buy' : '/steward'
  const login = demo.logins.find((/** @type {{ portal: string }} */ one) => one.portal === portal)
  await page.goto(`/sign-in?next=${portal}`)
  await page.locator('input[name="login"]').fill(login.login)
  await page.locator('input[name="password"]').fill(login.password)
  await page.locator('button[type="submit"]').click()
  await page.waitForURL((url) => url.pathname.startsWith(portal))
}

/** The address with what the served world has in place of its names. @param {import('playwright-core').Page} page @param {string} address */
async function addressOf(page, address) {
  if (address.includes(':bought')) {
    const { releases } = await (await page.request.get('/v1/releases')).json()
    // The dearest is the most precise: noise alone makes no picture of an answer.
    const [dearest] = releases
      .filter((/** @type {{ state: string }} */ one) => one.state === 'released')
      .toSorted(
        (/** @type {{ price: string }} */ one, /** @type {{ price: string }} */ other) => +other.price - +one.price,
      )
    return address.replace(':bought', dearest.id)
  }
  if (!/:(entry|release)/.test(address)) return address
  const [newest] = (await read('/v1/log/entries?kind=release&limit=1')).entries
  return address.replace(':entry', newest.index).replace(':release', newest.leaf.id)
}

/** @param {string} path */
async function read(path) {
  const answer = await fetch(new URL(path, served.url))
  if (!answer.ok) throw new Error(`${path} answers ${answer.status}`)
  return /** @type {any} */ (await answer.json())
}

/** A demo of its own, on any free port; ends with stop(). */
async function serveDemo() {
  const command = [join(root, 'bin', 'usufruct.js'), 'demo', '--members', members, '--port', '0']
  const child = spawn(process.execPath, command, { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] })
  const ended = new Promise((done) => child.once('exit', done))
  const url = await new Promise((done, fail) => {
    let said = ''
    const late = setTimeout(() => fail(new Error('the demo does not start')), patience)
    child.stdout.on('data', (part) => {
      process.stdout.write(part)
      said += part
      const found = /(http:\/\/localhost:\d+)\/verify/.exec(said)
      if (found) done(found[1])
      if (found) clearTimeout(late)
    })
    void ended.then(() => fail(new Error('the demo has ended')))
  })
  return {
    url: /** @type {string} */ (url).replace('localhost', '127.0.0.1'),
    stop: async () => {
      child.kill('SIGTERM')
      await ended
    },
  }
}
