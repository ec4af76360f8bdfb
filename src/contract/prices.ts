import { add, compare, floor, multiply, type Rational, rational, rationalText } from '../base/rational.ts'
import { type Micro, nanoPerRho, type PicoDelta } from '../base/units.ts'
import type { ProductBudget, Tariff } from './catalogue.ts'
import type { Context } from './context.ts'
import { durationDays, onGrid } from './exact.ts'
import type { Report } from './finding.ts'
import { exactOf, field, type Part, quote, textOf } from './part.ts'
import { checkMembers, type Properties } from './properties.ts'

/** What the default limits of one person leave to ordinary releases in 365 days: 0.5 less the house share of 0.003 (money.md 2). */
const houseNano = 497_000_000n
/** The default cap of one release (money.md 2). */
const houseMaxPerRelease = 5_000_000n

/** The product's privacy budget, nano-rho rounded down: a limit is never higher than declared. */
export function readBudget(root: Part, properties: Properties, { report }: Context): ProductBudget | undefined {
  const declared = properties.get('usufructPrivacyBudget')
  if (declared?.kind !== 'map') {
    if (!declared)
      report(
        'contract.budget_missing',
        root.at,
        'The contract declares no privacy budget.',
        'Add the custom property usufructPrivacyBudget: { rho: 0.45, per: P365D, maxPerRelease: 0.005 }.',
      )
    return undefined
  }
  const nano = readRho('rho', field(declared, 'rho'), declared, report)
  const cap = field(declared, 'maxPerRelease')
  const maxPerRelease = cap
    ? readRho('maxPerRelease', cap, declared, report)
    : nano && (nano < houseMaxPerRelease ? nano : houseMaxPerRelease)
  const per = field(declared, 'per')
  const days = durationDays(textOf(per) ?? '', 'longest')
  if (days === undefined)
    report('contract.budget', (per ?? declared).at, 'The budget says not in which time it holds.', 'Write per: P365D.')
  if (nano === undefined || maxPerRelease === undefined || days === undefined) return undefined
  if (maxPerRelease > nano)
    report(
      'contract.budget',
      (cap ?? declared).at,
      'One release may cost more than the whole budget.',
      'Lower maxPerRelease.',
    )
  const yearly = nano * BigInt(Math.ceil(365 / days))
  if (yearly > houseNano)
    report(
      'contract.budget_above_house',
      declared.at,
      'In 365 days the budget can pass 0.497, which the default limits leave to one person.',
      'Lower rho, or expect people to drop out of answers silently before the budget is used up.',
    )
  if (maxPerRelease > houseMaxPerRelease)
    report(
      'contract.budget_above_house',
      (cap ?? declared).at,
      'One release may cost more than 0.005, the default cap of the house.',
      'Lower maxPerRelease; the lower of the two caps holds.',
    )
  const delta = readDelta(field(declared, 'delta'), report)
  return { nano, days, maxPerRelease, ...(delta === undefined ? {} : { delta }) }
}

/** Rounded down to 10^-12. */
function readDelta(part: Part | undefined, report: Report): PicoDelta | undefined {
  if (part === undefined) return undefined
  const exact = exactOf(part)
  if (exact !== undefined && exact.n >= 0n && exact.n < exact.d) return (exact.n * 10n ** 12n) / exact.d
  report(
    'contract.budget',
    part.at,
    `The delta of the budget, ${quote(part)}, is not from 0 to below 1.`,
    'Write delta: 0.0000001, or leave it out: then the limits of the house hold alone.',
  )
  return undefined
}

function readRho(name: string, part: Part | undefined, budget: Part, report: Report): bigint | undefined {
  const exact = exactOf(part)
  const nano = exact && floor(multiply(exact, rational(nanoPerRho)))
  if (nano !== undefined && nano > 0n && nano <= 1_000n * nanoPerRho) return nano
  const written = part ? quote(part) : 'missing'
  report(
    'contract.budget',
    (part ?? budget).at,
    `${name} of the privacy budget is ${written}.`,
    `Write ${name} as a decimal from 0.000000001 to 1000.`,
  )
  return undefined
}

/** ISO 4217 code of all amounts; must be the house's where that is known. */
export function readCurrency(
  root: Part,
  properties: Properties,
  { report, currency: house }: Context,
): string | undefined {
  const declared = field(root, 'price', 'priceCurrency')
  const amount = field(root, 'price', 'priceAmount')
  if (amount)
    report(
      'contract.price_amount_unused',
      amount.at,
      'priceAmount is not used: the price of an answer follows its privacy loss.',
      'Leave it out; declare fee and least price in usufructTariff.',
    )
  const currency = textOf(declared)
  if (declared === undefined || currency === undefined) {
    const priced = properties.get('usufructTariff')
    if (priced && !declared)
      report(
        'contract.currency',
        priced.at,
        'The tariff has amounts, but no currency is declared.',
        'Add price: { priceCurrency: EUR }.',
      )
    return undefined
  }
  if (!/^[A-Z]{3}$/.test(currency))
    report(
      'contract.currency',
      declared.at,
      `${quote(declared)} is not a currency code.`,
      'Write an ISO 4217 code such as EUR.',
    )
  else if (house !== undefined && house !== currency)
    report(
      'contract.currency',
      declared.at,
      `The contract counts in ${currency}, the house in ${house}.`,
      `Write priceCurrency: ${house}, and the amounts in it.`,
    )
  return currency
}

