import type { Json } from '../../base/canonical.ts'
import { amountText, rhoText } from '../../money/amount.ts'
import type { ReleaseEntry } from '../../release/ports.ts'
import { time, timeText } from './time.ts'

/** What a buyer or an auditor may see of a release; the answer itself is in the receipt. Never a head count. */
export const releaseJson = (release: ReleaseEntry): Json => ({
  id: release.id,
  state: release.state,
  product: release.product,
  purpose: release.purpose,
  sql: (release.plan as { readonly sql?: string } | null)?.sql,
  rho: rhoText(release.nano),
  price: amountText(release.state === 'burned' ? 0n : release.price),
  period: release.periodId,
  chargedAt: timeText(release.chargedAt),
  settledAt: time(release.settledAt),
  leafIndex: release.leafIndex === undefined ? undefined : `${release.leafIndex}`,
})
