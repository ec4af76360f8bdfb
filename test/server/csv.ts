/** RFC 4180, as a spreadsheet reads it. */
export function parseCsv(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] = []
  let field = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const char = text[at] as string
    if (quoted) {
      if (char === '"' && text[at + 1] === '"') {
        field += char
        at++
      } else if (char === '"') quoted = false
      else field += char
    } else if (char === '"') quoted = true
    else if (char === ',' || char === '\r') {
      row.push(field)
      field = ''
    } else if (char === '\n') {
      rows.push(row)
      row = []
    } else field += char
  }
  return rows
}