const defaults = {
  peoplesShare: rational(7n, 10n),
  remainder: { steward: rational(2n, 3n), operator: rational(1n, 6n), reserve: rational(1n, 6n) },
}
const one = rational(1n)

/** Prices and shares (money.md 3); what is not declared has the default. */
export function readTariff(properties: Properties, purposes: readonly string[], { report }: Context): Tariff {
  const declared = properties.get('usufructTariff')
  return {
    fee: readAmount('fee', field(declared, 'fee'), report) ?? 0n,
    floorPerMilliRho: readAmount('floorPerMilliRho', field(declared, 'floorPerMilliRho'), report) ?? 0n,
    peoplesShare: readShare(field(properties.get('usufructPayout'), 'shareOfBasePrice'), report),
    remainder: readRemainder(field(declared, 'remainder'), report),
    multiplier: readMultipliers(field(declared, 'purposeMultiplier'), purposes, report),
  }
}

function readAmount(what: string, part: Part | undefined, report: Report): Micro | undefined {
  if (part === undefined) return undefined
  const exact = exactOf(part)
  const micro = exact && onGrid(exact, 6)
  if (micro !== undefined && micro >= 0n && micro < 1n << 62n) return micro
  report(
    'contract.tariff',
    part.at,
    `The ${what}, ${quote(part)}, is not an amount of money.`,
    'Write a decimal of at least 0 with at most six places.',
  )
  return undefined
}

function readShare(part: Part | undefined, report: Report): Rational {
  if (part === undefined) return defaults.peoplesShare
  const share = exactOf(part)
  if (share && compare(share, rational(1n, 2n)) >= 0 && compare(share, one) <= 0) return share
  report(
    'contract.payout',
    part.at,
    `The people's share, ${quote(part)}, is not between 1/2 and 1.`,
    'Write shareOfBasePrice: 7/10.',
  )
  return defaults.peoplesShare
}

function readRemainder(part: Part | undefined, report: Report): Tariff['remainder'] {
  if (part === undefined) return defaults.remainder
  checkMembers('The remainder', part, ['steward', 'operator', 'reserve'], report)
  const fraction = (key: string): Rational => {
    const declared = field(part, key)
    const value = declared === undefined ? rational(0n) : exactOf(declared)
    if (value && value.n >= 0n) return value
    report(
      'contract.tariff',
      (declared ?? part).at,
      `The ${key}'s part of the remainder is not a fraction.`,
      `Write ${key}: 1/6.`,
    )
    return rational(0n)
  }
  const remainder = { steward: fraction('steward'), operator: fraction('operator'), reserve: fraction('reserve') }
  const sum = add(add(remainder.steward, remainder.operator), remainder.reserve)
  if (compare(sum, one) !== 0)
    report(
      'contract.tariff',
      part.at,
      `The parts of the remainder add up to ${rationalText(sum)}, not to 1.`,
      'Write fractions such as 2/3, 1/6 and 1/6.',
    )
  return remainder
}

function readMultipliers(part: Part | undefined, purposes: readonly string[], report: Report): Tariff['multiplier'] {
  const multipliers: [string, Rational][] = []
  if (part === undefined) return {}
  if (part.kind !== 'map')
    report(
      'contract.tariff',
      part.at,
      'purposeMultiplier is a map from purpose to multiplier.',
      'Write { scientific-research: 3/2 }.',
    )
  else
    for (const [purpose, { key, value }] of part.entries) {
      const multiplier = exactOf(value)
      if (!purposes.includes(purpose))
        report(
          'contract.tariff',
          key,
          `The multiplier names ${purpose.slice(0, 60).toWellFormed()}, which is not a purpose of the contract.`,
          'Name a purpose of usufructPurposes.',
        )
      else if (multiplier && compare(multiplier, one) >= 0 && compare(multiplier, rational(1_000n)) <= 0)
        multipliers.push([purpose, multiplier])
      else
        report(
          'contract.tariff',
          value.at,
          `The multiplier of ${purpose}, ${quote(value)}, is not between 1 and 1000.`,
          'Write a fraction or decimal such as 3/2; 1 is the least.',
        )
    }
  return Object.fromEntries(multipliers)
}

/** Checks usufructPayout and reads the least amount that is paid out, e.g. "2.00 EUR". */
export function readMinimumPayout(
  properties: Properties,
  currency: string | undefined,
  { report }: Context,
): Micro | undefined {
  const declared = properties.get('usufructPayout')
  const rule = field(declared, 'rule')
  if (rule && textOf(rule) !== 'tariff-per-rho')
    report(
      'contract.payout',
      rule.at,
      `The rule ${quote(rule)} is not known: pay follows the privacy loss alone.`,
      'Write rule: tariff-per-rho, or leave it out.',
    )
  const part = field(declared, 'minimumPayout')
  if (part === undefined) return undefined
  const [amount, code, ...more] = (textOf(part) ?? '').split(' ')
  const scalar = part.kind === 'scalar' ? { ...part, value: amount ?? '', text: amount ?? '' } : part
  const micro = onGrid(exactOf(scalar) ?? rational(-1n), 6)
  if (
    micro !== undefined &&
    micro >= 0n &&
    micro < 1n << 62n &&
    code === (currency ?? code) &&
    code !== undefined &&
    more.length === 0
  )
    return micro
  report(
    'contract.payout',
    part.at,
    `The least payout ${quote(part)} is not an amount in ${currency ?? 'a currency'}.`,
    `Write minimumPayout: "2.00 ${currency ?? 'EUR'}".`,
  )
  return undefined
}
