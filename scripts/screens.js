// @ts-check
/**
 * Every screen of every portal, for pictures (scripts/screenshots.js). `:release`, `:entry` and `:buyer` stand for one that the served world has.
 * @typedef {import('playwright-core').Page} Page
 * @typedef {'nobody' | 'person' | 'buyer' | 'steward'} Role
 * @typedef {{ name: string, address: string, role: Role, readme?: true, act?: (page: Page) => Promise<unknown> }} Screen
 */

/** Presses the one button of the screen that does its work, and waits for what it shows. @param {string} button @param {string} shown */
const press = (button, shown) => async (/** @type {Page} */ page) => {
  await page.getByRole('button', { name: button }).first().click()
  await page.getByText(shown).first().waitFor()
}

/** @type {readonly Screen[]} */
export const screens = [
  { name: 'start', address: '/', role: 'nobody' },
  { name: 'sign-in', address: '/sign-in', role: 'nobody' },
  { name: 'shop', address: '/shop', role: 'nobody' },

  { name: 'person', address: '/me', role: 'person', readme: true },
  { name: 'person-choices', address: '/me/choices', role: 'person' },
  { name: 'person-uses', address: '/me/uses', role: 'person' },
  { name: 'person-money', address: '/me/money', role: 'person' },
  { name: 'person-data', address: '/me/data', role: 'person' },
  { name: 'person-proof', address: '/me/proof', role: 'person' },

  { name: 'buyer-catalogue', address: '/buy', role: 'buyer' },
  { name: 'buyer-product', address: '/buy/products/baskets', role: 'buyer' },
  { name: 'buyer-ask', address: '/buy/ask', role: 'buyer' },
  {
    name: 'buyer-measures',
    address: '/buy/ask',
    role: 'buyer',
    act: async (page) => {
      await page.locator('summary', { hasText: 'Questions in words' }).click()
      await page.getByLabel('Measure', { exact: true }).selectOption('repeat-rate')
      await page.locator('.cm-content', { hasText: 'did_it' }).waitFor()
    },
  },
  { name: 'buyer-releases', address: '/buy/releases', role: 'buyer' },
  { name: 'buyer', address: '/buy/releases/:bought', role: 'buyer', readme: true },
  { name: 'buyer-balance', address: '/buy/balance', role: 'buyer' },
  { name: 'buyer-keys', address: '/buy/keys', role: 'buyer' },
  { name: 'buyer-connect', address: '/buy/connect', role: 'buyer' },

  { name: 'steward', address: '/steward', role: 'steward', readme: true },
  { name: 'steward-products', address: '/steward/products', role: 'steward' },
  { name: 'steward-contract', address: '/steward/products/contract', role: 'steward' },
  { name: 'steward-loads', address: '/steward/products/loads', role: 'steward' },
  { name: 'steward-consent', address: '/steward/consent', role: 'steward' },
  { name: 'steward-notices', address: '/steward/consent/notices', role: 'steward' },
  { name: 'steward-buyers', address: '/steward/buyers', role: 'steward' },
  { name: 'steward-buyer', address: '/steward/buyers/brightoat', role: 'steward' },
  { name: 'steward-refusals', address: '/steward/buyers/refusals', role: 'steward' },
  { name: 'steward-budget', address: '/steward/budget', role: 'steward' },
  { name: 'steward-money', address: '/steward/money', role: 'steward' },
  { name: 'steward-periods', address: '/steward/set-up', role: 'steward' },
  { name: 'steward-answers', address: '/steward/set-up/answers', role: 'steward' },
  { name: 'steward-keys', address: '/steward/set-up/keys', role: 'steward' },
  { name: 'steward-links', address: '/steward/set-up/links', role: 'steward' },

  {
    name: 'auditor',
    address: '/verify',
    role: 'nobody',
    readme: true,
    act: press('Check them', 'promises were checked and hold'),
  },
  {
    name: 'auditor-log',
    address: '/verify/log',
    role: 'nobody',
    act: press('Check it all', 'give exactly the root of each'),
  },
  {
    name: 'auditor-entry',
    address: '/verify/log/:entry',
    role: 'nobody',
    act: press('Prove this entry here', 'gives the signed root'),
  },
  { name: 'auditor-release', address: '/verify/releases/:release', role: 'nobody' },
  { name: 'auditor-receipt', address: '/verify/receipt', role: 'nobody' },
  {
    name: 'auditor-checkpoints',
    address: '/verify/checkpoints',
    role: 'nobody',
    act: press('Check that the log only grew', 'The log only grew, from'),
  },
  { name: 'auditor-take-away', address: '/verify/take-away', role: 'nobody' },
]
