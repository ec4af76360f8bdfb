/**
 * P(|Z| > z) for a standard normal Z, z >= 0: erfc(z/√2) by its series below 3 and by its continued fraction above (Abramowitz and Stegun 1964, 7.1.6 and 7.1.14);
 * relative error below 10^-12.
 */
export function twoSided(z: number): number {
  const x = Math.abs(z) / Math.SQRT2
  return x < 2.2 ? 1 - erfSeries(x) : erfcFraction(x)
}

/** erf x = 2/√π e^(-x²) Σ 2^n x^(2n+1) / (1·3·…·(2n+1)): all terms are positive. */
function erfSeries(x: number): number {
  let term = x
  let sum = x
  for (let n = 1; n < 200 && term > sum * 1e-17; n++) {
    term *= (2 * x * x) / (2 * n + 1)
    sum += term
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum
}

/** erfc x = e^(-x²)/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), from the inside out. */
function erfcFraction(x: number): number {
  let fraction = x
  for (let n = 120; n > 0; n--) fraction = x + n / 2 / fraction
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / fraction
}
