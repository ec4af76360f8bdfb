/**
 * The closed list of purposes. A person says yes or no to each on its own; consent for one never covers another (GDPR 5(1)(b), 6(1)(a)).
 * `dpv` is the nearest term of the W3C Data Privacy Vocabulary 2.3.
 */
export interface Purpose {
  readonly id: string
  readonly title: string
  /** What a person reads: a verb, and what it is for. */
  readonly words: string
  /** A question as it may be asked. */
  readonly example: string
  readonly dpv: string
}

export const purposes: readonly Purpose[] = Object.freeze([
  {
    id: 'product-statistics',
    title: 'Product statistics',
    words: 'Count what members buy, so that makers of goods learn which goods are wanted. Answers only, never people.',
    example: 'How many members buy oat drinks, in each region?',
    dpv: 'https://w3id.org/dpv#SellInsightsFromData',
  },
  {
    id: 'scientific-research',
    title: 'Scientific research',
    words: 'Count and compare for research whose results are published.',
    example: 'Do people who cycle buy more fruit?',
    dpv: 'https://w3id.org/dpv#ScientificResearch',
  },
  {
    id: 'public-statistics',
    title: 'Public statistics',
    words: 'Count for statistics that a public body publishes for everybody.',
    example: 'How much do households spend on heating, by region?',
    dpv: 'https://w3id.org/dpv#DataAltruism',
  },
  {
    id: 'service-improvement',
    title: 'Service improvement',
    words: 'Count what works and what does not, so that the service itself gets better.',
    example: 'On which days are shelves empty most often?',
    dpv: 'https://w3id.org/dpv#ServiceOptimisation',
  },
])

export const purposeIds: readonly string[] = purposes.map((purpose) => purpose.id)
export const findPurpose = (id: string): Purpose | undefined => purposes.find((purpose) => purpose.id === id)
