/** Text that every part of the house can keep: no NUL, which PostgreSQL cannot store, and no half of a surrogate pair, which is no UTF-8. */
export const isStorableText = (text: string): boolean =>
  !text.includes('\u0000') && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)

/** The text of UTF-8 bytes; undefined when they are not UTF-8. A byte order mark is left out. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return undefined
  }
}

const deepest = 64

/** What keeps a value that a stranger sent from being stored: in words, or undefined when nothing does. Never recurses: depth is the stranger's choice. */
export function unstorable(value: unknown): string | undefined {
  let level: readonly unknown[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > deepest) return `nests deeper than ${deepest} levels`
    const below: unknown[] = []
    for (const one of level) {
      if (typeof one === 'string' && !isStorableText(one)) return 'holds a NUL or half of a surrogate pair'
      if (typeof one !== 'object' || one === null) continue
      for (const [key, member] of Object.entries(one)) below.push(key, member)
    }
    level = below
  }
  return undefined
}
