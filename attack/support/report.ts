import type { Attack, Finding } from '../attack.ts'

export type Attempt = Omit<Attack, 'run'> & Finding & { readonly seconds: number }

const outcome = (attempt: Attempt): string => {
  return attempt.held ? 'held' : 'DID NOT HOLD'
}

const digits = (number: number): string => (Number.isInteger(number) ? `${number}` : `${Number(number.toPrecision(3))}`)

/** One attack, told. */
export const verdict = (attempt: Attempt): string =>
  [
    `   ${attempt.section}`,
    `   knows        ${attempt.knows}`,
    `   wants        ${attempt.wants}`,
    `   unprotected  ${attempt.unprotected.words}`,
    `   here         ${attempt.here.words}`,
    `   limit        ${attempt.limit.words}`,
    ...attempt.details.map((one) => `     · ${one}`),
    `   ${outcome(attempt)} (${attempt.seconds} s)`,
  ].join('\n')

export function table(attempts: readonly Attempt[]): string {
  const rows = [
    ['attack', 'unprotected', 'here', 'limit', ''],
    ...attempts.map((one) => [
      one.name,
      digits(one.unprotected.number),
      digits(one.here.number),
      digits(one.limit.number),
      outcome(one),
    ]),
  ]
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...rows.map((row) => (row[column] as string).length)))
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] as number))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

/** docs/attacks.md. */
export function document(
  attempts: readonly Attempt[],
  { long, seed }: { readonly long: boolean; readonly seed: string },
): string {
  const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')
  return `# Attacks

Written by \`npm run attack\`; every number was measured by that run (${long ? 'long' : 'short'}, seed ${seed}). \`npm test\` runs the short attacks too, all but amplification, and a failing one fails it.

The attacker goes through the real house: server on loopback, embedded PostgreSQL, DuckDB. Where a bound is statistical, the noise is repeated on the exact rows that the real engine computes for
the planned statement, in two worlds that differ in one person; the noise comes from the system's random bytes, only the attacker's dice have a seed. *Unprotected* is the same attack on plain SQL over the same files, or on the naive
system that it is about, run in the same minutes. What no attack here shows stands in [threat-model.md](threat-model.md), *What is not covered*.

| attack | unprotected, what was lost | here, what was lost | the bound | |
|---|---|---|---|---|
${attempts
  .map(
    (one) =>
      `| **${one.name}** | ${cell(one.unprotected.words)} | ${cell(one.here.words)} | ${cell(one.limit.words)} | ${outcome(one)} |`,
  )
  .join('\n')}

${attempts.map(section).join('\n')}`
}

const section = (one: Attempt): string => `## ${one.name}

*${one.section}.* The attacker knows ${one.knows}, and wants ${one.wants}.

${one.details.map((detail) => `- ${detail}`).join('\n')}
`
