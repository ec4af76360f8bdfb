import { assert } from '../base/assert.ts'
import { canonical } from '../base/canonical.ts'
import { commit, freshSalt } from '../base/hash.ts'
import { dayOf, dayText, startOfDay } from '../base/instant.ts'
import { maximum } from '../base/integer.ts'
import type { Instant } from '../base/units.ts'
import { consentDomain, consentRecord } from '../consent/receipt.ts'
import { fillBatch } from '../tlog/batch.ts'
import { leafBytes } from '../tlog/leaves.ts'
import type { ConsentEvent, NoticeEntry } from './ports.ts'
import type { World } from './world.ts'

/**
 * Acts of consent reach the public log in batches of a fixed capacity, one for each day on which the house looks at its clock, at the opening or the
 * closing of a period or by the server's timer: with or without acts, and never because somebody acted. More acts than slots wait for the next batch.
 * So nothing that others can see depends on whether, when or how many people chose.
 */
export const defaultConsentCapacity = 4096

/** Seals the day's batch when there is none yet, and publishes it. True when one was sealed. For whoever watches the clock. */
export const sealIfDue = (world: World): Promise<boolean> =>
  world.inTurn(async () => {
    const sealed = await sealDue(world)
    if (sealed) await world.log.publish(world.clock.now())
    return sealed
  })

/** The same for work that has its turn already; what it appended is published with that work's own leaf. */
export async function sealDue(world: World): Promise<boolean> {
  const { books } = world
  const settings = await books.settings()
  const newest = await books.newestConsentBatch()
  const at = world.clock.now()
  if (settings === undefined || (newest !== undefined && dayOf(at) <= newest.day)) return false
  const capacity = settings.consentCapacity ?? defaultConsentCapacity
  const [events, notices] = [await books.unbatchedChoices(capacity), await books.notices()]
  const acts = events.map((event) => {
    const salt = freshSalt()
    const receipt = consentRecord(event, noticeOf(event, notices), settings)
    const commitment = Buffer.from(commit(consentDomain, salt, receipt), 'hex')
    return { event: event.id, salt: salt.toString('hex'), receipt: canonical(receipt), commitment }
  })
  const { root, placed } = fillBatch(
    acts.map((act) => act.commitment),
    capacity,
    freshSalt,
  )
  const batch = {
    number: (newest?.number ?? 0) + 1,
    day: dayOf(at),
    capacity,
    root: Buffer.from(root).toString('hex'),
  }
  const slots = acts.map(({ event, salt, receipt }, index) => {
    const place = placed[index]
    assert(place, 'every act has its place')
    return { event, salt, receipt, ...place }
  })
  const leaf = leafBytes({
    kind: 'consent-batch',
    number: `${batch.number}`,
    day: dayText(batch.day),
    capacity: `${capacity}`,
    root: batch.root,
  })
  await books.sealConsentBatch({ ...batch, slots }, at, leaf)
  return true
}

/** When the next batch may be sealed: the day after the newest one, or now. */
export async function nextBatchAt(world: World): Promise<Instant> {
  const newest = await world.books.newestConsentBatch()
  const at = world.clock.now()
  const due = newest === undefined ? at : startOfDay(newest.day + 1)
  return maximum(due, at)
}

const noticeOf = ({ notice }: ConsentEvent, notices: readonly NoticeEntry[]): NoticeEntry | undefined =>
  notice &&
  notices.find(
    (one) =>
      one.id === notice.id &&
      one.version === notice.version &&
      (notice.language === undefined || one.language === notice.language),
  )
