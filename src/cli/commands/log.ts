import type { Command } from 'commander'
import { canonical, type Json } from '../../base/canonical.ts'
import { type Context, show, wholeNumber } from '../context.ts'

export function registerLog(program: Command, context: Context): void {
  const log = program.command('log').description('the transparency log: commitments only')
  log
    .command('checkpoint')
    .description('publishes what is waiting and prints the signed checkpoint')
    .action(async () => {
      const { world, logKey } = await context.house()
      const { size, root, note } = await world.log.publish(world.clock.now())
      show(context, { size: `${size}`, root, note, key: logKey }, [note.trimEnd(), '', `key: ${logKey}`])
    })
  log
    .command('show')
    .description('the leaves, in order')
    .option('--from <index>', 'first index', '0')
    .action(async (options: { from: string }) => {
      const first = wholeNumber(options.from, 'an index', 0, Number.MAX_SAFE_INTEGER)
      const { books } = (await context.house()).world
      const size = await books.leafCount()
      for (let from = BigInt(first); from < size; ) {
        const page = await books.leaves(from, 256)
        if (page.length === 0) break
        for (const leaf of page) {
          const text = Buffer.from(leaf.data).toString('utf8')
          context.out(
            context.json
              ? `${canonical({ index: `${leaf.index}`, leaf: JSON.parse(text) as Json })}\n`
              : `${leaf.index}  ${text}\n`,
          )
        }
        from += BigInt(page.length)
      }
    })
}
