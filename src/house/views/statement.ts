import type { Json } from '../../base/canonical.ts'
import { amountText, payText, rhoText } from '../../money/amount.ts'
import { deltaText, epsilonText, statedDelta } from '../../privacy/accounting.ts'
import type { PersonStatement } from '../../release/ports.ts'
import { time, timeText } from './time.ts'

export const statementJson = (statement: PersonStatement, currency: string): Json => ({
  person: statement.person,
  currency,
  earned: payText(statement.earned),
  spentRho: rhoText(statement.spentNano),
  spentDelta: deltaText(statement.spentDelta),
  spentEpsilon: epsilonText(statement.spentNano),
  epsilonAtDelta: deltaText(statedDelta(statement.spentDelta)),
  stints: statement.stints.map((stint) => ({
    purposes: stint.purposes,
    from: timeText(stint.from),
    to: time(stint.to),
    earned: payText(stint.earned),
    spentRho: rhoText(stint.spentNano),
  })),
  releases: statement.releases.map((release) => ({
    release: release.id,
    at: timeText(release.at),
    buyer: release.buyer,
    product: release.product,
    purpose: release.purpose,
    rho: rhoText(release.nano),
    ratePerMilliRho: amountText(release.rate),
    earned: payText(release.earned),
  })),
})
