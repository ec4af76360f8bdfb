import type { Mutation } from './list.ts'

const choice = 'privacy/exponential.test.ts'

/** Bounds that a release chooses, and answers that are topped up. */
export const boundsMutations: readonly Mutation[] = [
  {
    name: 'epsilon of the exponential mechanism rounded up',
    breaks: 'A choice tells a little more about each person than is charged.',
    file: 'privacy/exponential.ts',
    edits: [
      {
        find: 'rational(isqrt((8n * nano * perEpsilon ** 2n) / nanoPerRho), perEpsilon)',
        replace: 'rational(isqrt((8n * nano * perEpsilon ** 2n) / nanoPerRho) + 1n, perEpsilon)',
      },
    ],
    test: choice,
    title: 'never costs more than is charged, and a 2^-20 more would',
  },
  {
    name: 'the factor 1/2 of the exponential mechanism forgotten',
    breaks: 'The choice tells twice the epsilon that is charged, four times the rho.',
    file: 'privacy/exponential.ts',
    edits: [
      {
        find: 'bernoulliExp(epsilon.n * short, 2n * epsilon.d, random)',
        replace: 'bernoulliExp(epsilon.n * short, epsilon.d, random)',
      },
    ],
    test: choice,
    title: 'an attacker tells the two worlds apart as well as the loss says, no better and no worse',
  },
  {
    name: 'a bound is chosen without the exponential mechanism: the best edge',
    breaks: 'Which bound is best follows from single people, and is told.',
    file: 'privacy/exponential.ts',
    edits: [
      {
        find: 'const place = Number(uniform(BigInt(utilities.length), random))',
        replace: 'const place = utilities.indexOf(best)',
      },
    ],
    test: choice,
    title: 'over the grid is that of the people above each edge; nobody gives all edges',
  },
]
