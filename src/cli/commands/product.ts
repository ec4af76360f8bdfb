import type { Command } from 'commander'
import { Refused, refuse } from '../../base/refusal.ts'
import { productPage } from '../../house/views/product.ts'
import { type Context, show, table } from '../context.ts'

export function registerProduct(program: Command, context: Context): void {
  const product = program.command('product').description('what is offered')
  product.command('list').action(async () => {
    const { world } = await context.house()
    const contracts = await world.books.contracts()
    const catalogues = contracts.map((entry) => world.catalogue(entry))
    const products = []
    for (const entry of contracts) products.push(await productPage(world, entry))
    show(
      context,
      { products },
      table(
        ['product', 'version', 'title', 'purposes'],
        catalogues.map((one) => [one.product, one.version, one.title, one.purposes.join(', ')]),
      ),
    )
  })
  product.command('show <product>').action(async (name: string) => {
    const { world } = await context.house()
    const entry = (await world.books.contracts()).find((one) => one.product === name)
    if (!entry)
      throw new Refused(
        refuse('product.unknown', `there is no data product "${name}"`, { hint: 'usufruct product list' }).refusal,
      )
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
