import type { Json } from '../../base/canonical.ts'
import { amountText, rhoText } from '../../money/amount.ts'
import type { PeriodEntry } from '../../release/ports.ts'
import { time, timeText } from './time.ts'

export const periodJson = (period: PeriodEntry): Json => ({
  id: period.id,
  openedAt: timeText(period.openedAt),
  endsAt: timeText(period.endsAt),
  closedAt: time(period.closedAt),
  ratePerMilliRho: amountText(period.rate),
  headCountRho: rhoText(period.headCountNano),
  upperBounds: Object.fromEntries(Object.entries(period.upperBounds).map(([purpose, bound]) => [purpose, `${bound}`])),
})
