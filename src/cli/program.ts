import { Command, CommanderError } from 'commander'
import { canonical } from '../base/canonical.ts'
import { Fault } from '../base/fault.ts'
import { type Outcome, Refused } from '../base/refusal.ts'
import { version } from '../base/version.ts'
import { registerAnswers } from './commands/answers.ts'
import { registerAsk } from './commands/ask.ts'
import { registerBackup } from './commands/backup.ts'
import { registerBooks } from './commands/books.ts'
import { registerBuyer } from './commands/buyer.ts'
import { registerConsent } from './commands/consent.ts'
import { registerContract } from './commands/contract.ts'
import { registerKey } from './commands/key.ts'
import { registerLoad } from './commands/load.ts'
import { registerLog } from './commands/log.ts'
import { registerLogin } from './commands/login.ts'
import { registerMeasure } from './commands/measure.ts'
import { registerPeriod } from './commands/period.ts'
import { registerPerson } from './commands/person.ts'
import { registerProduct } from './commands/product.ts'
import { registerQuery } from './commands/query.ts'
import { registerSession } from './commands/session.ts'
import { registerStatus } from './commands/status.ts'
import { registerVerify } from './commands/verify.ts'
import { type Context, exitCodes, faultJson, Reported, refusalJson, WrongUse } from './context.ts'
import { registerStandalone } from './standalone.ts'

/** Runs one command and gives its exit code. Nothing escapes: a refusal, a wrong use and a fault each end in words and a code. */
export async function runProgram(argv: readonly string[], context: Context): Promise<number> {
  try {
    const program = build(context)
    await program.parseAsync([...argv], { from: 'user' })
    return exitCodes.done
  } catch (cause) {
    // The caller may know another way to do it: somebody began to serve the home meanwhile.
    if (context.onBusy && cause instanceof Fault && cause.code === 'home.busy' && context.onBusy())
      return exitCodes.busy
    return report(cause, context)
  }
}

export function report(cause: unknown, context: Pick<Context, 'json' | 'out' | 'err'>): number {
  if (cause instanceof Reported) return report(cause.failure, { ...context, json: false })
  if (cause instanceof Refused) return reportRefusal({ ok: false, refusal: cause.refusal }, context)
  if (cause instanceof CommanderError || cause instanceof WrongUse) return reportUsage(cause, context)
  const fault = cause instanceof Fault ? cause : (fileFault(cause) ?? bug(cause))
  if (context.json) context.out(`${canonical(faultJson(fault))}\n`)
  context.err(`fault ${fault.code}: ${fault.message}\n${fault.hint ? `  ${fault.hint}\n` : ''}`)
  if (fault.code === 'program.bug' && cause instanceof Error) context.err(`${cause.stack ?? ''}\n`)
  return exitCodes.fault
}

const bug = (cause: unknown): Fault =>
  new Fault('program.bug', `unexpected: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })

/** A file or folder that the system does not let us read or write. */
function fileFault(cause: unknown): Fault | undefined {
  const { code, syscall, path } = cause as NodeJS.ErrnoException
  if (typeof syscall !== 'string' || typeof path !== 'string') return undefined
  return new Fault('program.file_failed', `${syscall} ${path}: ${code ?? 'failed'}`, {
    hint: 'check the rights of this account and the room on the disk',
    cause,
  })
}

function reportUsage(cause: CommanderError | WrongUse, context: Pick<Context, 'json' | 'out' | 'err'>): number {
  if (cause instanceof CommanderError && cause.exitCode === 0) return exitCodes.done
  const hint = cause instanceof WrongUse ? cause.hint : undefined
  const message = cause.message.startsWith('(') ? 'a command is missing' : cause.message.replace(/^error: /, '')
  if (context.json) context.out(`${canonical({ usage: { message, hint } })}\n`)
  // Commander has said its own already.
  if (cause instanceof WrongUse) context.err(`error: ${message}\n${hint ? `  ${hint}\n` : ''}`)
  return exitCodes.usage
}

function reportRefusal(
  outcome: Outcome<never> & { ok: false },
  context: Pick<Context, 'json' | 'out' | 'err'>,
): number {
  const { refusal } = outcome
  if (context.json) context.out(`${canonical(refusalJson(refusal))}\n`)
  const place = refusal.position ? ` (line ${refusal.position.line}, column ${refusal.position.column})` : ''
  context.err(`refused ${refusal.code}${place}: ${refusal.message}\n`)
  for (const reason of refusal.reasons ?? []) context.err(`  ${reason.rule}: ${reason.text} [${reason.citation}]\n`)
  if (refusal.hint) context.err(`  ${refusal.hint}\n`)
  return exitCodes.refused
}

/** The program with every command; nothing runs before it is given a command line. */
export function build(context: Context): Command {
  const program = new Command('usufruct')
    .description('Customer data monetization your customers would agree to.')
    .version(version)
    .option('--home <folder>', 'the home; default $USUFRUCT_HOME, then ./.usufruct')
    .option('--json', 'one JSON object on standard output, everything else on standard error')
    .showHelpAfterError('(usufruct --help lists the commands)')
  registerStandalone(program, context, runProgram)
  for (const register of registers) register(program, context)
  // Options --home and --json are read before a command is chosen (main.ts), so every command accepts them at any place.
  const every = (command: Command): void => {
    command.exitOverride().configureOutput({
      writeOut: (text) => (context.json ? context.err(text) : context.out(text)),
      writeErr: (text) => context.err(text),
    })
    for (const child of command.commands) {
      if (!child.options.some((option) => option.long === '--home'))
        child.option('--home <folder>', 'the home').option('--json', 'JSON output')
      every(child)
    }
  }
  every(program)
  return program
}

const registers = [
  registerStatus,
  registerContract,
  registerQuery,
  registerLoad,
  registerConsent,
  registerPeriod,
  registerBuyer,
  registerKey,
  registerLogin,
  registerSession,
  registerProduct,
  registerMeasure,
  registerAsk,
  registerAnswers,
  registerPerson,
  registerBooks,
  registerLog,
  registerVerify,
  registerBackup,
]
