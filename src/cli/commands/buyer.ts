import type { Command } from 'commander'
import { freshId } from '../../base/id.ts'
import { buyerJson } from '../../house/views/buyers.ts'
import { amountText, parseAmount } from '../../money/amount.ts'
import type { BuyerEntry } from '../../release/ports.ts'
import { type Context, show, table, unwrap } from '../context.ts'

export function registerBuyer(program: Command, context: Context): void {
  const buyer = program.command('buyer').description('who may ask, for what, and their prepaid money')
  buyer
    .command('add <id>')
    .description('somebody who may ask, once approved and funded')
    .requiredOption('--name <name>', 'as people will read it')
    .action(async (id: string, options: { name: string }) => {
      const { world } = await context.house()
      showBuyer(context, unwrap(await world.books.addBuyer({ id, name: options.name }, world.clock.now())))
    })
  buyer
    .command('approve <id> <purpose>')
    .description('lets it ask for this purpose')
    .action(async (id: string, purpose: string) => {
      const { world } = await context.house()
      showBuyer(context, unwrap(await world.books.approveBuyer(id, purpose, world.clock.now())))
    })
  buyer
    .command('fund <id> <amount>')
    .description('money received; with the same --reference it counts once')
    .option('--reference <text>', 'of the payment')
    .action(async (id: string, amount: string, options: { reference?: string }) => {
      const { world } = await context.house()
      const value = unwrap(parseAmount(amount))
      showBuyer(
        context,
        unwrap(await world.books.fundBuyer(id, value, options.reference ?? freshId('fund'), world.clock.now())),
      )
    })
  buyer
    .command('list')
    .description('every buyer with its prepaid money')
    .action(async () => {
      const buyers = await (await context.house()).world.books.buyers()
      show(
        context,
        { buyers: buyers.map(buyerJson) },
        table(
          ['buyer', 'name', 'prepaid', 'pending', 'purposes'],
          buyers.map((one) => [
            one.id,
            one.name,
            amountText(one.prepaid),
            amountText(one.pending),
            one.purposes.join(', '),
          ]),
        ),
      )
    })
}

const showBuyer = (context: Context, buyer: BuyerEntry): void =>
  show(context, buyerJson(buyer), [
    `${buyer.id} (${buyer.name}): prepaid ${amountText(buyer.prepaid)}, approved for ${buyer.purposes.join(', ') || 'nothing yet'}`,
  ])
