// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of sources
import type { Mutation } from './list.ts'

const exact = 'measures/exact.test.ts'
const hostile = 'measures/hostile.test.ts'
const figures = 'measures/figures.test.ts'
const accepted = 'measures/accepted.test.ts'

/** Of the marketing measures: their SQL, their parameters, their derived figures. */
export const measureMutations: readonly Mutation[] = [
  {
    name: 'quotes in a value are not doubled',
    breaks: 'A value that somebody types changes what is asked.',
    file: 'measures/sql.ts',
    edits: [{ find: `\`'\${text.replaceAll("'", "''")}'\``, replace: "`'${text}'`" }],
    test: hostile,
    title:
      'any text in any parameter is refused by a stable code that names it, or leaves the shape of the SQL as it is',
  },
  {
    name: 'a line ends inside the question in words',
    breaks: 'What a contract calls a value becomes SQL.',
    file: 'measures/text.ts',
    edits: [{ find: "words.replace(unseen, ' ')", replace: 'words' }],
    test: hostile,
    title: 'a domain that a contract declares with ends of lines in it cannot leave the comment',
  },
  {
    name: 'only whoever did something is joined',
    breaks: 'Shares are of those who did it, not of all.',
    file: 'measures/sql.ts',
    edits: [{ find: '`LEFT JOIN ${made.name}', replace: '`JOIN ${made.name}' }],
    test: exact,
    title: 'penetration is counted as it should be',
  },
  {
    name: 'steps of a funnel in any order',
    breaks: 'Whoever took the last step first has gone the whole way.',
    file: 'measures/funnel.ts',
    edits: [{ find: '...(before ? [`${at} >= ${before.name}.reached`] : [])', replace: '...[]' }],
    test: exact,
    title: 'funnel is counted as it should be',
  },
  {
    name: 'a left-joined column is never missing',
    breaks: 'Whoever has no row falls out of the answer without a word.',
    file: 'query/parse/members.ts',
    edits: [
      { find: '...(domain.includes(null) ? [null] : missing)', replace: '...(domain.includes(null) ? [null] : [])' },
    ],
    test: accepted,
    title: 'penetration has a cell also for whoever did nothing',
  },
  {
    name: 'the p-value of a lift forgets the noise',
    breaks: 'A difference that the noise made is called an effect.',
    file: 'measures/figures/lift.ts',
    edits: [{ find: '(variance * ((n - yes) ** 2 + yes ** 2)) / n ** 4', replace: '0 * variance' }],
    test: figures,
    title: 'lift: the published example of an aspirin trial, without noise and with it',
  },
  {
    name: 'numerator and denominator of a share as if independent',
    breaks: 'Intervals of shares are too wide or too narrow.',
    file: 'measures/figures/estimate.ts',
    edits: [{ find: 'const nd = spread * dot(numerator.weights, denominator.weights)', replace: 'const nd = 0' }],
    test: figures,
    title:
      'Fieller’s interval holds the true share in 95 of 100 draws of the noise, the rate’s variance is that of the draws',
  },
]
