import type { Command } from 'commander'
import { findProduct } from '../../house/find.ts'
import { productPage } from '../../house/views/product.ts'
import { type Context, show, table, unwrap } from '../context.ts'

export function registerProduct(program: Command, context: Context): void {
  const product = program.command('product').description('what is offered')
  product
    .command('list')
    .description('every data product')
    .action(async () => {
      const { world } = await context.house()
      const contracts = await world.books.contracts()
      const products = []
      for (const entry of contracts) products.push(await productPage(world, entry))
      show(
        context,
        { products },
        table(
          ['product', 'version', 'title', 'purposes'],
          contracts
            .map((entry) => world.catalogue(entry))
            .map((one) => [one.product, one.version, one.title, one.purposes.join(', ')]),
        ),
      )
    })
  product
    .command('show <product>')
    .description('tables, columns and limitations, as buyers read them')
    .action(async (name: string) => {
      const { world } = await context.house()
      const entry = unwrap(await findProduct(name, world))
      const catalogue = world.catalogue(entry)
      show(context, await productPage(world, entry), [
        `${catalogue.product} ${catalogue.version}: ${catalogue.title}`,
        `  ${catalogue.description.limitations}`,
        ...catalogue.tables.flatMap((one) => [
          `${one.name} (${one.kind})`,
          ...table(
            ['  column', 'type', 'groups', 'description'],
            one.columns
              .filter((column) => column.offered)
              .map((column) => [
                `  ${column.name}`,
                column.type,
                column.domain ? `${column.domain.length}` : '',
                column.description,
              ]),
          ),
        ]),
      ])
    })
}
