import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Source } from '../../house/house.ts'
import { loadProduct } from '../../house/loads.ts'
import { type Context, show, table, unwrap, WrongUse } from '../context.ts'

export function registerLoad(program: Command, context: Context): void {
  program
    .command('load <product>')
    .description('loads every table of a product; the new data become current at once, or not at all')
    .requiredOption(
      '--from <table=source...>',
      'table=FILE.csv, table=FILE.parquet or table=postgres://…#schema.table',
      collect,
      {},
    )
    .action(async (product: string, options: { from: Record<string, string> }) => {
      const house = await context.house()
      const sources = Object.fromEntries(
        Object.entries(options.from).map(([name, text]) => [name, readSource(text, context.cwd)]),
      )
      let said = ''
      const loaded = unwrap(
        await loadProduct(house, product, sources, ({ table: name, rows }) => {
          const line = `  ${name}: ${rows} rows\n`
          if (line !== said) context.err(line)
          said = line
        }),
      )
      const tables = loaded.report?.tables ?? []
      show(
        context,
        {
          load: loaded.load.id,
          number: loaded.load.number,
          changed: loaded.changed,
          tables: tables.map((one) => ({ ...one, quarantined: { ...one.quarantined } })),
        },
        loaded.changed
          ? [
              ...table(
                ['table', 'read', 'accepted', 'quarantined'],
                tables.map((one) => [one.table, `${one.read}`, `${one.accepted}`, reasons(one.quarantined)]),
              ),
              `Load ${loaded.load.number} of ${product} is current.`,
            ]
          : [`These sources are loaded already (load ${loaded.load.number} of ${product}); nothing changed.`],
      )
    })
}

function collect(text: string, before: Record<string, string>): Record<string, string> {
  const at = text.indexOf('=')
  if (at < 1) throw new WrongUse(`"${text}" does not name a table and a source`, '--from members=members.csv')
  if (Object.hasOwn(before, text.slice(0, at)))
    throw new WrongUse(`the table "${text.slice(0, at)}" has two sources`, 'one source for each table')
  return { ...before, [text.slice(0, at)]: text.slice(at + 1) }
}

function readSource(text: string, cwd: string): Source {
  if (/^postgres(ql)?:\/\//.test(text)) {
    const [url = '', name = ''] = text.split('#')
    if (name === '')
      throw new WrongUse('a PostgreSQL source names its table after #', 'postgres://user@host/db#schema.table')
    return { kind: 'postgres', url, table: name }
  }
  return { kind: text.toLowerCase().endsWith('.parquet') ? 'parquet' : 'csv', path: resolve(cwd, text) }
}

const reasons = (quarantined: Readonly<Partial<Record<string, number>>>): string => {
  const found = Object.entries(quarantined).filter(([, count]) => (count ?? 0) > 0)
  return found.length === 0 ? '0' : found.map(([reason, count]) => `${count} ${reason}`).join(', ')
}
