import type { CardFacts } from '../../house/views/card.ts'
import { cardHtml, escaped } from '../card/html.ts'

export interface Line {
  readonly name: string
  readonly quantity: string
  readonly cents: number
}
export interface ShopPage {
  readonly language: 'en' | 'de'
  readonly member: string
  readonly day: string | undefined
  readonly lines: readonly Line[]
  /** Of the log's key, as the page of proofs shows it: here it can be compared. */
  readonly fingerprint: string
  readonly card: { readonly facts: CardFacts; readonly token: string }
}

/** The receipt page of the made-up shop, as any shop's server would render it: plain HTML with the consent card in its own column. */
export function shopHtml({ language, member, day, lines, fingerprint, card }: ShopPage): string {
  const words = text[language]
  const locale = language === 'de' ? 'de-DE' : 'en-GB'
  const money = (cents: number) =>
    new Intl.NumberFormat(locale, { style: 'currency', currency: 'EUR' }).format(
      `${cents}e-2` as Intl.StringNumericLiteral,
    )
  const total = lines.reduce((sum, line) => sum + line.cents, 0)
  const on =
    day === undefined
      ? ''
      : new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: 'UTC' }).format(new Date(day))
  const other = language === 'de' ? 'en' : 'de'
  const receipt =
    lines.length === 0
      ? `<p>${words.nothing}</p>`
      : `<table>
<caption>${escaped(words.bought(on))}</caption>
<thead><tr><th scope="col">${words.item}</th><th scope="col" class="number">${words.count}</th><th scope="col" class="number">${words.price}</th></tr></thead>
<tbody>
${lines.map((line) => `<tr><th scope="row">${escaped(line.name)}</th><td class="number">${escaped(line.quantity)}</td><td class="number">${money(line.cents)}</td></tr>`).join('\n')}
</tbody>
<tfoot><tr><th scope="row">${words.total}</th><td></td><td class="number">${money(total)}</td></tr></tfoot>
</table>`
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>North Co-op · ${words.title}</title>
<link rel="icon" href="/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/shop/shop.css">
<script type="module" src="/embed/consent.js"></script>
</head>
<body>
<header>
<p class="brand">North Co-op</p>
<p>${escaped(words.member(member))}</p>
</header>
<main>
<h1>${words.title}</h1>
<div class="columns">
<section aria-label="${words.receipt}">
${receipt}
<p class="soft">${words.dividend}</p>
</section>
${cardHtml({ facts: card.facts, token: card.token, action: '/consent/answer', back: '/shop' })}
</div>
</main>
<footer>
<p>${words.fingerprint} <code>${fingerprint}</code></p>
<p>${words.madeUp}</p>
<p><a href="/shop?language=${other}" lang="${other}" hreflang="${other}">${other === 'de' ? 'Deutsch' : 'English'}</a> · <a href="/">${words.start}</a></p>
</footer>
</body>
</html>
`
}

export const shopPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const text = {
  en: {
    title: 'Thank you for shopping with us',
    receipt: 'Receipt',
    member: (id: string) => `Member card ${id}`,
    bought: (day: string) => `Your purchase of ${day}`,
    nothing: 'No purchase is on this card yet.',
    item: 'Item',
    count: 'Quantity',
    price: 'Price',
    total: 'Total',
    dividend: 'Your dividend is the same whatever you answer.',
    fingerprint: 'Fingerprint of the public log’s key:',
    madeUp: 'A made-up shop of a made-up world: nobody in it exists, all choices are generated.',
    start: 'All pages of this world',
  },
  de: {
    title: 'Danke für Ihren Einkauf',
    receipt: 'Kassenzettel',
    member: (id: string) => `Mitgliedskarte ${id}`,
    bought: (day: string) => `Ihr Einkauf vom ${day}`,
    nothing: 'Auf dieser Karte ist noch kein Einkauf.',
    item: 'Ware',
    count: 'Menge',
    price: 'Preis',
    total: 'Summe',
    dividend: 'Ihre Dividende ist dieselbe, was immer Sie antworten.',
    fingerprint: 'Fingerabdruck des Schlüssels des öffentlichen Logs:',
    madeUp: 'Ein erfundener Laden einer erfundenen Welt: Niemand darin existiert, alle Entscheidungen sind erzeugt.',
    start: 'Alle Seiten dieser Welt',
  },
} as const
