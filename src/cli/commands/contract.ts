import type { Command } from 'commander'
import type { Json } from '../../base/canonical.ts'
import { Refused, refuse } from '../../base/refusal.ts'
import { applyContract, lintContract, planContract } from '../../house/contracts.ts'
import { type Context, show, showFailing, table, unwrap } from '../context.ts'
import { readText } from '../read.ts'

export function registerContract(program: Command, context: Context): void {
  const contract = program.command('contract').description('the data contract: what is offered, and on what terms')

  contract
    .command('lint <file>')
    .description('every error and warning with line, reason and remedy')
    .action(async (file: string) => {
      const { findings, catalogue } = lintContract(await readText(context, file), file)
      const words = findings.flatMap((one) => [
        `${file}:${one.line}:${one.column}: ${one.severity}: ${one.message}`,
        `  ${one.remedy}`,
      ])
      const valid = catalogue !== undefined
      const value = { valid, findings: findings.map((one) => ({ ...one }) as unknown as Json) }
      if (valid) show(context, value, [...words, `${file} is valid.`])
      else
        showFailing(
          context,
          value,
          words,
          new Refused(refuse('contract.invalid', `${file} does not pass the lint`).refusal),
        )
    })

  contract
    .command('plan <file>')
    .description('what applying it changes for noise and price')
    .action(async (file: string) => {
      const { after, changes } = unwrap(await planContract(await context.house(), await readText(context, file), file))
      const words =
        changes.length === 0
          ? ['Nothing changes.']
          : changes.map((change) => `${change.breaking ? '!' : '-'} ${change.words}`)
      show(
        context,
        {
          product: after.product,
          version: after.version,
          changes: changes.map((change) => ({ ...change }) as unknown as Json),
        },
        [`${after.product} ${after.version}`, ...words],
      )
    })

  contract
    .command('apply <file>')
    .description('puts it in force')
    .action(async (file: string) => {
      const entry = unwrap(await applyContract(await context.house(), await readText(context, file), file))
      show(context, { product: entry.product, version: entry.version, hash: entry.hash }, [
        `${entry.product} ${entry.version} is in force (${entry.hash.slice(0, 12)}…).`,
      ])
    })

  contract
    .command('list')
    .description('the contracts in force')
    .action(async () => {
      const entries = await (await context.house()).world.books.contracts()
      show(
        context,
        { contracts: entries.map(({ product, version, hash, purposes }) => ({ product, version, hash, purposes })) },
        table(
          ['product', 'version', 'purposes'],
          entries.map((entry) => [entry.product, entry.version, entry.purposes.join(', ')]),
        ),
      )
    })
}
