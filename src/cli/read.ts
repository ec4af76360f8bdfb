import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Refused, refuse } from '../base/refusal.ts'
import type { Context } from './context.ts'

/** Reads a text file that the caller names, "-" for standard input. Refuses request.invalid and request.too_large. */
export async function readText(context: Context, name: string, limit = 64 * 1024 * 1024): Promise<string> {
  if (name === '-') return context.stdin ?? ''
  const path = resolve(context.cwd, name)
  try {
    const { size } = await stat(path)
    if (size > limit) throw new Refused(refuse('request.too_large', `${name} is larger than ${limit} bytes`).refusal)
    return await readFile(path, 'utf8')
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused(
      refuse('request.invalid', `cannot read ${name}: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`, {
        hint: 'name a file that exists',
      }).refusal,
    )
  }
}
