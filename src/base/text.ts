/** Text that every part of the house can keep: no NUL, which PostgreSQL cannot store, and no half of a surrogate pair, which is no UTF-8. */
export const isStorableText = (text: string): boolean =>
  !text.includes('\u0000') && !/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/.test(text)

/** The text of UTF-8 bytes; undefined when they are not UTF-8 or hold a NUL. A byte order mark is left out. */
export function textOfBytes(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return isStorableText(text) ? text : undefined
  } catch {
    return undefined
  }
}
