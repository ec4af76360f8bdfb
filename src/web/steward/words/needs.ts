import type { Need } from '../../../house/needs.ts'
import { useFormat } from '../../i18n/format.ts'
import { texts, useLanguage, useText } from '../../i18n/language.tsx'
import { usePurpose } from './purposes.ts'

/** Where what waits is mended. A failure's own file is on the disk of the house, where no screen reaches. */
export function placeOf({ kind, subject }: Need): string | undefined {
  if (kind.startsWith('period.')) return '/steward/set-up'
  if (kind.startsWith('buyer.')) return `/steward/buyers/${encodeURIComponent(subject)}`
  if (kind.startsWith('notice.')) return '/steward/consent/notices'
  if (kind === 'product.draft') return `/steward/products/contract?product=${encodeURIComponent(subject)}`
  if (kind === 'log.not_published') return '/verify'
  if (kind === 'incident') return undefined
  if (kind === 'release.failed' || kind === 'answers.at_once') return '/steward/set-up/answers'
  return '/steward/products/loads'
}

/** What waits, in the reader's language. The server's own sentence holds the numbers; it is in English. */
export function useNeedWords(): { words(need: Need): string; mend(need: Need): string } {
  const { language } = useLanguage()
  const mends = useText(mend)
  const format = useFormat()
  const purpose = usePurpose()
  return {
    words: (need) =>
      language === 'en'
        ? need.words
        : german[need.kind](
            need.kind.startsWith('notice.') ? purpose(need.subject) : need.subject,
            need.by === undefined ? '' : format.day(need.by),
          ),
    mend: ({ kind }) => mends[kind],
  }
}

type Words = Readonly<Record<Need['kind'], string>>
const mend = texts<Words>({
  en: {
    'period.none': 'Open a period',
    'period.ending': 'See the periods',
    'buyer.not_approved': 'Approve a purpose',
    'buyer.no_funds': 'Record a payment',
    'product.no_load': 'How data are loaded',
    'product.load_older_than_contract': 'How data are loaded',
    'product.draft': 'Open the contract',
    'load.set_aside': 'See what was set aside',
    'notice.missing': 'How a notice is published',
    'notice.stale': 'Read the notice',
    incident: '',
    'release.failed': 'See what failed',
    'answers.at_once': 'Set a grid',
    'log.not_published': 'See the log',
  },
  de: {
    'period.none': 'Zeitraum eröffnen',
    'period.ending': 'Zeiträume ansehen',
    'buyer.not_approved': 'Zweck zulassen',
    'buyer.no_funds': 'Zahlung eintragen',
    'product.no_load': 'Wie Daten geladen werden',
    'product.load_older_than_contract': 'Wie Daten geladen werden',
    'product.draft': 'Vertrag öffnen',
    'load.set_aside': 'Ansehen, was zurückgestellt wurde',
    'notice.missing': 'Wie ein Hinweis veröffentlicht wird',
    'notice.stale': 'Hinweis lesen',
    incident: '',
    'release.failed': 'Ansehen, was fehlschlug',
    'answers.at_once': 'Raster einstellen',
    'log.not_published': 'Protokoll ansehen',
  },
})

const german: Readonly<Record<Need['kind'], (subject: string, by: string) => string>> = {
  'period.none': () => 'Kein Zeitraum ist offen; es kann nichts gefragt werden.',
  'period.ending': (_, by) => `Der Zeitraum endet am ${by}; eröffnen Sie dann den nächsten.`,
  'buyer.not_approved': (buyer) => `${buyer} wartet auf die Zulassung eines Zwecks.`,
  'buyer.no_funds': (buyer) => `${buyer} hat kein vorausbezahltes Geld mehr.`,
  'product.no_load': (product) => `${product} hat noch keine Daten; es kann nichts gefragt werden.`,
  'product.load_older_than_contract': (product) =>
    `Die Daten von ${product} wurden unter einem früheren Vertrag geladen: Laden Sie sie neu.`,
  'product.draft': (product) => `Der Vertrag von ${product} nennt sich selbst einen Entwurf.`,
  'load.set_aside': (product) => `Beim letzten Laden von ${product} wurden viele Zeilen zurückgestellt.`,
  'notice.missing': (purpose) => `Für „${purpose}“ ist kein Hinweis veröffentlicht; niemand kann Ja dazu sagen.`,
  'notice.stale': (purpose) =>
    `Der Hinweis zu „${purpose}“ ist älter als der geltende Vertrag: Prüfen Sie, ob er noch sagt, was getan wird.`,
  incident: (file) => `Etwas ist fehlgeschlagen: ${file} im Ordner der Vorfälle.`,
  'release.failed': (release) =>
    `${release} ist nach der Belastung fehlgeschlagen: Sehen Sie nach, warum, und ob solche Fragen vom nächsten Zeitraum an gesperrt werden.`,
  'answers.at_once': () =>
    'Antworten gehen hinaus, sobald sie fertig sind; wie lange eine dauert, verrät etwas über die Daten: Stellen Sie ein Raster ein.',
  'log.not_published': () => 'Einträge des Protokolls stehen noch unter keinem Prüfpunkt.',
}
