import { style } from './style.ts'
import { words } from './words.ts'

/**
 * The consent card: <usufruct-consent> around the plain form that the house rendered (src/server/card/html.ts). Without this script the form works as it is. With
 * it the same words stand in a shadow tree, brandable by parts and custom properties; an answer is sent without leaving the page; and the two steps "shown" and
 * "details opened" are counted, by day and never by person. It is a region of the page, not a dialog: focus goes in and out of it as it likes, and nothing but a
 * press on one of the two buttons answers.
 */
class ConsentCard extends HTMLElement {
  connectedCallback(): void {
    if (this.shadowRoot !== null) return
    const form = this.querySelector('form')
    if (form !== null) begin(this, form)
  }
}

/** What the house answers to a form that accepts JSON. */
interface Answered {
  readonly words: string
  readonly yes: boolean
  readonly token: string
}

function begin(card: HTMLElement, plain: HTMLFormElement): void {
  const shadow = card.attachShadow({ mode: 'open' })
  shadow.adoptedStyleSheets = [sheet]
  const form = plain.cloneNode(true) as HTMLFormElement
  for (const element of form.querySelectorAll<HTMLElement>('[data-part]'))
    element.setAttribute('part', element.dataset.part ?? '')
  const title = form.querySelector('[data-part="title"]')
  if (title !== null) title.id = 'title'
  const region = document.createElement('section')
  region.setAttribute('part', 'card')
  region.setAttribute('aria-labelledby', 'title')
  region.lang = card.lang
  const result = document.createElement('p')
  result.setAttribute('part', 'result')
  result.setAttribute('role', 'status')
  form.querySelector('[data-part="answers"]')?.after(result)
  region.append(form)
  shadow.append(region)

  const house = new URL(form.action).origin
  const count = counter(form, house)
  whenSeen(region, () => count('shown'))
  form.querySelector('details')?.addEventListener('toggle', () => count('details'), { once: true })
  // A form of another site's house goes there as a form: the browser keeps scripts from reading its answer.
  if (house !== location.origin) return
  let sending = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const button = event.submitter
    if (sending || !(button instanceof HTMLButtonElement)) return
    sending = true
    const say = words[card.lang.startsWith('de') ? 'de' : 'en']
    result.textContent = say.sending
    void send(form, button)
      .then((done) => {
        result.textContent = `${done.words} `
        result.append(ownPage(done.token, say.own))
        field(form, 'token').value = done.token
        for (const one of form.querySelectorAll('button')) one.setAttribute('aria-pressed', String(one === button))
        card.dispatchEvent(new CustomEvent('usufruct-answered', { bubbles: true, detail: { yes: done.yes } }))
      })
      .catch((cause: unknown) => {
        result.textContent = cause instanceof Refusal ? `${say.refused} ${cause.message}` : say.unreached
      })
      .finally(() => {
        sending = false
      })
  })
}

class Refusal extends Error {}

async function send(form: HTMLFormElement, button: HTMLButtonElement): Promise<Answered> {
  const fields = new URLSearchParams()
  for (const [name, value] of new FormData(form)) if (typeof value === 'string') fields.set(name, value)
  fields.set(button.name, button.value)
  const response = await fetch(form.action, {
    method: 'POST',
    headers: { accept: 'application/json' },
    body: fields,
    credentials: 'omit',
    redirect: 'error',
  })
  const answer = (await response.json()) as Answered & { readonly detail?: string }
  if (!response.ok) throw new Refusal(answer.detail ?? '')
  return answer
}

function ownPage(token: string, text: string): HTMLAnchorElement {
  const link = document.createElement('a')
  link.href = `/me/enter#${token}`
  link.textContent = text
  link.setAttribute('part', 'own')
  return link
}

/** Counts a step once. A count that does not arrive is no reason to trouble anybody. */
function counter(form: HTMLFormElement, house: string): (step: 'shown' | 'details') => void {
  const done = new Set<string>()
  return (step) => {
    if (done.has(step) || house !== location.origin) return
    done.add(step)
    void fetch(`${house}/v1/notices/${encodeURIComponent(field(form, 'notice').value)}/events`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ step, version: field(form, 'version').value, language: field(form, 'language').value }),
      credentials: 'omit',
    }).catch(() => undefined)
  }
}

/** When at least half of the card is in sight for the first time. */
function whenSeen(region: Element, then: () => void): void {
  const watch = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return
      watch.disconnect()
      then()
    },
    { threshold: 0.5 },
  )
  watch.observe(region)
}

const field = (form: HTMLFormElement, name: string): HTMLInputElement =>
  form.querySelector(`input[name="${name}"]`) as HTMLInputElement

const sheet = new CSSStyleSheet()
sheet.replaceSync(style)
if (customElements.get('usufruct-consent') === undefined) customElements.define('usufruct-consent', ConsentCard)
