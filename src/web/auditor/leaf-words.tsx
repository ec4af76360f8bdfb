import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Leaf } from '../../tlog/leaves.ts'
import { type Format, useFormat } from '../i18n/format.ts'
import { type Language, texts, useLanguage, useText } from '../i18n/language.tsx'
import { Facts } from '../ui/page.tsx'
import { useCurrency } from './api.ts'
import styles from './auditor.module.css'
import { money, purposeTitle, rho } from './numbers.ts'

type Words = (typeof text)['en']

/** What every sentence about a leaf needs besides the leaf. */
interface Saying {
  readonly words: Words
  readonly format: Format
  readonly language: Language
  readonly currency: string | undefined
}
function useSaying(): Saying {
  const words = useText(text)
  const format = useFormat()
  const { language } = useLanguage()
  return { words, format, language, currency: useCurrency() }
}

/** One line for a list: what the entry says. */
export function useLeafSentence(): (leaf: Leaf) => string {
  const saying = useSaying()
  return (leaf) => sentence(leaf, saying)
}

/** When the entry says it happened; some leaves name a day only, some no time. */
export function timeOf(leaf: Leaf): string | undefined {
  if (leaf.kind === 'release' || leaf.kind === 'incident') return leaf.chargedAt
  if (leaf.kind === 'period') return leaf.at
  if (leaf.kind === 'notice') return leaf.publishedAt
  if (leaf.kind === 'contract') return leaf.appliedAt
  if (leaf.kind === 'load') return leaf.loadedAt
  return leaf.kind === 'consent-batch' ? leaf.day : undefined
}

export const kinds = [
  'release',
  'period',
  'consent-batch',
  'notice',
  'contract',
  'load',
  'incident',
  'settings',
] as const satisfies readonly Leaf['kind'][]

export function useKindName(): (kind: string) => string {
  const words = useText(text)
  return (kind) => words.kinds[kind as Leaf['kind']] ?? kind
}

function sentence(leaf: Leaf, { words, format, language, currency }: Saying): string {
  const titles = (purposes: readonly string[]) => format.list(purposes.map((one) => purposeTitle(one, language)))
  switch (leaf.kind) {
    case 'release':
      return words.release(titles([leaf.purpose]), rho(leaf.nano, format), money(leaf.price, format, currency, 2))
    case 'incident':
      return words.incident(leaf.release)
    case 'period':
      return words.period[leaf.event](format.day(leaf.endsAt))
    case 'notice':
      return words.notice(leaf.version, leaf.language, titles(leaf.purposes))
    case 'contract':
      return words.contract(leaf.product, leaf.version)
    case 'load':
      return words.load(leaf.product, leaf.contract)
    case 'consent-batch':
      return words.batch(format.number(leaf.number), format.day(leaf.day), format.number(leaf.capacity))
    case 'settings':
      return words.settings
  }
}

/** Every member of the leaf that a reader asks for, named. The raw text stands beside it on the screen. */
export function LeafFacts({ leaf }: { readonly leaf: Leaf }) {
  return <Facts items={factsOf(leaf, useSaying())} />
}

type Fact = readonly [string, ReactNode]
const hash = (text: string): ReactNode => <span className={styles.hash}>{text}</span>

