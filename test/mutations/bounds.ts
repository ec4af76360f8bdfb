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
  {
    name: 'the question gets the whole loss once its bound is known',
    breaks: 'The same question is another one afterwards, and is charged and paid again.',
    file: 'release/way/bounds.ts',
    edits: [{ find: 'return { own: total - each * BigInt(choices), each }', replace: 'return { own: total, each }' }],
    test: 'suite/auto-bounds.test.ts',
    title: 'charges a choice of its own with a tenth, then the question with the rest, under the bound that was chosen',
  },
  {
    name: 'the memo of a chosen bound names the buyer',
    breaks: 'People are charged again for a fact that is public already.',
    file: 'release/way/market.ts',
    edits: [
      {
        find: "...(query.measures.some(({ kind }) => kind === 'bound') ? {} : { buyer: question.question.buyer, nano }),",
        replace: 'buyer: question.question.buyer, nano,',
      },
    ],
    test: 'suite/auto-bounds.test.ts',
    title: 'the bound is charged once: then it is public, known and free for everybody, and the same question is free',
  },
  {
    name: 'a bound is chosen before the whole is seen to be affordable',
    breaks: 'A buyer pays for a bound and is refused the answer.',
    file: 'release/answer.ts',
    edits: [{ find: '  if (!fits.ok) return fits\n', replace: '' }],
    test: 'suite/auto-bounds.test.ts',
    title:
      'nothing is charged when the whole would be refused: limit of the price, quote, balance, too little loss, a width',
  },
  {
    name: 'a named bound may be wider than declared',
    breaks: 'The contract’s bound is the buyer’s to lift.',
    file: 'query/bounded-sums.ts',
    edits: [{ find: 'maxSum: minimum(measure.maxSum, bound)', replace: 'maxSum: bound' }],
    test: 'suite/auto-bounds.test.ts',
    title: 'narrow the plan, never widen it, and take part of the loss of nobody',
  },
  {
    name: 'topped up by an unweighted mean',
    breaks: 'The buyer pays for precision and gets less than was bought.',
    file: 'privacy/combine.ts',
    edits: [
      { find: 'sum + value * nano, 0n)', replace: 'sum + value, 0n)' },
      {
        find: 'parts.reduce((sum, { nano }) => sum + nano, 0n)\n  const rounded',
        replace: 'BigInt(parts.length)\n  const rounded',
      },
    ],
    test: 'suite/top-up.test.ts',
    title: 'the noise of both is pooled: over many releases the combined error has the variance of the whole loss',
  },
  {
    name: 'a top-up releases the first noise again',
    breaks: 'The buyer pays for precision and gets none: the noise does not average out.',
    file: 'release/way/run.ts',
    edits: [
      {
        find: '  const values = addNoise(rows, question.noise, question.cells, cellIndex(groups), world.random)\n',
        replace:
          '  const values = question.topUp?.earlier[0]?.values ?? addNoise(rows, question.noise, question.cells, cellIndex(groups), world.random)\n',
      },
    ],
    test: 'suite/top-up.test.ts',
    title: 'the noise of both is pooled: over many releases the combined error has the variance of the whole loss',
  },
  {
    name: 'a top-up on another load',
    breaks: 'Numbers about different data are averaged and sold as one answer.',
    file: 'release/way/top-up.ts',
    edits: [
      { find: 'memoKeyOf(question, last.nano, topUpOf) === last.memoKey &&', replace: 'topUpOf !== last.memoKey &&' },
    ],
    test: 'suite/top-up.test.ts',
    title: 'is refused on another snapshot: a new period, new data, a new version of the contract',
  },
  {
    name: 'a top-up pays the fee again',
    breaks: 'Buying in two steps costs more than at once: a buyer regrets to have begun small.',
    file: 'release/way/market.ts',
    edits: [
      {
        find: 'topUp === undefined ? catalogue.tariff : { ...catalogue.tariff, fee: 0n }',
        replace: 'topUp === undefined ? catalogue.tariff : { ...catalogue.tariff }',
      },
    ],
    test: 'suite/top-up.test.ts',
    title: 'costs the difference, and together is what one release of the whole loss would have been',
  },
]
