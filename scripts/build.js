// @ts-check
/** npm run build: packages and dist/, each only if missing or stale. */
import { orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, ensureWeb } from './ready.js'

await orExplain(() => {
  ensureInstalled()
  ensureBuilt()
  ensureWeb()
})