function factsOf(leaf: Leaf, { words, format, language, currency }: Saying): readonly Fact[] {
  const title = (purpose: string) => purposeTitle(purpose, language)
  const { names } = words
  switch (leaf.kind) {
    case 'release':
      return [
        [
          names.release,
          <Link key="release" to="/verify/releases/$id" params={{ id: leaf.id }}>
            {leaf.id}
          </Link>,
        ],
        [names.purpose, title(leaf.purpose)],
        [names.product, `${leaf.product} ${leaf.contract}`],
        [names.rho, rho(leaf.nano, format)],
        [names.price, money(leaf.price, format, currency)],
        [names.at, format.time(leaf.chargedAt, true)],
      ]
    case 'incident':
      return [
        [names.release, leaf.release],
        [names.purpose, title(leaf.purpose)],
        [names.rho, rho(leaf.nano, format)],
        [names.pool, money(leaf.pool, format, currency)],
        [names.at, format.time(leaf.chargedAt, true)],
        [names.meaning, words.incidentWhy],
      ]
    case 'period':
      return [
        [names.period, leaf.id],
        [names.at, format.time(leaf.at, true)],
        [names.ends, format.time(leaf.endsAt)],
        [names.rate, words.perMilliRho(money(leaf.rate, format, currency))],
        [names.counting, rho(leaf.nano, format)],
        ...Object.entries(leaf.upperBounds).map(
          ([purpose, bound]): Fact => [words.bound(title(purpose)), words.atMost(format.number(bound))],
        ),
      ]
    case 'notice':
      return [
        [names.notice, `${leaf.id}, ${leaf.version}`],
        [names.language, leaf.language],
        [names.purposes, format.list(leaf.purposes.map(title))],
        [names.at, format.time(leaf.publishedAt, true)],
        [names.hash, hash(leaf.hash)],
      ]
    case 'contract':
      return [
        [names.product, leaf.product],
        [names.version, leaf.version],
        [names.purposes, format.list(leaf.purposes.map(title))],
        [names.at, format.time(leaf.appliedAt, true)],
        [names.hash, hash(leaf.hash)],
      ]
    case 'load':
      return [
        [names.load, leaf.id],
        [names.product, `${leaf.product} ${leaf.contract}`],
        [names.at, format.time(leaf.loadedAt, true)],
        [names.meaning, words.loadWhy],
      ]
    case 'consent-batch':
      return [
        [names.number, format.number(leaf.number)],
        [names.day, format.day(leaf.day)],
        [names.capacity, format.number(leaf.capacity)],
        [names.root, hash(leaf.root)],
        [names.meaning, words.batchWhy],
      ]
    case 'settings':
      return [[names.meaning, words.settingsWhy]]
  }
}

