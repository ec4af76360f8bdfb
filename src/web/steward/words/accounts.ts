import { texts, useText } from '../../i18n/language.tsx'

/** Accounts and entries of the book of money in words. */
export function useAccountWords(): {
  account(name: string): string
  /** For a posting: as short as it can be said. */
  short(name: string): string
  entry(kind: string): string
} {
  const words = useText(text)
  const kinds: Readonly<Record<string, string>> = words.entries
  const split = (name: string): readonly [string, string] => {
    const [kind = '', of = ''] = name.split(/:(.*)/s)
    return [kind, of]
  }
  return {
    account: (name) => {
      const [kind, of] = split(name)
      if (kind === 'prepaid') return words.prepaid(of)
      if (kind === 'pending') return words.pending(of)
      if (name === 'pool') return words.pool
      if (name === 'external') return words.external
      return words.share(words.shares[name as keyof typeof words.shares] ?? name)
    },
    short: (name) => {
      const [kind, of] = split(name)
      if (kind === 'prepaid') return words.shortPrepaid(of)
      if (kind === 'pending') return words.shortPending
      if (name === 'pool') return words.shortPool
      if (name === 'external') return words.shortExternal
      return words.shares[name as keyof typeof words.shares] ?? name
    },
    entry: (kind) => kinds[kind] ?? kind,
  }
}

const text = texts({
  en: {
    prepaid: (buyer: string) => `paid in advance by ${buyer}`,
    pending: (release: string) => `on hold for the answer ${release}`,
    pool: 'owed to the customers who were counted',
    external: 'paid in from outside; below nought by what came in',
    share: (whose: string) => `share of ${whose}`,
    shares: { steward: 'the steward', operator: 'the operator', reserve: 'the reserve' },
    shortPrepaid: (buyer: string) => buyer,
    shortPending: 'on hold',
    shortPool: 'customers',
    shortExternal: 'outside',
    entries: {
      fund: 'A buyer paid in advance',
      hold: 'The price of an answer is held',
      post: 'An answer was paid: customers first, the rest by the published shares',
      burn: 'An answer failed: its price went back, the steward pays the customers',
      'head-count': 'The steward pays customers for the count of a period',
    },
  },
  de: {
    prepaid: (buyer: string) => `von ${buyer} vorausbezahlt`,
    pending: (release: string) => `vorgemerkt für die Antwort ${release}`,
    pool: 'den gezählten Kunden geschuldet',
    external: 'von außen eingezahlt; um das Eingegangene unter null',
    share: (whose: string) => `Anteil ${whose}`,
    shares: { steward: 'der Verwaltung', operator: 'des Betreibers', reserve: 'der Rücklage' },
    shortPrepaid: (buyer: string) => buyer,
    shortPending: 'vorgemerkt',
    shortPool: 'Kunden',
    shortExternal: 'außen',
    entries: {
      fund: 'Ein Käufer zahlte im Voraus',
      hold: 'Der Preis einer Antwort wird vorgemerkt',
      post: 'Eine Antwort wurde bezahlt: zuerst die Kunden, der Rest nach den veröffentlichten Anteilen',
      burn: 'Eine Antwort schlug fehl: Ihr Preis ging zurück, die Verwaltung bezahlt die Kunden',
      'head-count': 'Die Verwaltung bezahlt die Kunden für die Zählung eines Zeitraums',
    },
  },
})
