// @ts-check
/** node scripts/cli.js: writes docs/cli.md from the commands that the program itself knows. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { orExplain } from './not-ready.js'
import { ensureBuilt, ensureInstalled, root } from './ready.js'

/**
 * @typedef {{ flags: string, description: string, long?: string, mandatory: boolean, defaultValue?: unknown }} Option
 * @typedef {{ name(): string, description(): string, options: readonly Option[], commands: readonly Command[],
 *   registeredArguments: readonly { name(): string, required: boolean }[] }} Command
 * @typedef {{ name: string, usage: string, description: string, options: readonly Option[], arguments: readonly string[] }} Known
 */

/** Enough of a context to build the program and read it; nothing can be run with it. */
export const contextForReading = {
  cwd: '/',
  home: '/',
  json: false,
  clock: { now: () => 0n },
  stdin: undefined,
  house: () => Promise.reject(new Error('this program is only read')),
  out: () => undefined,
  err: () => undefined,
}

/** Every command that can be given, without the groups. @param {Command} program @returns {Known[]} */
export const knownCommands = (program) => program.commands.flatMap((command) => below(command, []))

/** @param {Command} command @param {readonly string[]} above @returns {Known[]} */
function below(command, above) {
  const names = [...above, command.name()]
  if (command.commands.length > 0) return command.commands.flatMap((child) => below(child, names))
  const words = command.registeredArguments.map((one) => (one.required ? `<${one.name()}>` : `[${one.name()}]`))
  return [
    {
      name: names.join(' '),
      usage: [...names, ...words].join(' '),
      description: command.description(),
      options: command.options.filter(({ long }) => long !== '--home' && long !== '--json'),
      arguments: command.registeredArguments.map((one) => one.name()),
    },
  ]
}

/** @param {readonly Known[]} commands */
export function cliPage(commands) {
  const sections = commands.map(({ usage, description, options }) =>
    [
      `### \`usufruct ${usage}\``,
      '',
      `${sentence(description)}`,
      ...(options.length > 0 ? ['', '| option | |', '|---|---|', ...options.map(optionRow)] : []),
    ].join('\n'),
  )
  return `${[introduction, ...sections].join('\n\n')}\n`
}

/** @param {Option} option */
const optionRow = ({ flags, description, mandatory, defaultValue }) => {
  const more = [
    ...(mandatory ? ['needed'] : []),
    ...(typeof defaultValue === 'string' && defaultValue !== '' ? [`default \`${defaultValue}\``] : []),
  ]
  return `| \`${flags.replaceAll('|', '\\|')}\` | ${[description, ...more].filter(Boolean).join('; ')} |`
}

/** @param {string} text */
const sentence = (text) => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`

const introduction = `# The command line

\`usufruct <noun> <verb>\`. This page is written by \`npm run docs\` from the program itself.

**The home** is \`--home FOLDER\`, else \`$USUFRUCT_HOME\`, else \`./.usufruct\`. Only \`init\`, \`restore\` and \`demo\` make one; every other command in an empty folder refuses
and creates nothing. One process at a time owns a home. While \`serve\` owns it, commands on it are carried out by that server, with the same output and exit code.

**Output.** \`--json\` writes one JSON object on one line of standard output (\`log show\`: one for each leaf; \`ask\` and \`release receipt\`: the receipt, byte for byte).
Everything else goes to standard error. \`--home\` and \`--json\` may stand anywhere. A file named \`-\` is standard input; the SQL of \`quote\` and \`ask\` too.
Texts are UTF-8.

| exit code | means | object with \`--json\` |
|---|---|---|
| 0 | done | the result |
| 1 | refused: nothing was done, and nothing was paid ([refusals.md](refusals.md)) | \`{"refused":{"code","message","hint","position","reasons"}}\` |
| 2 | not written as the help says | \`{"usage":{"message","hint"}}\` |
| 3 | a fault of the world: disk, database, a damaged home | \`{"fault":{"code","message","hint"}}\` |

\`contract lint\`, \`verify\`, \`books check\` and \`doctor\` print their findings in the same object when they end with 1 or 3. The one refusal that costs something is \`release.failed\`: the money
goes back, the privacy charge stays.

[tutorial.md](tutorial.md) uses most of these on a small shop.

## Commands`

if (process.argv[1] === fileURLToPath(import.meta.url))
  await orExplain(async () => {
    ensureInstalled()
    ensureBuilt()
    const { build } = await import(pathToFileURL(join(root, 'dist', 'cli', 'program.js')).href)
    writeFileSync(join(root, 'docs', 'cli.md'), cliPage(knownCommands(build(contextForReading))))
  })
