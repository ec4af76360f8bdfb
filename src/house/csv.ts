/** RFC 4180 text. A cell that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay numbers. */
export const csvText = (rows: readonly (readonly (string | boolean | null | undefined)[])[]): string =>
  `${rows.map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`

function cell(value: string | boolean | null | undefined): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
