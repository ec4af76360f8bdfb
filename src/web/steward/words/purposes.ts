import { texts, useText } from '../../i18n/language.tsx'

/** The closed list of purposes (src/consent/purposes.ts) by name; one that a later version adds is shown by its id. */
export function usePurpose(): (id: string) => string {
  const words: Readonly<Record<string, string>> = useText(names)
  return (id) => words[id] ?? id
}

const names = texts({
  en: {
    'product-statistics': 'Product statistics',
    'scientific-research': 'Scientific research',
    'public-statistics': 'Public statistics',
    'service-improvement': 'Service improvement',
  },
  de: {
    'product-statistics': 'Produktstatistik',
    'scientific-research': 'Wissenschaftliche Forschung',
    'public-statistics': 'Öffentliche Statistik',
    'service-improvement': 'Verbesserung des Angebots',
  },
})
