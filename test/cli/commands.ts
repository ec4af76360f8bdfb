import type { Command } from 'commander'
import { build } from '../../src/cli/program.ts'

export interface Known {
  /** "contract lint" */
  readonly name: string
  readonly description: string
  readonly usage: string
  readonly options: readonly { readonly flags: string; readonly description: string }[]
  /** A command line with something for every argument and mandatory option. */
  readonly example: readonly string[]
}

/** Every command of the program, as the program itself knows it. */
export function commandsOf(): readonly Known[] {
  const program = build({
    cwd: '/',
    home: '/',
    json: false,
    clock: { now: () => 0n },
    stdin: undefined,
    house: () => Promise.reject(new Error('no house')),
    out: () => undefined,
    err: () => undefined,
  })
  return program.commands.flatMap((command) => leaves(command, []))
}

function leaves(command: Command, above: readonly string[]): readonly Known[] {
  const names = [...above, command.name()]
  if (command.commands.length > 0) return command.commands.flatMap((child) => leaves(child, names))
  const own = command.options.filter(({ long }) => long !== '--home' && long !== '--json')
  const values = command.registeredArguments.map((argument) => (argument.name() === 'role' ? 'steward' : 'thing'))
  const needed = own.filter(({ mandatory }) => mandatory)
  return [
    {
      name: names.join(' '),
      description: command.description(),
      usage: [
        ...names,
        ...command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`)),
      ].join(' '),
      options: own.map(({ flags, description }) => ({ flags, description })),
      example: [
        ...names,
        ...values,
        ...needed.flatMap(({ long }) => [long as string, long === '--from' ? 'table=thing.csv' : 'thing']),
        ...(command.name() === 'limits' ? ['--class', 'low'] : []),
        ...(command.name() === 'serve' ? ['--port', '0'] : []),
      ],
    },
  ]
}
