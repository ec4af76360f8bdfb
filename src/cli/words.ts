import type { AnswerDocument } from '../release/document.ts'
import type { Explained } from '../release/explain.ts'
import type { Quote } from '../release/quote.ts'
import { table } from './context.ts'

/** A quote as a buyer reads it. */
export function quoteLines(quote: Quote): readonly string[] {
  const accuracy = quote.accuracy.map((one) => {
    const width =
      typeof one.halfWidth95 === 'string'
        ? `±${one.halfWidth95}`
        : one.halfWidth95
          ? `about ±${one.halfWidth95.at10000Rows} at 10,000 rows`
          : ''
    return `  ${one.output}: ${[width, `(${one.kind})`, one.words].filter(Boolean).join(' ')}`
  })
  return [
    `${quote.quote}`,
    `${quote.askedBefore ? 'free: you asked this before in this period' : `${quote.price} ${quote.currency}`} · privacy rho ${quote.privacy.rho} (epsilon ${quote.privacy.epsilon} at delta ${deltaWord(quote.privacy.epsilonAtDelta)}) · ${groupsLine(quote.groups)}`,
    `of which to the people: ${quote.people.share} ${quote.currency}, ${quote.people.words}`,
    'each value with 95 % certainty within:',
    ...accuracy,
    ...(quote.limitClassesUsedUp.length > 0
      ? [`people with these limits cannot be in it: ${quote.limitClassesUsedUp.join(', ')}`]
      : []),
    ...(quote.bounds
      ? [
          quote.bounds.words,
          ...quote.bounds.sums.map(({ sum, bound, declared, price, rho }) =>
            bound === undefined
              ? `  ${sum}: to be chosen, at most ${declared}; ${price} ${quote.currency} of the price, rho ${rho}`
              : `  ${sum}: at most ${bound} of one person`,
          ),
        ]
      : []),
    ...(quote.topUp
      ? [`${quote.topUp.of}: rho ${quote.topUp.owned} becomes ${quote.topUp.total}; ${quote.topUp.words}`]
      : []),
    `valid until ${quote.validUntil}`,
  ]
}

/** Group keys may be what people wrote: nothing in them commands a terminal or turns the direction of what follows. */
export const printable = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`)

/** Nine zeros are read more easily as a power. */
export const deltaWord = (text: string): string =>
  /^0\.0{8}\d$/.test(text) ? `${text.endsWith('1') ? '' : `${text.at(-1)}·`}10^-9` : text

const groupsLine = ({ count, selection }: Quote['groups']): string =>
  selection
    ? `groups with at least about ${selection.threshold} noisy people (delta ${deltaWord(selection.delta)})`
    : `${count} group${count === 1 ? '' : 's'}, all shown`

/** EXPLAIN PRIVACY as a buyer reads it. */
export function explainLines(explained: Explained): readonly string[] {
  const { privacy, groups, plan, channels, alternatives, suggestions, expected, time } = explained
  const accuracy = explained.accuracy.map((one) => {
    const width = one.halfWidth95
    const said = typeof width === 'string' ? `±${width}` : width ? `about ±${width.at10000Rows} at 10,000 rows` : ''
    return `  ${one.output}: ${[said, `(${one.kind})`, one.words].filter(Boolean).join(' ')}`
  })
  return [
    explained.words.line,
    `loss: rho ${privacy.rho}, epsilon ${privacy.epsilon} at delta ${privacy.epsilonAtDelta}`,
    `groups: ${groups.count === undefined ? '' : `${groups.count}; `}${groups.rule}`,
    `computed: ${plan.path}, ${plan.words}`,
    'each value with 95 % certainty within:',
    ...accuracy,
    'noise:',
    ...table(
      ['  part', 'of', 'rho', '% of rho', 'sensitivity²', 'sigma', 'mechanism'],
      channels.map((one) => [
        `  ${one.part}`,
        one.outputs.join(', '),
        one.rho,
        one.share,
        one.sensitivitySquared,
        one.sigma ?? '',
        one.mechanism,
      ]),
    ),
    ...expected.flatMap(({ warning }) => (warning === undefined ? [] : [warning])),
    ...(suggestions.length === 0
      ? ['more precise at the same price: no change was found']
      : ['more precise at the same price:', ...suggestions.map(({ words }) => `  ${words}`)]),
    'at other prices:',
    ...alternatives
      .filter((one) => one.is !== 'the same')
      .map(
        (one) =>
          `  rho ${one.rho}, ${one.price} ${explained.currency}: ${one.accuracy.map(({ output, halfWidth95 }) => `${output} ${typeof halfWidth95 === 'string' ? `±${halfWidth95}` : halfWidth95 ? `about ±${halfWidth95.at10000Rows} at 10,000 rows` : 'with its answer'}`).join(', ')}${one.unavailable === undefined ? '' : ` (${one.unavailable})`}`,
      ),
    time.words,
  ]
}

/** An answer as a buyer reads it: every value with its interval and a word. */
export function answerLines(answer: AnswerDocument, again: boolean): readonly string[] {
  const { columns, rows } = answer
  const header = columns.flatMap((column) => (column.kind === 'group' ? [column.name] : [column.name, '95 %', '']))
  const cells = rows.map((row) =>
    row.flatMap((cell, at) => {
      const value = cell.value === null ? 'none' : printable(String(cell.value))
      if (columns[at]?.kind === 'group') return [value]
      return [value, cell.low === undefined ? '' : `${cell.low} to ${cell.high}`, cell.word ?? '']
    }),
  )
  return [
    ...table(header, cells),
    '',
    `${again ? 'asked before in this period: the same answer, free' : `paid ${answer.paid} ${answer.currency}`} · privacy rho ${answer.privacy.rho} · release ${answer.release}`,
    ...(answer.selection ? [answer.selection.words] : []),
    ...(answer.combined
      ? [`with ${answer.combined.of.slice(0, -1).join(', ')} together: rho ${answer.combined.rho}`]
      : []),
    ...answer.notes,
  ]
}
