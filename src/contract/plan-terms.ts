import { dayText } from '../base/instant.ts'
import { compare, decimalText, divide, type Rational, rational, rationalText } from '../base/rational.ts'
import type { Catalogue, Tariff } from './catalogue.ts'
import { type Change, change } from './change.ts'
import { factorText, growth } from './factor.ts'

/** Changes of what holds for the whole product: purposes, span, budget, tariff, words. */
export function planTerms(before: Catalogue, after: Catalogue): readonly Change[] {
  return [
    ...planIdentity(before, after),
    ...planPurposes(before, after),
    ...planSpan(before, after),
    ...planBudget(before, after),
    ...planCohort(before, after),
    ...planTariff(before, after),
    ...planWords(before, after),
  ]
}

function planIdentity(before: Catalogue, after: Catalogue): readonly Change[] {
  const changes: Change[] = []
  if (before.product !== after.product)
    changes.push(
      change(
        'product',
        after.product,
        `product: ${before.product} → ${after.product}: this is another data product; the old one stays.`,
        { breaking: true },
      ),
    )
  const [was, is] = [before.currency ?? 'none', after.currency ?? 'none']
  if (was !== is)
    changes.push(
      change('price', 'currency', `currency: ${was} → ${is}: all amounts of the tariff are counted in it.`, {
        breaking: true,
      }),
    )
  return changes
}

function planPurposes(before: Catalogue, after: Catalogue): readonly Change[] {
  const removed = before.purposes.filter((purpose) => !after.purposes.includes(purpose))
  const added = after.purposes.filter((purpose) => !before.purposes.includes(purpose))
  return [
    ...removed.map((purpose) =>
      change('purpose', purpose, `${purpose}: withdrawn: questions for this purpose are refused.`, { breaking: true }),
    ),
    ...added.map((purpose) =>
      change(
        'purpose',
        purpose,
        `${purpose}: added: questions may be asked for it; only people who say yes to it are counted.`,
        { breaking: false },
      ),
    ),
  ]
}

function planSpan(before: Catalogue, after: Catalogue): readonly Change[] {
  const text = ({ span }: Catalogue): string => (span ? `${dayText(span.from)} to ${dayText(span.to)}` : 'not declared')
  if (text(before) === text(after)) return []
  return [
    change('other', 'span', `time span: ${text(before)} → ${text(after)}: bounds per window follow it.`, {
      breaking: false,
    }),
  ]
}

function planCohort({ minimumCohort: before }: Catalogue, { minimumCohort: after }: Catalogue): readonly Change[] {
  if (before === after) return []
  const text = (people: bigint | undefined): string => (people === undefined ? 'not demanded' : `${people} people`)
  return [
    change(
      'other',
      'smallest group',
      `smallest group of undeclared values: ${text(before)} → ${text(after)}, compared with the noisy number of people.`,
      { breaking: (after ?? 0n) > (before ?? 0n) },
    ),
  ]
}

function planBudget({ budget: before }: Catalogue, { budget: after }: Catalogue): readonly Change[] {
  const changes: Change[] = []
  const rho = (nano: bigint): string => trimmed(decimalText(nano, 9))
  if (before.nano !== after.nano || before.days !== after.days) {
    // Compared as loss per day, exactly.
    const factor = divide(rational(after.nano, BigInt(after.days)), rational(before.nano, BigInt(before.days)))
    const effect =
      compare(factor, rational(1n)) === 0
        ? 'as much can be asked in the long run'
        : `what can be asked in the long run ${growth(factor)}`
    changes.push(
      change(
        'budget',
        'budget',
        `privacy budget: rho ${rho(before.nano)} in ${before.days} days → ${rho(after.nano)} in ${after.days} days: ${effect}.`,
        { breaking: false, factor },
      ),
    )
  }
  if (before.maxPerRelease !== after.maxPerRelease) {
    const lower = after.maxPerRelease < before.maxPerRelease
    const effect = lower ? 'questions that cost more are refused' : 'a single answer can be more exact'
    changes.push(
      change(
        'budget',
        'maxPerRelease',
        `most rho of one release: ${rho(before.maxPerRelease)} → ${rho(after.maxPerRelease)}: ${effect}.`,
        { breaking: lower },
      ),
    )
  }
  if (before.delta !== after.delta) {
    const text = (pico: bigint | undefined): string =>
      pico === undefined ? 'not declared' : trimmed(decimalText(pico, 12))
    const lower = after.delta !== undefined && (before.delta === undefined || after.delta < before.delta)
    const effect = lower
      ? 'fewer questions with open groups are answered'
      : 'more questions with open groups are answered'
    changes.push(
      change(
        'budget',
        'delta',
        `delta of the privacy budget: ${text(before.delta)} → ${text(after.delta)}: ${effect}.`,
        {
          breaking: lower,
        },
      ),
    )
  }
  return changes
}

