/**
 * The public list from which a bound is chosen: 1, 2, 5, 10, 20, 50, … below the declared bound, then the declared bound itself, in grid units.
 * Throws RangeError unless the declared bound is at least 1.
 */
export function boundGrid(declared: bigint): readonly bigint[] {
  if (declared < 1n) throw new RangeError(`boundGrid: the declared bound must be at least 1, got ${declared}`)
  const edges: bigint[] = []
  for (let unit = 1n; unit < declared; unit *= 10n)
    for (const step of [1n, 2n, 5n]) if (step * unit < declared) edges.push(step * unit)
  return Object.freeze([...edges, declared])
}
