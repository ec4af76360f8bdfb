import type { Command } from 'commander'
import { Fault } from '../../base/fault.ts'
import { amountText } from '../../money/amount.ts'
import { type Context, show, table } from '../context.ts'

export function registerBooks(program: Command, context: Context): void {
  const books = program.command('books').description('the four books')
  books
    .command('check')
    .description('checks every invariant from the entries up')
    .action(async () => {
      const result = await (await context.house()).world.books.check()
      show(
        context,
        { entries: result.entries, failures: result.failures, checked: result.checked.map((one) => ({ ...one })) },
        [
          ...table(
            ['checked', 'looked at'],
            result.checked.map((one) => [one.what, `${one.count}`]),
          ),
          result.failures.length === 0 ? `The books agree (${result.entries} entries).` : 'The books do NOT agree:',
          ...result.failures.map((failure) => `  ${failure}`),
        ],
      )
      if (result.failures.length > 0)
        throw new Fault('books.disagree', `${result.failures.length} invariants fail`, {
          hint: 'keep the home as it is and compare with a backup',
        })
    })
  books.command('balances').action(async () => {
    const balances = await (await context.house()).world.books.balances()
    show(
      context,
      { balances: Object.fromEntries(Object.entries(balances).map(([account, amount]) => [account, `${amount}`])) },
      table(
        ['account', 'balance'],
        Object.entries(balances).map(([account, amount]) => [
          account,
          amount < 0n ? `-${amountText(-amount)}` : amountText(amount),
        ]),
      ),
    )
  })
}
