/** The names nearest to a misspelt one, at most three, nearest first: by edit distance, then by order of declaration. */
export function nearest(name: string, declared: readonly string[]): readonly string[] {
  return declared
    .map((candidate, index) => ({ candidate, index, distance: distance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .slice(0, 3)
    .map(({ candidate }) => candidate)
}

/** A declared name by what the question calls it: exactly, or in another case when only one fits (PostgreSQL folds unquoted names). */
export function findByName<T extends { readonly name: string }>(items: readonly T[], name: string): T | undefined {
  const exact = items.find((item) => item.name === name)
  if (exact) return exact
  const folded = items.filter((item) => item.name.toLowerCase() === name.toLowerCase())
  return folded.length === 1 ? folded[0] : undefined
}

/** Levenshtein; names are at most 63 bytes long after the parser. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next.push(
        Math.min(
          (row[j] as number) + 1,
          (next[j - 1] as number) + 1,
          (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1),
        ),
      )
    row = next
  }
  return row[b.length] as number
}
