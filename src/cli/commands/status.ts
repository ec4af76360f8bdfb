import type { Command } from 'commander'
import { Fault } from '../../base/fault.ts'
import { diagnose } from '../../house/doctor.ts'
import { amountText } from '../../money/amount.ts'
import { type Context, show, showFailing } from '../context.ts'

export function registerStatus(program: Command, context: Context): void {
  program
    .command('status')
    .description('what is here, in a few lines')
    .action(async () => {
      const house = await context.house()
      const { books, clock } = house.world
      const settings = await books.settings()
      const open = await books.openPeriod(clock.now())
      const contracts = await books.contracts()
      const loads = await Promise.all(
        contracts.map(async (entry) => ({
          product: entry.product,
          load: (await books.loads(entry.product))[0]?.number ?? 0,
        })),
      )
      const checkpoint = await books.newestCheckpoint()
      const balances = await books.balances()
      show(
        context,
        {
          name: settings?.name,
          currency: settings?.currency,
          logKey: house.logKey,
          period: open?.id ?? null,
          products: loads,
          logSize: `${checkpoint?.size ?? 0n}`,
          pool: amountText(balances.pool ?? 0n),
        },
        [
          `${settings?.name} (${settings?.currency})`,
          `  period: ${open ? `${open.id}, open` : 'none open'}`,
          ...loads.map((one) => `  ${one.product}: ${one.load === 0 ? 'no data yet' : `load ${one.load}`}`),
          `  log: ${checkpoint?.size ?? 0n} leaves, key ${house.logKey}`,
          `  people's pool: ${amountText(balances.pool ?? 0n)} ${settings?.currency}`,
        ],
      )
    })

  program
    .command('doctor')
    .description('looks for what is wrong or could go wrong')
    .action(async () => {
      const findings = await diagnose(await context.house())
      const value = { findings: findings.map((one) => ({ ...one })) }
      const words = findings.flatMap((one) => [
        `${one.good ? 'good' : 'BAD '}  ${one.what}: ${one.words}`,
        ...(one.remedy ? [`      ${one.remedy}`] : []),
      ])
      const bad = findings.filter((one) => !one.good)
      if (bad.length === 0) return show(context, value, words)
      const names = bad.map((one) => one.what).join(', ')
      showFailing(context, value, words, new Fault('home.unwell', names, { hint: 'follow the remedies above' }))
    })
}
