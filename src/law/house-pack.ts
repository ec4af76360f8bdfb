import type { RulePack } from './rule.ts'

/**
 * The house's own pack: stricter than any statute it cites, in force everywhere. Every paid answer is judged as if it were a sale of the
 * columns that it touches, although an aggregate is not personal data in most laws; so the protection holds if a regulator disagrees.
 * Two kinds of cases: `case: person` (may this person's records be used for this purpose?) and `case: question` (may this question be asked?).
 */
export const housePack: RulePack = Object.freeze({
  id: 'house',
  version: '2026.11.0',
  layer: 'house',
  rules: [
    {
      id: 'house.opted-in-adult',
      when: { case: ['person'], age: ['adult'], place: ['known'], choice: ['given'], register: ['present'] },
      verdict: 'permit',
      citation: 'GDPR Art. 6(1)(a), Art. 7; 11 CCR 7004',
      tell: { person: 'You said yes to this use.', buyer: 'Only adults who opted in for this purpose are counted.' },
    },
    {
      id: 'house.no-choice',
      when: { case: ['person'], choice: ['refused', 'withdrawn', 'revoked', 'expired', 'unknown'] },
      verdict: 'deny',
      citation: 'GDPR Art. 4(11), Recital 32; CJEU C-673/17 (Planet49)',
      tell: { person: 'You have not said yes, and silence is not a yes.', buyer: 'Nobody is counted without a yes.' },
    },
    {
      id: 'house.minor',
      when: { case: ['person'], age: ['minor'] },
      verdict: 'deny',
      citation: 'House rule; GDPR Art. 8; Cal. Civ. Code 1798.120(c); Md. Com. Law 14-4707(a)(4)-(5)',
      tell: { person: 'Nobody under 18 is counted.', buyer: 'Nobody under 18 is counted.' },
    },
    {
      id: 'house.minor-choice',
      when: { case: ['person'], ageAtChoice: ['minor'] },
      verdict: 'deny',
      citation: 'House rule; GDPR Art. 8',
      tell: {
        person: 'The choice was made before the age of 18; please choose again.',
        buyer: 'A choice made before 18 does not count.',
      },
    },
    {
      id: 'house.age-unknown',
      when: { case: ['person'], age: ['unknown'] },
      verdict: 'deny',
      citation: 'House rule: unknown means no',
      tell: {
        person: 'Your age is not known, so you are not counted.',
        buyer: 'People of unknown age are not counted.',
      },
    },
    {
      id: 'house.place-unknown',
      when: { case: ['person'], place: ['unknown'] },
      verdict: 'deny',
      citation: 'House rule: unknown means no; which law protects a person depends on the place',
      tell: {
        person: 'Your place is not known, so you are not counted.',
        buyer: 'People of unknown place are not counted.',
      },
    },
    {
      id: 'house.absent',
      when: { case: ['person'], register: ['absent', 'unknown'] },
      verdict: 'deny',
      citation: 'GDPR Art. 5(1)(d)',
      tell: {
        person: 'You are not in the current register of members.',
        buyer: 'Only people in the current register are counted.',
      },
    },
    {
      id: 'house.declared-question',
      when: { case: ['question'], purpose: ['declared'], columns: ['declared'] },
      verdict: 'permit',
      citation: 'GDPR Art. 5(1)(b)-(c)',
      tell: {
        person: 'The question stays within what the contract declares.',
        buyer: 'The purpose and the columns are declared by the contract.',
      },
    },
    {
      id: 'house.special-category',
      when: { case: ['question'], category: ['special'] },
      verdict: 'deny',
      citation: 'House rule; GDPR Art. 9(1); Md. Com. Law 14-4707(a)(1)-(2)',
      tell: {
        person: 'Data about health, belief, origin, politics or sex life is never used for paid answers.',
        buyer: 'The question touches a column of a special category; leave it out.',
      },
    },
  ],
} as const satisfies RulePack)
