import { readFile, stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { Refused, refuse } from '../base/refusal.ts'
import { isStorableText, textOfBytes } from '../base/text.ts'
import type { Context } from './context.ts'

/** Reads a text file that the caller names, "-" for standard input. Refuses request.invalid (no such file, not UTF-8, a NUL) and request.too_large. */
export async function readText(context: Context, name: string, limit = 64 * 1024 * 1024): Promise<string> {
  const text =
    name === '-' ? (context.stdin ?? '') : textOfBytes(await readBytes(resolve(context.cwd, name), name, limit))
  if (text === undefined || !isStorableText(text)) throw notText(name === '-' ? 'standard input' : name)
  return text
}

export const notText = (name: string): Refused =>
  new Refused(refuse('request.invalid', `${name} is not UTF-8 text without NUL`, { hint: 'save it as UTF-8' }).refusal)

async function readBytes(path: string, name: string, limit: number): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > limit) throw new Refused(refuse('request.too_large', `${name} is larger than ${limit} bytes`).refusal)
    return await readFile(path)
  } catch (cause) {
    if (cause instanceof Refused) throw cause
    throw new Refused(
      refuse('request.invalid', `cannot read ${name}: ${(cause as NodeJS.ErrnoException).code ?? 'unknown'}`, {
        hint: 'name a file that exists and that this account may read',
      }).refusal,
    )
  }
}
