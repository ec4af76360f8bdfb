import { defineConfig } from 'vitest/config'

/** npm run test:long: the long files too, and larger counts in those that read the variable. */
const long = process.env.USUFRUCT_LONG === '1'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...(long ? [] : ['test/**/*.long.test.ts']), '**/node_modules/**', '**/dist/**'],
    testTimeout: long ? 600_000 : 30_000,
    hookTimeout: long ? 600_000 : 60_000,
    pool: 'forks',
    maxWorkers: 2,
    // Nothing is written beside the sources: the clone may belong to another account.
    cache: false,
  },
})
