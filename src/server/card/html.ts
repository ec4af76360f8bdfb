import type { Answered } from '../../house/card.ts'
import { type CardFacts, cardWords } from '../../house/views/card.ts'

/** Text for a place in HTML, also within an attribute's double quotes. */
export const escaped = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0)};`)

export interface CardForm {
  readonly facts: CardFacts
  readonly token: string
  /** Where the form goes: the house's own address, with its origin when the form stands in another site. */
  readonly action: string
  /** A path of this house to go back to after an answer without JavaScript. */
  readonly back?: string | undefined
}

/**
 * The consent card as HTML that any page can hold: a plain form, which works as it is, inside the element that /embed/consent.js makes a card of. No style, no
 * script, nothing preselected; only a button that is pressed sends it.
 */
export function cardHtml({ facts, token, action, back }: CardForm): string {
  const words = cardWords(facts)
  const { notice, purpose, language } = facts
  const hidden = Object.entries({
    token,
    purpose,
    notice: notice.id,
    version: notice.version,
    language,
    ...(back === undefined ? {} : { back }),
  })
  return `<usufruct-consent lang="${language}">
<form method="post" action="${escaped(action)}">
${hidden.map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`).join('\n')}
<h2 data-part="title">${escaped(words.title)}</h2>
<p data-part="purpose">${escaped(words.purpose)} ${escaped(words.example)}</p>
<p data-part="never">${escaped(words.never)}</p>
<p data-part="money">${escaped(words.money)}</p>
<div data-part="answers">
<button type="submit" name="answer" value="yes" data-part="answer">${escaped(words.yes)}</button>
<button type="submit" name="answer" value="no" data-part="answer">${escaped(words.no)}</button>
</div>
<p data-part="change">${escaped(words.change)}</p>
<details data-part="details"><summary data-part="more">${escaped(words.more)}</summary>
<div data-part="text" lang="${escaped(notice.language)}">${paragraphs(notice.text)}</div></details>
</form>
</usufruct-consent>`
}

const paragraphs = (text: string): string =>
  text
    .trim()
    .split(/\n\s*\n/)
    .map((part) => `<p>${escaped(part.replaceAll('\n', ' '))}</p>`)
    .join('\n')

/** The answer to a form that was sent without JavaScript: what was recorded, the way to change it, and the way to the own page. */
export function answeredHtml(form: CardForm, done: Answered): string {
  const words = pageWords[form.facts.language]
  return page(form.facts.language, form.facts.house, [
    `<h1>${escaped(done.words)}</h1>`,
    `<p>${words.kept}</p>`,
    `<p><a href="/me/enter#${escaped(done.token)}">${words.own}</a></p>`,
    form.back === undefined ? '' : `<p><a href="${escaped(form.back)}">${words.back}</a></p>`,
    `<h2>${words.change}</h2>`,
    cardHtml(form),
  ])
}

/** When nothing could be recorded: why, in plain words. */
export function refusedHtml(language: 'en' | 'de', why: string, back: string | undefined): string {
  const words = pageWords[language]
  return page(language, words.nothing, [
    `<h1>${words.nothing}</h1>`,
    `<p lang="en">${escaped(why)}</p>`,
    back === undefined ? `<p>${words.again}</p>` : `<p><a href="${escaped(back)}">${words.againLink}</a></p>`,
  ])
}

export const cardPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

const page = (language: string, title: string, parts: readonly string[]): string => `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escaped(title)}</title>
<link rel="stylesheet" href="/consent/page.css">
</head>
<body>
<main>
${parts.filter((part) => part !== '').join('\n')}
</main>
</body>
</html>
`

const pageWords = {
  en: {
    kept: 'It is recorded, with the text that you were shown. A receipt of it comes with the next batch of the public log.',
    own: 'Open my page: every use, what it paid, and the proof',
    back: 'Back',
    change: 'Changed your mind?',
    nothing: 'Nothing was recorded',
    again: 'Go back, load the page again, and answer once more.',
    againLink: 'Load the page again',
  },
  de: {
    kept: 'Es ist festgehalten, mit dem Text, der Ihnen gezeigt wurde. Einen Beleg gibt es mit dem nächsten Stapel des öffentlichen Logs.',
    own: 'Meine Seite öffnen: jede Nutzung, was sie einbrachte, und der Beweis',
    back: 'Zurück',
    change: 'Anders entschieden?',
    nothing: 'Es wurde nichts festgehalten',
    again: 'Gehen Sie zurück, laden Sie die Seite neu und antworten Sie noch einmal.',
    againLink: 'Die Seite neu laden',
  },
} as const
