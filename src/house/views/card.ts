import { type PersonLanguage, purposeWords } from '../../consent/purpose-words.ts'
import type { ShownNotice } from './my-choices.ts'

/** What the consent card asks: one purpose, by public facts alone. The same for everybody. */
export type CardFacts = {
  readonly house: string
  readonly purpose: string
  readonly language: PersonLanguage
  readonly notice: Omit<ShownNotice, 'url'>
  /** What the last twelve months paid somebody who said yes all the time, and the most that the budgets allow for a year. */
  readonly money: { readonly low: string; readonly high: string; readonly currency: string }
}

/** The first layer of a notice: at most 120 words, everything that a decision needs. */
export type CardWords = {
  readonly title: string
  readonly purpose: string
  readonly example: string
  readonly never: string
  readonly money: string
  readonly change: string
  readonly yes: string
  readonly no: string
  readonly more: string
}

export function cardWords({ house, purpose, language, money }: CardFacts): CardWords {
  const words = purposeWords(purpose, language)
  const amount = (text: string) =>
    new Intl.NumberFormat(language === 'de' ? 'de-DE' : 'en-GB', {
      style: 'currency',
      currency: money.currency === '' ? 'EUR' : money.currency,
    }).format(text as Intl.StringNumericLiteral)
  const [low, high] = [amount(money.low), amount(money.high)]
  const own = {
    purpose: words === undefined ? purpose : `${words.title}: ${words.words}`,
    yes: words?.yes ?? purpose,
    no: words?.no ?? purpose,
  }
  if (language === 'de')
    return {
      ...own,
      title: `${house} fragt: Dürfen wir Ihre Daten verwenden?`,
      example: `Zum Beispiel: „${words?.example}“`,
      never: 'Niemals: Ihr Name, eine Liste von Personen, Werbung, die auf Sie zielt.',
      money: `Geld: von nichts bis etwa ${high} im Jahr. Wer in den letzten zwölf Monaten durchgehend Ja sagte, bekam ${low}.`,
      change:
        'Sie können Ihre Meinung jederzeit ändern: Gegebene Antworten bleiben, keine neue schließt Sie ein. Ein Nein ändert sonst nichts.',
      more: 'Den ganzen Text lesen',
    }
  return {
    ...own,
    title: `${house} asks: may we use your data?`,
    example: `For example: “${words?.example}”`,
    never: 'Never: your name, a list of people, advertising aimed at you.',
    money: `Money: from nothing to about ${high} a year. Whoever said yes all through the last twelve months got ${low}.`,
    change:
      'Change your mind at any time: answers already given stay, no new one includes you. A no changes nothing else.',
    more: 'Read the whole text',
  }
}

/** What the answer did, in one sentence. `at`: when it took effect; `joinsAt`: when a yes begins. */
export function answeredWords(
  language: PersonLanguage,
  done: { readonly yes: boolean; readonly at: string | undefined; readonly joinsAt: string | undefined },
): string {
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const day = (instant: string) =>
    new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(instant))
  const second = (instant: string) =>
    `${new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium', timeZone: 'UTC' }).format(new Date(instant))} UTC`
  if (language === 'de') {
    if (!done.yes) return done.at === undefined ? 'Ihr Nein gilt.' : `Ihr Nein gilt seit ${second(done.at)}.`
    if (done.joinsAt !== undefined) return `Ihr Ja ist festgehalten. Sie sind ab dem ${day(done.joinsAt)} dabei.`
    return done.at === undefined ? 'Ihr Ja ist festgehalten.' : `Ihr Ja gilt seit ${second(done.at)}.`
  }
  if (!done.yes) return done.at === undefined ? 'Your no holds.' : `Your no holds since ${second(done.at)}.`
  if (done.joinsAt !== undefined) return `Your yes is recorded. You join on ${day(done.joinsAt)}.`
  return done.at === undefined ? 'Your yes is recorded.' : `Your yes holds since ${second(done.at)}.`
}