const text = texts({
  en: {
    kinds: {
      release: 'Release',
      period: 'Period',
      'consent-batch': 'Batch of choices',
      notice: 'Notice',
      contract: 'Contract',
      load: 'Load of data',
      incident: 'Incident',
      settings: 'Settings',
    },
    release: (purpose: string, rho: string, price: string) =>
      `An answer for ${purpose}: privacy loss ${rho}, price ${price}`,
    incident: (release: string) => `Release ${release} failed after its charge; the money went back`,
    period: {
      open: (end: string) => `A period opens, until ${end}, with its rate and its bounds`,
      close: (end: string) => `The period until ${end} closes`,
      abandon: (end: string) => `The period until ${end} was abandoned half-way`,
    },
    notice: (version: string, language: string, purposes: string) =>
      `Notice ${version} (${language}) is published for ${purposes}`,
    contract: (product: string, version: string) => `Contract ${version} of ${product} is applied`,
    load: (product: string, contract: string) => `New data of ${product} are loaded under contract ${contract}`,
    batch: (number: string, day: string, capacity: string) =>
      `Choices of ${day}: batch ${number}, ${capacity} slots, nobody can tell how many are filled`,
    settings: 'The settings of the house, from here on',
    incidentWhy:
      'The privacy loss and the pay of the people stay; the buyer got the money back and the steward paid. The entry does not say why it failed.',
    loadWhy: 'How many rows there are, and their hash, is not said: with that one could test for a person.',
    batchWhy:
      'A person proves an act of their own with a receipt. From here nobody can tell whose acts are in it, or how many.',
    settingsWhy: 'Limits, periods, shares and when answers leave, as written out below.',
    perMilliRho: (amount: string) => `${amount} per person for a privacy loss of 0.001`,
    bound: (purpose: string) => `People for ${purpose}`,
    atMost: (bound: string) => `at most ${bound} (a noisy upper bound)`,
    names: {
      release: 'Release',
      purpose: 'Purpose',
      product: 'Product and contract',
      rho: 'Privacy loss (rho)',
      price: 'Price',
      pool: 'Pay of the people',
      at: 'When',
      meaning: 'What that means',
      period: 'Period',
      ends: 'Ends',
      rate: 'Posted rate',
      counting: 'Privacy loss of counting',
      notice: 'Notice',
      language: 'Language',
      purposes: 'Purposes',
      hash: 'Hash of its text',
      version: 'Version',
      load: 'Load',
      number: 'Number',
      day: 'Day',
      capacity: 'Slots',
      root: 'Root',
    },
  },
  de: {
    kinds: {
      release: 'Auskunft',
      period: 'Periode',
      'consent-batch': 'Bündel von Entscheidungen',
      notice: 'Hinweis',
      contract: 'Vertrag',
      load: 'Laden von Daten',
      incident: 'Zwischenfall',
      settings: 'Einstellungen',
    },
    release: (purpose: string, rho: string, price: string) =>
      `Eine Auskunft für ${purpose}: Privatheitsverlust ${rho}, Preis ${price}`,
    incident: (release: string) => `Auskunft ${release} scheiterte nach ihrer Belastung; das Geld ging zurück`,
    period: {
      open: (end: string) => `Eine Periode beginnt, bis ${end}, mit ihrem Satz und ihren Obergrenzen`,
      close: (end: string) => `Die Periode bis ${end} endet`,
      abandon: (end: string) => `Die Periode bis ${end} wurde auf halbem Weg aufgegeben`,
    },
    notice: (version: string, language: string, purposes: string) =>
      `Hinweis ${version} (${language}) wird veröffentlicht für ${purposes}`,
    contract: (product: string, version: string) => `Vertrag ${version} von ${product} tritt in Kraft`,
    load: (product: string, contract: string) => `Neue Daten von ${product} werden unter Vertrag ${contract} geladen`,
    batch: (number: string, day: string, capacity: string) =>
      `Entscheidungen vom ${day}: Bündel ${number}, ${capacity} Plätze; niemand sieht, wie viele belegt sind`,
    settings: 'Die Einstellungen des Hauses, von hier an',
    incidentWhy:
      'Privatheitsverlust und Vergütung der Menschen bleiben; der Käufer bekam sein Geld zurück, und der Verwalter zahlte. Warum sie scheiterte, sagt der Eintrag nicht.',
    loadWhy:
      'Wie viele Zeilen es sind und wie ihr Hash lautet, steht nicht darin: Damit ließe sich nach einem Menschen suchen.',
    batchWhy:
      'Ein Mensch beweist seine eigene Entscheidung mit seinem Beleg. Von hier aus sieht niemand, wessen Entscheidungen darin liegen oder wie viele.',
    settingsWhy: 'Grenzen, Perioden, Anteile und wann Antworten hinausgehen, wie sie unten stehen.',
    perMilliRho: (amount: string) => `${amount} je Person für einen Privatheitsverlust von 0,001`,
    bound: (purpose: string) => `Menschen für ${purpose}`,
    atMost: (bound: string) => `höchstens ${bound} (eine verrauschte Obergrenze)`,
    names: {
      release: 'Auskunft',
      purpose: 'Zweck',
      product: 'Produkt und Vertrag',
      rho: 'Privatheitsverlust (rho)',
      price: 'Preis',
      pool: 'Vergütung der Menschen',
      at: 'Wann',
      meaning: 'Was das heißt',
      period: 'Periode',
      ends: 'Endet',
      rate: 'Ausgehängter Satz',
      counting: 'Privatheitsverlust der Zählung',
      notice: 'Hinweis',
      language: 'Sprache',
      purposes: 'Zwecke',
      hash: 'Hash seines Textes',
      version: 'Version',
      load: 'Ladung',
      number: 'Nummer',
      day: 'Tag',
      capacity: 'Plätze',
      root: 'Wurzel',
    },
  },
})
