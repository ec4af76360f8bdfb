// @ts-check
/** Writes docs/accuracy.md from bench/results/accuracy.json and the truth counted from the files: every number in it was counted or computed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { percent, pounds } from '../../examples/online-retail/story.js'
import { decimal, median, readResult, root } from './bench.js'

/** @typedef {import('../../examples/online-retail/truth.js').Country} Country */

/** @param {string} sql @param {ReadonlyMap<string, Country>} truth */
export function writeAccuracy(sql, truth) {
  const result = readResult('accuracy')
  const text = [head(result), errors(result), textbook(result), coverage(result, sql), bias(result, truth)].join('\n\n')
  writeFileSync(join(root, 'docs', 'accuracy.md'), `${text.trim()}\n`)
}

/** @param {any} result */
const head = (result) => `# Accuracy

Written by \`npm run bench -- accuracy\` from \`bench/results/accuracy.json\`; every number is counted or computed. Data: the order lines of
[examples/online-retail](../examples/online-retail/README.md) (D. Chen 2015, UCI Online Retail, CC BY 4.0) with generated choices, ${people(result, 0)} customers in force, under the example's
contract; and The Complete Journey (84.51, CC0), the publisher's sample of one line in twenty, ${people(result, 1)} households, all in force, under the contract of
[bench/support/journey.js](../bench/support/journey.js). Bounds were chosen from what a shop and a grocer know, never from the rows.`

/** @param {any} result @param {number} at */
const people = (result, at) => result.sets[at].people.toLocaleString('en-US')

/** @param {any} result */
function errors(result) {
  return `## How far off is an answer?

The exact bounded integers of a question are computed once by the statement that the product plans; then the product's noise is drawn ${result.errorRepeats} times and read by the product's
arithmetic. **Relative error** of one number: |noisy − exact| / |exact|, over every group and output whose exact bounded value is not 0 (a group of one person counts as much as the
largest); the table shows the median over groups, outputs and repeats. A division that gives nothing counts as 100 %. **Clipping** is apart: the median over groups of
|bounded − unbounded| / |unbounded|, which does not depend on rho, is not random and is in no interval; rows that the load sets aside because they are outside their column's declared range are in neither.
A rho of 0.05 is ten times what these contracts let one release take; a home whose limits allow it gets the column's accuracy.

${result.sets.map(errorTable).join('\n\n')}`
}

/** @param {any} set */
function errorTable(set) {
  const at = (/** @type {number} */ level) =>
    median(set.questions.map((/** @type {any} */ one) => one.levels[level].ours))
  return `### ${set.name}

| question | numbers | rho 0.0005 | rho 0.005 | rho 0.05 | clipping |
|---|---:|---:|---:|---:|---:|
${set.questions
  .map(
    (/** @type {any} */ one) =>
      `| ${one.name} | ${one.cells} | ${one.levels.map((/** @type {any} */ level) => share(level.ours)).join(' | ')} | ${share(one.clipping)} |`,
  )
  .join('\n')}
| **median question** | | **${share(at(0))}** | **${share(at(1))}** | **${share(at(2))}** | **${share(median(set.questions.map((/** @type {any} */ one) => one.clipping)))}** |`
}

/** @param {any} result */
function textbook(result) {
  const questions = result.sets.flatMap((/** @type {any} */ set) => set.questions)
  const ratios = (/** @type {string} */ kind, /** @type {number} */ level) =>
    questions.map((/** @type {any} */ one) => one.levels[level][kind] / one.levels[level].ours)
  const kinds = /** @type {const} */ ([
    ['laplaceShared', 'a year of such questions, L0 × bound'],
    ['laplaceWholeRecordShared', 'a year of such questions, whole record'],
    ['laplaceAlone', 'this one release alone, L0 × bound'],
    ['laplaceWholeRecordAlone', 'this one release alone, whole record'],
  ])
  const levels = questions[0].levels
  const within = (/** @type {string} */ kind, /** @type {number} */ level) =>
    ratios(kind, level).filter((/** @type {number} */ ratio) => ratio >= 2).length
  return `## Beside the textbook's way

Laplace noise on the same exact bounded numbers, epsilon split evenly over a question's aggregates: a count and a sum are one, an average a noisy sum over a noisy count, a variance three, a quantile
a noisy histogram over the same bins. Scale: L1 sensitivity over epsilon. Two ways to say that sensitivity: **L0 × bound**, the libraries' way, where one person may be in the
contract's number of groups with a whole bound in each; and **whole record**, where one bound in L1 holds over all groups, the least that could be said. Two ways to say **equal epsilon**, always by the
tight conversion at delta 10⁻⁹ (privacy/accounting.ts):

- **a year of such questions**: a person's limit of rho ${result.budgetRho} is an epsilon of its own; pure losses add up, so each of the ${levels.map((/** @type {any} */ one) => Math.round((result.budgetRho * 1e9) / one.nano)).join(', ')} questions that the limit allows at the three levels gets its
  share: epsilon ${levels.map((/** @type {any} */ one) => one.sharedEpsilon.toPrecision(3)).join(', ')}. This is what a person's promise is about, and what the house sells by.
- **this one release alone**: epsilon ${levels.map((/** @type {any} */ one) => one.epsilon.toPrecision(3)).join(', ')}, as if nothing else were ever asked. The conversion gives a single Gaussian release far less than it is worth, because a
  delta of 10⁻⁹ is paid once for a single question as for a thousand.

Median error of the textbook's way divided by ours, median question (and how many of ${questions.length} are at least 2):

| equal epsilon over | rho 0.0005 | rho 0.005 | rho 0.05 |
|---|---:|---:|---:|
${kinds.map(([kind, words]) => `| ${words} | ${levels.map((/** @type {any} */ _, /** @type {number} */ level) => `**${times(median(ratios(kind, level)))}** (${within(kind, level)})`).join(' | ')} |`).join('\n')}

Question by question at rho 0.005:

| question | ours | a year, L0 × bound | a year, whole record | alone, L0 × bound | alone, whole record |
|---|---:|---:|---:|---:|---:|
${questions
  .map((/** @type {any} */ one) => {
    const level = one.levels[1]
    return `| ${one.name} | ${share(level.ours)} | ${kinds.map(([kind]) => times(level[kind] / level.ours)).join(' | ')} |`
  })
  .join('\n')}

${plainWords(ratios, within, questions.length)}`
}

