import { canonical } from '../base/canonical.ts'
import { instantText } from '../base/instant.ts'
import { rational, rationalText } from '../base/rational.ts'
import { type LeafOf, leafBytes } from '../tlog/leaves.ts'
import type {
  ContractEntry,
  HouseSettings,
  Indices,
  LoadEntry,
  NoticeEntry,
  PeriodEntry,
  ReleaseEntry,
} from './ports.ts'
import { packs } from './way/market.ts'
import type { Noisy } from './way/run.ts'
import type { World } from './world.ts'

/**
 * What the log commits to. No leaf holds a head count, a sequence number or anything else that would move when one person leaves:
 * amounts follow N^, indices follow the releases, and times are the times of public acts.
 */
export function releaseLeaf(question: Noisy, result: string, world: World): LeafOf<'release'> {
  const { charged, catalogue, price, period, noise } = question
  const release = charged.release
  const multiplier = catalogue.tariff.multiplier[release.purpose] ?? rational(1n)
  return {
    kind: 'release',
    id: release.id,
    product: release.product,
    contract: catalogue.version,
    contractHash: catalogue.hash,
    purpose: release.purpose,
    planHash: question.planHash,
    nano: `${release.nano}`,
    delta: `${release.delta}`,
    period: period.id,
    upperBound: `${question.upperBound}`,
    rate: `${release.rate}`,
    price: `${release.price}`,
    fee: `${price.fee}`,
    pool: `${release.pool}`,
    shares: texts(release.shares),
    tariff: {
      peoplesShare: rationalText(catalogue.tariff.peoplesShare),
      floorPerMilliRho: `${catalogue.tariff.floorPerMilliRho}`,
      multiplier: rationalText(multiplier),
      postedRate: `${period.rate}`,
    },
    channels: noise.channels.map((channel) => ({
      measure: channel.measure,
      part: channel.part,
      nano: `${channel.nano}`,
      sensitivitySquared: `${channel.sensitivitySquared}`,
      sigma2: rationalText(channel.sigma2),
      ...(channel.choice ? { epsilon: rationalText(channel.choice.epsilon) } : {}),
    })),
    indices: indexTexts(release.indices),
    result,
    chargedAt: instantText(release.chargedAt),
    packs: packs(),
    code: world.code,
  }
}

/** A charge whose release failed: the loss stands, the money went back. Says nothing of why. */
export const incidentLeaf = (release: ReleaseEntry, world: World): Uint8Array =>
  leafBytes({
    kind: 'incident',
    release: release.id,
    purpose: release.purpose,
    nano: `${release.nano}`,
    delta: `${release.delta}`,
    pool: `${release.pool}`,
    rate: `${release.rate}`,
    indices: indexTexts(release.indices),
    chargedAt: instantText(release.chargedAt),
    code: world.code,
  })

export const settingsLeaf = (settings: HouseSettings): Uint8Array =>
  leafBytes({ kind: 'settings', settings: JSON.parse(canonical(settings as never)) })

export const contractLeaf = (entry: ContractEntry): Uint8Array =>
  leafBytes({
    kind: 'contract',
    product: entry.product,
    version: entry.version,
    hash: entry.hash,
    purposes: entry.purposes,
    appliedAt: instantText(entry.appliedAt),
  })

export const noticeLeaf = (entry: NoticeEntry): Uint8Array =>
  leafBytes({
    kind: 'notice',
    id: entry.id,
    version: entry.version,
    language: entry.language,
    purposes: entry.purposes,
    hash: entry.hash,
    publishedAt: instantText(entry.publishedAt),
  })

/** Which contract the data follow and that they are new; no row count, no hash of the data. */
export const loadLeaf = (entry: Omit<LoadEntry, 'number'>): Uint8Array =>
  leafBytes({
    kind: 'load',
    id: entry.id,
    product: entry.product,
    contract: entry.contractVersion,
    loadedAt: instantText(entry.loadedAt),
  })

export const periodLeaf = (
  event: 'open' | 'close' | 'abandon',
  period: Pick<PeriodEntry, 'id' | 'endsAt' | 'rate' | 'headCountNano' | 'upperBounds'>,
  at: bigint,
): Uint8Array =>
  leafBytes({
    kind: 'period',
    event,
    id: period.id,
    at: instantText(at),
    endsAt: instantText(period.endsAt),
    rate: `${period.rate}`,
    nano: `${period.headCountNano}`,
    upperBounds: Object.fromEntries(
      Object.entries(period.upperBounds).map(([purpose, bound]) => [purpose, `${bound}`]),
    ),
  })

const texts = <K extends string>(amounts: Readonly<Record<K, bigint>>): Record<K, string> =>
  Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, `${amount}`])) as Record<K, string>

const indexTexts = (indices: Readonly<Record<string, Indices>>) =>
  Object.fromEntries(
    Object.entries(indices).map(([purpose, { a, b, d }]) => [purpose, { a: `${a}`, b: `${b}`, d: `${d}` }]),
  )
