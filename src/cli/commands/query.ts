import type { Command } from 'commander'
import { canonical, type Json } from '../../base/canonical.ts'
import { type Refusal, Refused, refuse } from '../../base/refusal.ts'
import { checkQuestion, offlineCatalogue } from '../../house/contracts.ts'
import { type Context, unwrap } from '../context.ts'
import { readText } from '../read.ts'
import { registerExplain } from './ask.ts'

export function registerQuery(program: Command, context: Context): void {
  const query = program.command('query').description('questions, before they are asked')
  registerExplain(query, context)
  query
    .command('check')
    .description(
      'says of each line of standard input, {"sql": "…"} or plain text, whether a contract lets it be answered: one line each, in order; reads no data and needs no home',
    )
    .requiredOption('--contract <file>', 'the data contract')
    .action(async (options: { contract: string }) => {
      const catalogue = unwrap(offlineCatalogue(await readText(context, options.contract), options.contract))
      const text = context.stdin ?? (await context.readStdin?.()) ?? ''
      for (const line of linesOf(text)) {
        const sql = sqlOf(line)
        const refusal = sql instanceof Refused ? sql.refusal : await checkQuestion(sql, catalogue)
        context.out(context.json ? `${canonical(verdict(refusal))}\n` : `${words(refusal)}\n`)
      }
    })
}

/** A last line needs no newline, and a newline at the end begins no line. */
function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r\n|\n/)
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** SQL never begins with a brace, so a line that does is meant as JSON. */
function sqlOf(line: string): string | Refused {
  if (!/^\s*\{/.test(line)) return line
  try {
    const { sql } = JSON.parse(line) as { readonly sql?: unknown }
    if (typeof sql === 'string') return sql
  } catch {
    // Said below.
  }
  return new Refused(
    refuse('request.invalid', 'the line is not JSON with a text "sql"', { hint: '{"sql": "SELECT …"}' }).refusal,
  )
}

const verdict = (refusal: Refusal | undefined): Json =>
  refusal === undefined
    ? { accepted: true }
    : {
        accepted: false,
        code: refusal.code,
        message: refusal.message,
        position: refusal.position ? { ...refusal.position } : null,
        hint: refusal.hint ?? null,
      }

function words(refusal: Refusal | undefined): string {
  if (refusal === undefined) return 'accepted'
  const place = refusal.position ? ` (line ${refusal.position.line}, column ${refusal.position.column})` : ''
  return `refused ${refusal.code}${place}: ${refusal.message}${refusal.hint ? `; ${refusal.hint}` : ''}`
}
