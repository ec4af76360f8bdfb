/**
 * The square root of the matrix of prefix sums: for the lower triangular A of ones, A = C·C with C lower triangular Toeplitz, its first column
 * c_0 = 1, c_k = c_(k-1) (2k - 1)/(2k) (the coefficients of (1 - x)^(-1/2), whose square is 1/(1 - x)). In integers: C' = round(2^20 C).
 * Who releases y = C'x + noise and reads prefix sums off C·y needs noise for one column's length of C instead of for one of A.
 */
export const rootUnit = 2n ** 20n

/** First column of C': c_0, c_1, …, c_(m-1), times 2^20, rounded. The 2^100 in between lose less than m · 2^-100. */
export function rootColumn(m: number): readonly bigint[] {
  const fine = 2n ** 100n
  const column: bigint[] = []
  let c = fine
  for (let k = 0; k < m; k++) {
    if (k > 0) c = (c * BigInt(2 * k - 1)) / BigInt(2 * k)
    column.push((2n * c * rootUnit + fine) / (2n * fine))
  }
  return column
}

/** C'x for exact counts x. */
export function timesRoot(column: readonly bigint[], x: readonly bigint[]): readonly bigint[] {
  const y = x.map(() => 0n)
  for (const [place, count] of x.entries()) {
    if (count === 0n) continue
    for (let k = 0; place + k < x.length; k++) y[place + k] = (y[place + k] as bigint) + (column[k] as bigint) * count
  }
  return y
}
