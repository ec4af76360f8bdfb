import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { PersonLanguage } from '../consent/purpose-words.ts'
import { createLink, lookAtLink, spendLink } from './access-sessions.ts'
import type { House } from './house.ts'
import { decide } from './person-choices.ts'
import { estimate } from './person-money.ts'
import { answeredWords, type CardFacts } from './views/card.ts'
import { noticeInForce } from './views/my-choices.ts'

/** What the consent card asks. Reads only. Refuses consent.purpose_unknown and consent.notice_not_in_force. */
export async function cardFacts(house: House, purpose: string, language: PersonLanguage): Promise<Outcome<CardFacts>> {
  const { books } = house.world
  if (!Object.hasOwn(await books.purposeBits(), purpose))
    return refuse('consent.purpose_unknown', `there is no purpose "${purpose.slice(0, 80)}" here`)
  const notice = noticeInForce(await books.notices(), purpose, language)
  if (notice === undefined)
    return refuse('consent.notice_not_in_force', `no notice for "${purpose}" has been published`)
  const settings = await books.settings()
  const { low, high } = await estimate(house, settings, [purpose], 'medium')
  return accept({
    house: settings?.name ?? '',
    purpose,
    language,
    notice: {
      id: notice.id,
      version: notice.version,
      language: notice.language,
      hash: notice.hash,
      text: notice.text,
    },
    money: { low, high, currency: settings?.currency ?? '' },
  })
}

export interface CardAnswer {
  /** A link of the person that was put into the form; it is used up. */
  readonly token: string
  readonly purpose: string
  readonly answer: 'yes' | 'no'
  readonly notice: { readonly id: string; readonly version: string; readonly language: string }
}
export interface Answered {
  readonly yes: boolean
  readonly words: string
  readonly tookEffectAt: string | undefined
  readonly joinsAt: string | undefined
  /** A fresh link of the same person: to change the answer, or to open the own page. */
  readonly token: string
}

/**
 * Records what a person answered on the card. Who holds the token is the person, so no cookie is looked at and no other site can answer for anybody. What
 * cannot be recorded does not use the token up. Refuses access.link_wrong, consent.purpose_unknown and consent.notice_not_in_force.
 */
export async function answerCard(
  house: House,
  { token, purpose, answer, notice }: CardAnswer,
  language: PersonLanguage,
  request: string,
): Promise<Outcome<Answered>> {
  const known = await lookAtLink(house, token)
  if (!known.ok) return known
  const facts = await cardFacts(house, purpose, language)
  if (!facts.ok) return facts
  const shown = facts.value.notice
  if (answer === 'yes' && (shown.id !== notice.id || shown.version !== notice.version))
    return refuse('consent.notice_not_in_force', 'the text that was shown is not the one in force for this purpose', {
      hint: 'load the page again: it shows the text in force',
    })
  const link = await spendLink(house, token)
  if (!link.ok) return link
  const { person } = link.value
  const status = answer === 'yes' ? 'given' : 'withdrawn'
  const act = { method: 'consent card', reference: link.value.id, request }
  const decided = await decide(house, person, { purpose, status, notice }, act)
  if (!decided.ok) return decided
  const next = await createLink(house, person)
  if (!next.ok) return next
  const { tookEffectAt, joinsAt } = decided.value
  const yes = answer === 'yes'
  return accept({
    yes,
    words: answeredWords(language, { yes, at: tookEffectAt, joinsAt }),
    tookEffectAt,
    joinsAt,
    token: next.value.token,
  })
}
