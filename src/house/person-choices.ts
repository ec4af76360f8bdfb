import { freshId } from '../base/id.ts'
import { microsPerDay } from '../base/instant.ts'
import { accept, type Outcome, refuse } from '../base/refusal.ts'
import { defaultValidityDays } from '../consent/event.ts'
import type { ConsentEvent, ConsentStatus } from '../release/ports.ts'
import { offeredPurpose } from './choices.ts'
import type { House } from './house.ts'
import { type MyChoice, type MyChoices, myChoices, noticeInForce } from './views/my-choices.ts'
import { timeText } from './views/time.ts'

/** How a person's own act is known: by which key or session, in which request. */
export interface OwnAct {
  readonly method: string
  readonly reference: string
  readonly request: string
}

/** What I allowed, and since when. Reads only. Refuses person.unknown. */
export async function ownChoices(house: House, person: string, language?: string): Promise<Outcome<MyChoices>> {
  const { books, clock } = house.world
  const at = clock.now()
  const choices = await books.choices(person, at)
  if (!choices.ok) return choices
  const statement = await books.statement(person, at)
  if (!statement.ok) return statement
  return accept(
    myChoices({
      choices: choices.value,
      statement: statement.value,
      notices: await books.notices(),
      period: await books.openPeriod(at),
      offered: Object.keys(await books.purposeBits()),
      language,
    }),
  )
}

export interface Wish {
  readonly purpose: string
  readonly status: 'given' | 'withdrawn' | 'refused'
  /** What was shown; a yes needs it, a no does not. */
  readonly notice?:
    | { readonly id: string; readonly version: string; readonly language?: string | undefined }
    | undefined
}

/**
 * Records a person's own choice, in one step either way. A yes is to the text in force and joins the next period's cohort; a no ends it in the very
 * transaction that records it. Refuses consent.purpose_unknown, consent.notice_not_in_force and person.unknown.
 */
export async function decide(
  house: House,
  person: string,
  wish: Wish,
  act: OwnAct,
): Promise<Outcome<MyChoice & { readonly tookEffectAt: string | undefined }>> {
  const { books, clock } = house.world
  const known = await offeredPurpose(house, wish.purpose)
  if (!known.ok) return known
  const inForce = noticeInForce(await books.notices(), wish.purpose, wish.notice?.language)
  const shown = inForce?.id === wish.notice?.id && inForce?.version === wish.notice?.version ? inForce : undefined
  if (wish.status === 'given' && shown === undefined)
    return refuse(
      'consent.notice_not_in_force',
      wish.notice === undefined
        ? 'a yes says which text was read'
        : 'the text that was shown is not the one in force for this purpose',
      { hint: 'GET /v1/me/choices gives the text in force; show it and ask again' },
    )
  const before = await books.choices(person, clock.now())
  if (!before.ok) return before
  const said = before.value.standing.find((one) => one.purpose === wish.purpose)?.status === 'given'
  const status = wish.status === 'given' ? 'given' : said ? 'withdrawn' : 'refused'
  const notice = shown && { id: shown.id, version: shown.version, language: shown.language, hash: shown.hash }
  const at = clock.now()
  const event = eventOf(person, wish.purpose, status, at, act, notice)
  const recorded = await books.recordChoices([event], at)
  if (!recorded.ok) return recorded
  const after = await ownChoices(house, person, wish.notice?.language)
  if (!after.ok) return after
  const choice = after.value.purposes.find((one) => one.purpose === wish.purpose)
  if (choice === undefined) return refuse('consent.purpose_unknown', 'the purpose is not offered')
  const own = choice.history.find((one) => one.id === event.id)
  return accept({ ...choice, tookEffectAt: own?.tookEffectAt })
}

/** Ends every use at once, all in one transaction. Saying it twice changes nothing. */
export async function stopAll(
  house: House,
  person: string,
  act: OwnAct,
): Promise<Outcome<MyChoices & { readonly stopped: readonly string[]; readonly tookEffectAt: string }>> {
  const { books, clock } = house.world
  const before = await books.choices(person, clock.now())
  if (!before.ok) return before
  const given = before.value.standing.filter((one) => one.status === 'given').map((one) => one.purpose)
  const at = clock.now()
  if (given.length > 0) {
    const events = given.map((purpose) => eventOf(person, purpose, 'withdrawn', at, act, undefined))
    const recorded = await books.recordChoices(events, at)
    if (!recorded.ok) return recorded
  }
  const after = await ownChoices(house, person)
  return after.ok ? accept({ ...after.value, stopped: given, tookEffectAt: timeText(at) }) : after
}

const eventOf = (
  person: string,
  purpose: string,
  status: ConsentStatus,
  at: bigint,
  act: OwnAct,
  notice: ConsentEvent['notice'],
): ConsentEvent => ({
  id: freshId('evt'),
  recordId: `${person}/${purpose}`,
  person,
  purpose,
  status,
  at,
  validUntil: status === 'given' ? at + BigInt(defaultValidityDays) * microsPerDay : undefined,
  notice,
  entity: 'person',
  evidence: { method: act.method, reference: act.reference, request: act.request },
})
