import { purposes } from './purposes.ts'

/** A purpose in a person's language, with the two whole sentences between which the person chooses. */
export interface PurposeWords {
  readonly title: string
  readonly words: string
  readonly example: string
  readonly yes: string
  readonly no: string
}
export type PersonLanguage = 'en' | 'de'

/** The words that people read, in the languages of their pages. Undefined for a purpose that is not in the closed list. */
export function purposeWords(id: string, language: PersonLanguage): PurposeWords | undefined {
  if (language === 'de') return german[id]
  const purpose = purposes.find((one) => one.id === id)
  const use = uses[id]
  if (!purpose || !use) return undefined
  const { title, words, example } = purpose
  return { title, words, example, yes: `Yes, use my data ${use}.`, no: `No, do not use my data ${use}.` }
}

const uses: Readonly<Record<string, string>> = {
  'product-statistics': 'in product statistics',
  'scientific-research': 'in scientific research',
  'public-statistics': 'in public statistics',
  'service-improvement': 'to improve the service',
}

const german: Readonly<Record<string, PurposeWords>> = {
  'product-statistics': {
    title: 'Produktstatistik',
    words:
      'Zählen, was Mitglieder kaufen, damit Hersteller erfahren, welche Waren gewünscht sind. Nur Antworten, nie Personen.',
    example: 'Wie viele Mitglieder kaufen Haferdrinks, in jeder Region?',
    yes: 'Ja, verwenden Sie meine Daten für Produktstatistik.',
    no: 'Nein, verwenden Sie meine Daten nicht für Produktstatistik.',
  },
  'scientific-research': {
    title: 'Wissenschaftliche Forschung',
    words: 'Zählen und vergleichen für Forschung, deren Ergebnisse veröffentlicht werden.',
    example: 'Kaufen Menschen, die Rad fahren, mehr Obst?',
    yes: 'Ja, verwenden Sie meine Daten für wissenschaftliche Forschung.',
    no: 'Nein, verwenden Sie meine Daten nicht für wissenschaftliche Forschung.',
  },
  'public-statistics': {
    title: 'Öffentliche Statistik',
    words: 'Zählen für Statistiken, die eine öffentliche Stelle für alle veröffentlicht.',
    example: 'Wie viel geben Haushalte fürs Heizen aus, in jeder Region?',
    yes: 'Ja, verwenden Sie meine Daten für öffentliche Statistik.',
    no: 'Nein, verwenden Sie meine Daten nicht für öffentliche Statistik.',
  },
  'service-improvement': {
    title: 'Verbesserung des Angebots',
    words: 'Zählen, was funktioniert und was nicht, damit das Angebot selbst besser wird.',
    example: 'An welchen Tagen sind Regale am häufigsten leer?',
    yes: 'Ja, verwenden Sie meine Daten zur Verbesserung des Angebots.',
    no: 'Nein, verwenden Sie meine Daten nicht zur Verbesserung des Angebots.',
  },
}
