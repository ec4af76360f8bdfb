import { contextForReading, knownCommands } from '../../scripts/cli.js'
import { build } from '../../src/cli/program.ts'

/** Every command of the program, with a command line that has something for each argument and mandatory option. */
export const commandsOf = () =>
  knownCommands(build(contextForReading)).map((command) => ({
    ...command,
    example: [
      ...command.name.split(' '),
      ...command.arguments.map((name) => ({ role: 'steward', class: 'flat' })[name] ?? 'thing'),
      ...command.options
        .filter(({ mandatory }) => mandatory)
        .flatMap(({ long }) => [long as string, long === '--from' ? 'table=thing.csv' : 'thing']),
      ...(command.name === 'person limits' ? ['--class', 'low'] : []),
      ...(command.name === 'serve' ? ['--port', '0'] : []),
    ],
  }))
