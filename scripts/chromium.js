// @ts-check
/** Finds Chromium for the tests in a browser; on Debian as root it is installed when it is missing. Nothing else is ever downloaded. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** The program, or undefined. USUFRUCT_CHROMIUM names another. */
export const findChromium = () =>
  [process.env.USUFRUCT_CHROMIUM ?? '', ...places].find((path) => path !== '' && existsSync(path))

/** As root on Debian installs the package; elsewhere says what the reader can do and gives undefined. */
export function ensureChromium() {
  const found = findChromium()
  if (found !== undefined) return found
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    process.stderr.write('usufruct: installing Chromium from Debian for the tests in a browser\n')
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const run = (/** @type {string[]} */ args) =>
      spawnSync('apt-get', args, { stdio: ['ignore', 2, 2], env }).status === 0
    if (run(['update', '-qq']) && run(['install', '-y', '-qq', '--no-install-recommends', 'chromium']))
      return findChromium()
  }
  process.stderr.write(
    'usufruct: no Chromium found, so the tests in a browser are skipped; install it ("apt-get install chromium"), or name it in USUFRUCT_CHROMIUM\n',
  )
  return undefined
}