/** What the table says, whichever way it went. @param {(kind: string, level: number) => number[]} ratios @param {(kind: string, level: number) => number} within @param {number} of */
function plainWords(ratios, within, of) {
  const year = median(ratios('laplaceShared', 1))
  const alone = median(ratios('laplaceAlone', 1))
  const verdict = (/** @type {number} */ ratio) =>
    ratio >= 2
      ? 'The goal, at least 2, is met'
      : ratio >= 1
        ? 'Better, but the goal of at least 2 is **not met**'
        : 'The textbook is **better** here'
  return `Over a year at rho 0.005 the median ratio is ${times(year)}, with ${within('laplaceShared', 1)} of ${of} questions at 2 and more. ${verdict(year)}. For one release alone it is ${times(alone)}. ${verdict(alone)}:
for a single number Laplace noise at the converted epsilon has the shorter spread, and the Gaussian wins only where many groups, many aggregates or many questions share one promise. At 0.05, nine
questions a year, there is little to add up and the advantage is gone for single numbers too. Errors that reach 100 % by both ways make a ratio near 1, whatever the noise: nothing was learnt either way.`
}

/** @param {any} result @param {string} sql */
function coverage(result, sql) {
  return `## Do the intervals hold?

The question, at rho 0.005:

\`\`\`sql
${sql}
\`\`\`

What an interval covers is the exact **bounded** value: every row and every person counted up to what the contract declares. One engine run, then ${result.repeats.toLocaleString('en-US')} times fresh
noise and fresh intervals over all groups: ${(result.cells * result.repeats).toLocaleString('en-US')} intervals, of which **${exactShare(result.pooled)}** cover.

| output | half-width | the law of the noise says | counted | lowest country | highest country |
|---|---:|---:|---:|---:|---:|
${result.outputs
  .map(
    (/** @type {any} */ one) =>
      `| ${one.output} | ${decimal(BigInt(one.halfWidth), one.scale)} | ${exactShare(one.expected)} | ${exactShare(one.covered)} | ${exactShare(one.lowestCell)} | ${exactShare(one.highestCell)} |`,
  )
  .join('\n')}

Noise is a whole number, so a half-width cannot hit 95 % exactly: it is the smallest that covers at least 95 %. That shows where noise is small, as in counts of
people, and is nothing in sums. One country's ${result.repeats.toLocaleString('en-US')} repeats vary by about ±0.7 points (one standard deviation).`
}

/** @param {any} result @param {ReadonlyMap<string, Country>} truth */
function bias(result, truth) {
  const largest = [...truth].sort(([, a], [, b]) => (a.revenue < b.revenue ? 1 : -1)).slice(0, 6)
  const all = [...truth.values()].reduce(
    (sum, one) => ({ revenue: sum.revenue + one.revenue, bounded: sum.bounded + one.bounded }),
    { revenue: 0n, bounded: 0n },
  )
  const [revenue] = result.outputs
  const width = BigInt(revenue.halfWidth)
  const row = (/** @type {string} */ name, /** @type {{ revenue: bigint, bounded: bigint }} */ one) =>
    `| ${name} | ${pounds(one.revenue)} | ${pounds(one.bounded)} | ${pounds(one.bounded - one.revenue)} | ${percent(one.bounded - one.revenue, one.revenue)} |`
  const biased = [...truth].filter(([, one]) => one.revenue - one.bounded > width).map(([country]) => country)
  return `## What no interval covers: the bias by bounding

Bounding makes sums too small where a few people spend most. It is no secret and no accident: it follows from the bounds in the contract, which say how much of one
person can show. Nobody can read it off an answer, because the unbounded value is never computed. Here, where choices are generated, it can be counted from the files, in GBP,
rows that the load sets aside included:

| country | unbounded | bounded | bias | |
|---|---:|---:|---:|---:|
${[...largest.map(([country, one]) => row(country, one)), row('**all countries**', all)].join('\n')}

The half-width of the noise is ${decimal(width, revenue.scale)} GBP. The bias is larger than that in: ${biased.join(', ') || 'no country'}. Everywhere
else the noise is the larger error.`
}

/** @param {number} part */
const exactShare = (part) => `${(100 * part).toFixed(2)} %`
/** @param {number} part */
function share(part) {
  const hundredths = 100 * part
  if (hundredths === 0) return '0'
  if (hundredths < 0.01) return '< 0.01 %'
  return hundredths >= 100 ? `${Math.round(hundredths).toLocaleString('en-US')} %` : `${hundredths.toPrecision(3)} %`
}
/** @param {number} ratio */
const times = (ratio) => `${ratio >= 10 ? ratio.toFixed(0) : ratio.toFixed(2)}×`
