import type { Teller } from '../demo/story.ts'
import { table } from './context.ts'

/** Tells a story in the terminal: numbered chapters, indented lines. */
export function tellerOf(out: (text: string) => void): Teller {
  let number = 0
  return {
    chapter: (title) => out(`\n${++number}. ${title}\n`),
    say: (line) => out(`${line.replace(/^/gm, '   ')}\n`),
    table: (header, rows) =>
      out(
        `${table(header, rows)
          .map((line) => `   ${line}`)
          .join('\n')}\n`,
      ),
  }
}
