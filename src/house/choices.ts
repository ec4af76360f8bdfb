import { sha256 } from '../base/hash.ts'
import { freshId } from '../base/id.ts'
import { microsPerDay } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { defaultValidityDays } from '../consent/event.ts'
import { purposeIds } from '../consent/purposes.ts'
import { readEvents } from '../consent/read.ts'
import { noticeLeaf } from '../release/leaves.ts'
import type { ConsentStatus, NoticeEntry, PersonChoices } from '../release/ports.ts'
import type { House } from './house.ts'

/** Records existing choices with their evidence, all or none. Refuses consent.* and person.unknown, naming the line. */
export async function importChoices(
  house: House,
  text: string,
  fileName: string,
): Promise<Outcome<{ readonly recorded: number; readonly skipped: number }>> {
  const events = readEvents(text, fileName)
  if (!events.ok) return events
  const recorded = await house.world.books.recordChoices(events.value, house.world.clock.now())
  if (!recorded.ok) return recorded
  return accept({ recorded: recorded.value.recorded, skipped: recorded.value.skipped })
}

export interface Choice {
  readonly person: string
  readonly purpose: string
  readonly status: ConsentStatus
  /** Who acts; a yes on a person's behalf needs evidence of the person's own act. */
  readonly entity: string
  readonly evidence: { readonly method: string; readonly reference: string } | undefined
}

/**
 * Records one choice, now. A yes joins the next period's cohort; a no or a withdrawal holds from the very next release.
 * Refuses consent.purpose_unknown, consent.notice_not_in_force (nobody says yes to a text that was not published), consent.evidence_missing, person.unknown.
 */
export async function choose(house: House, choice: Choice): Promise<Outcome<PersonChoices>> {
  const { books, clock } = house.world
  const known = await offeredPurpose(house, choice.purpose)
  if (!known.ok) return known
  const at = clock.now()
  const notice = (await books.notices()).filter((entry) => entry.purposes.includes(choice.purpose)).at(-1)
  if (choice.status === 'given' && !notice)
    return refuse('consent.notice_not_in_force', `no notice for "${choice.purpose}" has been published`, {
      hint: 'usufruct notice publish FILE',
    })
  const recorded = await books.recordChoices(
    [
      {
        id: freshId('evt'),
        recordId: `${choice.person}/${choice.purpose}`,
        person: choice.person,
        purpose: choice.purpose,
        status: choice.status,
        at,
        validUntil: choice.status === 'given' ? at + BigInt(defaultValidityDays) * microsPerDay : undefined,
        notice: notice && { id: notice.id, version: notice.version, language: notice.language, hash: notice.hash },
        entity: choice.entity,
        evidence: choice.evidence,
      },
    ],
    at,
  )
  return recorded.ok ? books.choices(choice.person, clock.now()) : recorded
}

/** Refuses consent.purpose_unknown: no product may be asked for this. */
export async function offeredPurpose({ world }: House, purpose: string): Promise<Outcome<string>> {
  return Object.hasOwn(await world.books.purposeBits(), purpose)
    ? accept(purpose)
    : refuse('consent.purpose_unknown', `there is no purpose "${purpose.slice(0, 80)}" here`)
}

/** Publishes a notice: the text that people are shown before they choose. Refuses consent.purpose_unknown and request.invalid. */
export async function publishNotice(
  house: House,
  notice: {
    readonly id: string
    readonly version: string
    readonly language: string
    readonly purposes: readonly string[]
    readonly text: string
  },
): Promise<Outcome<NoticeEntry>> {
  const unknown = notice.purposes.find((purpose) => !purposeIds.includes(purpose))
  if (unknown !== undefined)
    return refuse('consent.purpose_unknown', `"${unknown}" is not a purpose`, {
      hint: `one of ${purposeIds.join(', ')}`,
    })
  if (notice.text.trim() === '' || notice.purposes.length === 0)
    return refuse('request.invalid', 'a notice needs a text and a purpose')
  const at = house.world.clock.now()
  const entry = {
    ...notice,
    purposes: [...notice.purposes].sort(),
    hash: sha256(notice.text).toString('hex'),
    publishedAt: at,
  }
  const published = await house.world.books.publishNotice(entry, at, noticeLeaf(entry))
  if (published.ok) await house.world.log.publish(at)
  return published
}
