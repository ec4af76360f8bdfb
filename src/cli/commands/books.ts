import type { Command } from 'commander'
import { Fault } from '../../base/fault.ts'
import { amountText } from '../../money/amount.ts'
import { type Context, show, showFailing, table } from '../context.ts'

export function registerBooks(program: Command, context: Context): void {
  const books = program.command('books').description('the four books')
  books
    .command('check')
    .description('checks every invariant from the entries up')
    .action(async () => {
      const result = await (await context.house()).world.books.check()
      const value = {
        entries: result.entries,
        failures: result.failures,
        checked: result.checked.map((one) => ({ ...one })),
      }
      const looked = table(
        ['checked', 'looked at'],
        result.checked.map((one) => [one.what, `${one.count}`]),
      )
      if (result.failures.length === 0)
        return show(context, value, [...looked, `The books agree (${result.entries} entries).`])
      const failing = ['The books do NOT agree:', ...result.failures.map((failure) => `  ${failure}`)]
      const fault = new Fault('books.disagree', `${result.failures.length} invariants fail`, {
        hint: 'keep the home as it is and compare with a backup',
      })
      showFailing(context, value, [...looked, ...failing], fault)
    })
  books
    .command('balances')
    .description('every account with its balance')
    .action(async () => {
      const balances = await (await context.house()).world.books.balances()
      show(
        context,
        { balances: Object.fromEntries(Object.entries(balances).map(([account, amount]) => [account, `${amount}`])) },
        table(
          ['account', 'balance'],
          Object.entries(balances)
            // One account for each release: shown while it holds something.
            .filter(([account, amount]) => amount !== 0n || !account.startsWith('pending:'))
            .map(([account, amount]) => [account, amount < 0n ? `-${amountText(-amount)}` : amountText(amount)]),
        ),
      )
    })
}
