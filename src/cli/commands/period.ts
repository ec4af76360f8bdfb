import type { Command } from 'commander'
import { instantText } from '../../base/instant.ts'
import { periodJson } from '../../house/views/periods.ts'
import { amountText, parseAmount } from '../../money/amount.ts'
import { closePeriod, openPeriod } from '../../release/period.ts'
import type { PeriodEntry } from '../../release/ports.ts'
import { type Context, show, unwrap, wholeNumber } from '../context.ts'

export function registerPeriod(program: Command, context: Context): void {
  const period = program.command('period').description('the time for which rate and cohort sizes are fixed')
  period
    .command('open')
    .description('new choices join, head counts are released once as noisy upper bounds')
    .option('--rate <amount>', 'pay per person per milli-rho, from the published ladder')
    .option('--days <n>', 'length', (text) => wholeNumber(text, 'a number of days', 1, 92))
    .action(async (options: { rate?: string; days?: number }) => {
      const rate = options.rate === undefined ? undefined : unwrap(parseAmount(options.rate))
      showPeriod(context, unwrap(await openPeriod({ rate, days: options.days }, (await context.house()).world)))
    })
  period
    .command('close')
    .description('ends it now; pay and privacy loss are settled')
    .action(async () => showPeriod(context, unwrap(await closePeriod((await context.house()).world))))
  period
    .command('show')
    .description('the open period: rate and noisy upper bounds')
    .action(async () => {
      const { world } = await context.house()
      const open = await world.books.openPeriod(world.clock.now())
      if (open) return showPeriod(context, open)
      show(context, { open: false }, ['No period is open.'])
    })
}

function showPeriod(context: Context, period: PeriodEntry): void {
  show(context, periodJson(period), [
    `Period ${period.id}, ${instantText(period.openedAt).slice(0, 10)} to ${instantText(period.endsAt).slice(0, 10)}${period.closedAt === undefined ? '' : ', closed'}`,
    `  pay: ${amountText(period.rate)} per person per milli-rho`,
    ...Object.entries(period.upperBounds).map(
      ([purpose, bound]) => `  ${purpose}: about ${bound} people or fewer (a noisy upper bound)`,
    ),
  ])
}
