import { maximum } from '../../base/integer.ts'
import { type Purpose, purposes } from '../../consent/purposes.ts'
import type {
  ConsentEvent,
  ConsentStatus,
  NoticeEntry,
  PeriodEntry,
  PersonChoices,
  PersonStatement,
} from '../../release/ports.ts'
import { time, timeText } from './time.ts'

/** A person's choices as the person reads them. */
export type MyChoices = {
  readonly inForce: number
  readonly purposes: readonly MyChoice[]
}
export type MyChoice = {
  readonly purpose: string
  readonly title: string
  readonly sentence: string
  readonly example: string
  readonly status: ConsentStatus | 'none'
  readonly since?: string | undefined
  readonly validUntil?: string | undefined
  /** Records may enter an answer for this purpose now. */
  readonly inForce: boolean
  /** Why a yes is not in force, or when it will be: 'joins_next_period', 'not_adult', 'limit_reached', … */
  readonly note?: string | undefined
  /** Of a yes that waits: when the open period ends; unknown while none is open. */
  readonly joinsAt?: string | undefined
  /** The text in force; missing: nobody can say yes to this yet. */
  readonly notice?: ShownNotice | undefined
  readonly history: readonly MyAct[]
}
export type ShownNotice = {
  readonly id: string
  readonly version: string
  readonly language: string
  readonly hash: string
  readonly url: string
  readonly text: string
}
export type MyAct = {
  readonly id: string
  readonly status: ConsentStatus
  readonly at: string
  /** When the cohort changed because of it; missing while a yes waits for a period. */
  readonly tookEffectAt?: string | undefined
  readonly entity: string
  readonly notice?: ConsentEvent['notice']
  /** The receipt of this act, once a batch holds it. */
  readonly receipt: string
}

export interface ChoiceFacts {
  readonly choices: PersonChoices
  readonly statement: PersonStatement
  readonly notices: readonly NoticeEntry[]
  readonly period: PeriodEntry | undefined
  /** Purposes that products may be asked for. */
  readonly offered: readonly string[]
  readonly language: string | undefined
}

export function myChoices(facts: ChoiceFacts): MyChoices {
  const shown = purposes.filter((purpose) => facts.offered.includes(purpose.id))
  const list = shown.map((purpose) => myChoice(purpose, facts))
  return { inForce: list.filter((one) => one.inForce).length, purposes: list }
}

function myChoice(purpose: Purpose, facts: ChoiceFacts): MyChoice {
  const { choices, period } = facts
  const standing = choices.standing.find((one) => one.purpose === purpose.id)
  const notice = noticeInForce(facts.notices, purpose.id, facts.language)
  return {
    purpose: purpose.id,
    title: purpose.title,
    sentence: purpose.words,
    example: purpose.example,
    status: standing?.status ?? 'none',
    since: time(standing?.since),
    validUntil: time(standing?.validUntil),
    inForce: standing?.inForce ?? false,
    note: standing?.note,
    joinsAt: standing?.note === 'joins_next_period' ? time(period?.endsAt) : undefined,
    notice: notice && {
      id: notice.id,
      version: notice.version,
      language: notice.language,
      hash: notice.hash,
      url: noticeUrl(notice),
      text: notice.text,
    },
    history: historyOf(purpose.id, facts),
  }
}

/** The newest text that speaks of a purpose; of its version in the language asked for, where there is one. */
export function noticeInForce(
  notices: readonly NoticeEntry[],
  purpose: string,
  language: string | undefined,
): NoticeEntry | undefined {
  const newest = notices.findLast((notice) => notice.purposes.includes(purpose))
  const same = notices.filter((notice) => notice.id === newest?.id && notice.version === newest.version)
  return same.find((notice) => notice.language === language) ?? newest
}

export const noticeUrl = (notice: Pick<NoticeEntry, 'id' | 'version' | 'language'>): string =>
  `/v1/notices/${[notice.id, notice.version, notice.language].map(encodeURIComponent).join('/')}`

/** Newest first. */
function historyOf(purpose: string, { choices, statement }: ChoiceFacts): readonly MyAct[] {
  const acts = choices.events.filter((event) => event.purpose === purpose)
  return acts
    .map((event, place) => ({
      id: event.id,
      status: event.status,
      at: timeText(event.at),
      tookEffectAt: time(effectOf(event, acts[place + 1], statement)),
      entity: event.entity,
      notice: event.notice,
      receipt: `/v1/me/choices/${encodeURIComponent(event.id)}/receipt`,
    }))
    .reverse()
}

/**
 * When the books changed because of an act. A yes: the first stint that holds the purpose from then on, before the next act. Anything else: the end of the
 * stint that held it; where none did there was nothing to end, so at once.
 */
function effectOf(event: ConsentEvent, next: ConsentEvent | undefined, { stints }: PersonStatement) {
  const holding = stints.filter((stint) => stint.purposes.includes(event.purpose))
  if (event.status === 'given') {
    const stint = holding.find((one) => one.to === undefined || one.to > event.at)
    if (stint === undefined || (next !== undefined && stint.from > next.at)) return undefined
    return maximum(stint.from, event.at)
  }
  const left = stints.find(
    (stint, place) =>
      stint.purposes.includes(event.purpose) &&
      stint.to !== undefined &&
      stint.to >= event.at &&
      stint.from <= event.at &&
      !(stints[place + 1]?.from === stint.to && stints[place + 1]?.purposes.includes(event.purpose)),
  )
  return left?.to ?? event.at
}
