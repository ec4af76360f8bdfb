import { dayOf } from '../base/instant.ts'
import { floorDiv, maximum, minimum } from '../base/integer.ts'
import { floor, multiply, rational } from '../base/rational.ts'
import { accept, type Outcome } from '../base/refusal.ts'
import { type Micro, type NanoRho, type Pico, picoPerMicro } from '../base/units.ts'
import { findPurpose } from '../consent/purposes.ts'
import { amountText, payText, rhoText } from '../money/amount.ts'
import { classLimit } from '../privacy/limits.ts'
import type { ChargeTotal, HouseSettings, LimitClass, PersonStatement } from '../release/ports.ts'
import type { House } from './house.ts'
import { buyerNames } from './person-uses.ts'
import type { Estimate, EstimateLine, MyMoney } from './views/money.ts'
import { timeText } from './views/time.ts'

const year = 365

/** Estimated, earned, payable, paid. Refuses person.unknown. */
export async function ownMoney(house: House, person: string): Promise<Outcome<MyMoney>> {
  const { books, clock } = house.world
  const at = clock.now()
  const settings = await books.settings()
  const choices = await books.choices(person, at)
  if (!choices.ok) return choices
  const statement = await books.statement(person, at)
  if (!statement.ok) return statement
  const purposes = choices.value.standing.filter((one) => one.status === 'given').map((one) => one.purpose)
  const least = await minimumPayout(house)
  const earned = floorDiv(statement.value.earned, picoPerMicro)
  const currency = settings?.currency ?? ''
  return accept({
    currency,
    estimated: await estimate(house, settings, purposes, choices.value.limitClass),
    earned: {
      amount: payText(statement.value.earned),
      lines: await lines(house, statement.value),
      words:
        'Each line is the rate, per person and thousandth of rho, times the privacy loss of that answer. The lines add up to the amount.',
    },
    payable: {
      amount: amountText(earned >= least ? earned : 0n),
      least: amountText(least),
      words:
        earned >= least
          ? 'What you earned, in whole millionths, and nobody has paid out yet. Leaving does not take it away.'
          : `Payable from ${amountText(least)} ${currency} on, the least that is paid out at once. What you earned until then stays yours.`,
    },
    paid: {
      amount: amountText(0n),
      words: 'Nothing has been paid out yet: this house keeps the account and has not begun to pay out.',
    },
  })
}

async function lines(house: House, statement: PersonStatement): Promise<MyMoney['earned']['lines']> {
  const names = await buyerNames(house)
  return statement.releases.map((one) => ({
    release: one.id,
    at: timeText(one.at),
    buyer: names.get(one.buyer) ?? one.buyer,
    purpose: one.purpose,
    ratePerMilliRho: amountText(one.rate),
    rho: rhoText(one.nano),
    amount: payText(one.earned),
  }))
}

/**
 * A good-faith estimate from public facts alone, so that it tells nothing of anybody. Low: what the releases of the last 365 days paid to somebody in
 * force for these purposes all the time. High: the privacy budgets of the products used up at today's rate, within the limit for one person.
 */
export async function estimate(
  house: House,
  settings: HouseSettings | undefined,
  purposes: readonly string[],
  limitClass: LimitClass,
): Promise<Estimate> {
  const { books, clock } = house.world
  const at = clock.now()
  const today = dayOf(at)
  const totals = await books.chargeTotals(today - year, today)
  const mine = purposes.length === 0 ? [] : totals.filter((one) => one.purpose === '' || purposes.includes(one.purpose))
  const low = mine.map(pastLine)
  const rate = (await books.openPeriod(at))?.rate ?? (await books.periods())[0]?.rate ?? 0n
  const high = settings === undefined ? [] : await budgetLines(house, settings, purposes, rate, limitClass)
  const lowSum = mine.reduce((all, one) => all + one.pay, 0n)
  const highSum = maximum(
    lowSum,
    high.reduce((all, one) => all + one.pay, 0n),
  )
  return {
    purposes,
    low: payText(lowSum),
    high: payText(highSum),
    words:
      purposes.length === 0
        ? 'You allow no use, so nothing is earned.'
        : 'From what the answers of the last 365 days paid each person who allows what you allow, to what there would be if every privacy budget were used up at today’s rate. It may be less, and it may be nothing.',
    lines: [...low, ...high.map(({ line }) => line)],
  }
}

const pastLine = (total: ChargeTotal): EstimateLine => ({
  bound: 'low',
  about:
    total.purpose === ''
      ? { kind: 'head counts', count: `${total.releases}` }
      : { kind: 'answers', purpose: total.purpose, count: `${total.releases}` },
  words:
    total.purpose === ''
      ? `${total.releases} counts of how many people say yes, in the last 365 days`
      : `${total.releases} ${total.releases === 1 ? 'answer' : 'answers'} for ${title(total.purpose)} in the last 365 days`,
  rho: rhoText(total.nano),
  amount: payText(total.pay),
})

async function budgetLines(
  house: House,
  settings: HouseSettings,
  purposes: readonly string[],
  rate: Micro,
  limitClass: LimitClass,
): Promise<readonly { readonly pay: Pico; readonly line: EstimateLine }[]> {
  const { limits } = settings
  const yearLimit = limits.windows.find((window) => window.days === year)?.nano ?? limits.life.nano
  let left: NanoRho = maximum(classLimit(yearLimit, limitClass) - limits.houseShare, 0n)
  const found = []
  for (const entry of await house.world.books.contracts()) {
    const catalogue = house.world.catalogue(entry)
    const own = catalogue.purposes.filter((purpose) => purposes.includes(purpose))
    if (own.length === 0) continue
    const yearly = floorDiv(entry.budget.nano * BigInt(year), BigInt(entry.budget.days))
    const nano = minimum(yearly, left)
    left -= nano
    const paid = own.map((purpose) =>
      floor(multiply(rational(rate), catalogue.tariff.multiplier[purpose] ?? rational(1n))),
    )
    const best = paid.reduce(maximum, 0n)
    const line: EstimateLine = {
      bound: 'high',
      about: { kind: 'budget', title: catalogue.title },
      words: `The privacy budget of ${catalogue.title} for a year, at the present rate`,
      rho: rhoText(nano),
      ratePerMilliRho: amountText(best),
      amount: payText(nano * best),
    }
    found.push({ pay: nano * best, line })
  }
  return found
}

/** The largest that a contract declares, so that nobody is told too little. */
async function minimumPayout({ world }: House): Promise<Micro> {
  const declared = (await world.books.contracts()).map((entry) => world.catalogue(entry).minimumPayout ?? 0n)
  return declared.reduce(maximum, 1n)
}

const title = (purpose: string): string => findPurpose(purpose)?.title.toLowerCase() ?? purpose
