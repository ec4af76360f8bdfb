import type { Json } from '../base/canonical.ts'
import { instantText } from '../base/instant.ts'
import { amountText, payText, rhoText } from '../money/amount.ts'
import type {
  BuyerEntry,
  KeyEntry,
  PeriodEntry,
  PersonChoices,
  PersonStatement,
  ReleaseEntry,
} from '../release/ports.ts'

/** How entries look from outside: the same JSON through the command line and over HTTP. Amounts and losses are decimal texts. */

const time = (at: bigint | undefined): string | undefined => (at === undefined ? undefined : instantText(at))

export const choicesJson = (choices: PersonChoices): Json => ({
  person: choices.person,
  limitClass: choices.limitClass,
  lifeRho: choices.lifeNano === undefined ? undefined : rhoText(choices.lifeNano),
  standing: choices.standing.map((one) => ({
    purpose: one.purpose,
    status: one.status,
    since: instantText(one.since),
    validUntil: time(one.validUntil),
    inForce: one.inForce,
    note: one.note,
  })),
  events: choices.events.map((event) => ({
    id: event.id,
    purpose: event.purpose,
    status: event.status,
    at: instantText(event.at),
    entity: event.entity,
    notice: event.notice && { ...event.notice },
    evidence: event.evidence,
  })),
})

export const periodJson = (period: PeriodEntry): Json => ({
  id: period.id,
  openedAt: instantText(period.openedAt),
  endsAt: instantText(period.endsAt),
  closedAt: time(period.closedAt),
  ratePerMilliRho: amountText(period.rate),
  headCountRho: rhoText(period.headCountNano),
  upperBounds: Object.fromEntries(Object.entries(period.upperBounds).map(([purpose, bound]) => [purpose, `${bound}`])),
})

export const buyerJson = (buyer: BuyerEntry): Json => ({
  id: buyer.id,
  name: buyer.name,
  purposes: buyer.purposes,
  prepaid: amountText(buyer.prepaid),
  pending: amountText(buyer.pending),
})

export const keyJson = (key: KeyEntry): Json => ({
  id: key.id,
  role: key.role,
  subject: key.subject,
  label: key.label,
  createdAt: instantText(key.createdAt),
  revokedAt: time(key.revokedAt),
})

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
  chargedAt: instantText(release.chargedAt),
  settledAt: time(release.settledAt),
  leafIndex: release.leafIndex === undefined ? undefined : `${release.leafIndex}`,
})

export const statementJson = (statement: PersonStatement, currency: string): Json => ({
  person: statement.person,
  currency,
  earned: payText(statement.earned),
  spentRho: rhoText(statement.spentNano),
  stints: statement.stints.map((stint) => ({
    purposes: stint.purposes,
    from: instantText(stint.from),
    to: time(stint.to),
    earned: payText(stint.earned),
    spentRho: rhoText(stint.spentNano),
  })),
  releases: statement.releases.map((release) => ({
    release: release.id,
    at: instantText(release.at),
    buyer: release.buyer,
    product: release.product,
    purpose: release.purpose,
    rho: rhoText(release.nano),
    ratePerMilliRho: amountText(release.rate),
    earned: payText(release.earned),
  })),
})