function planTariff(
  { tariff: before, purposes: oldPurposes }: Catalogue,
  { tariff: after, purposes, currency }: Catalogue,
): readonly Change[] {
  const changes: Change[] = []
  const amount = (micro: bigint): string => `${trimmed(decimalText(micro, 6), 2)}${currency ? ` ${currency}` : ''}`
  const push = (subject: string, text: string, factor?: Rational): void => {
    changes.push(change('price', subject, text, { breaking: false, factor }))
  }
  if (before.fee !== after.fee) push('fee', `fee of a release: ${amount(before.fee)} → ${amount(after.fee)}.`)
  if (before.floorPerMilliRho !== after.floorPerMilliRho) {
    const factor = before.floorPerMilliRho > 0n ? rational(after.floorPerMilliRho, before.floorPerMilliRho) : undefined
    const effect = factor
      ? `where the least price decides, the price without the fee ${growth(factor)}`
      : 'it holds where the base price is lower'
    push(
      'floorPerMilliRho',
      `least price of a milli-rho: ${amount(before.floorPerMilliRho)} → ${amount(after.floorPerMilliRho)}: ${effect}.`,
      factor,
    )
  }
  if (compare(before.peoplesShare, after.peoplesShare) !== 0) {
    const factor = divide(before.peoplesShare, after.peoplesShare)
    push(
      'peoplesShare',
      `the people's share of the base price: ${rationalText(before.peoplesShare)} → ${rationalText(after.peoplesShare)}: pay stays the same, the base price ${growth(factor)}.`,
      factor,
    )
  }
  for (const purpose of purposes.filter((id) => oldPurposes.includes(id))) {
    const [was, is] = [multiplierOf(before, purpose), multiplierOf(after, purpose)]
    const factor = divide(is, was)
    if (compare(was, is) !== 0)
      push(
        `multiplier.${purpose}`,
        `${purpose}: multiplier ${factorText(was)} → ${factorText(is)}: price without the fee, and pay, ${grow(factor)}.`,
        factor,
      )
  }
  const parts = ({ remainder: { steward, operator, reserve } }: Tariff): string =>
    `steward ${rationalText(steward)}, operator ${rationalText(operator)}, reserve ${rationalText(reserve)}`
  if (parts(before) !== parts(after))
    push('remainder', `what is left is split otherwise: ${parts(before)} → ${parts(after)}; prices and pay stay.`)
  return changes
}

const grow = (factor: Rational): string =>
  growth(factor)
    .replace(/^grows/, 'grow')
    .replace(/^falls/, 'fall')
    .replace('it was', 'they were')
const multiplierOf = (tariff: Tariff, purpose: string): Rational =>
  (Object.hasOwn(tariff.multiplier, purpose) ? tariff.multiplier[purpose] : undefined) ?? rational(1n)

function planWords(before: Catalogue, after: Catalogue): readonly Change[] {
  const changes: Change[] = []
  const kept = ({ retention }: Catalogue): string =>
    retention ? `${retention.count} ${retention.unit}` : 'not declared'
  if (kept(before) !== kept(after))
    changes.push(change('other', 'retention', `rows are kept: ${kept(before)} → ${kept(after)}.`, { breaking: false }))
  if (before.description.limitations !== after.description.limitations)
    changes.push(
      change('other', 'limitations', 'the limitations that buyers read have another text.', { breaking: false }),
    )
  return changes
}

/** Without needless zeros, but with at least so many decimals. */
function trimmed(text: string, least = 0): string {
  const [whole = '', decimals = ''] = text.split('.')
  const kept = decimals.replace(/0+$/, '').padEnd(least, '0')
  return kept === '' ? whole : `${whole}.${kept}`
}
