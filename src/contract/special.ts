/** Classifications that mean a special category (GDPR Art. 9) or criminal data (Art. 10): never offered, and the law says why. */
const special: ReadonlySet<string> = new Set([
  'special',
  'health',
  'biometric',
  'genetic',
  'religion',
  'politics',
  'ethnicity',
  'sexuality',
  'criminal',
])

export const isSpecialCategory = (classification: string): boolean => special.has(classification.toLowerCase())
