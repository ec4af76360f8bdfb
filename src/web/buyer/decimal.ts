/** Decimal texts compared and subtracted in whole units: amounts and values are never made into floating-point numbers. */
const places = (text: string): number => text.split('.')[1]?.length ?? 0

export function units(text: string, scale: number): bigint {
  const [whole = '0', fraction = ''] = text.split('.')
  return BigInt(`${whole}${fraction.padEnd(scale, '0')}`)
}

/** Whether the first is less. */
export function isLess(a: string, b: string): boolean {
  const scale = Math.max(places(a), places(b))
  return units(a, scale) < units(b, scale)
}

/** How far apart two decimal texts are, as a decimal text. */
export function apart(a: string, b: string): string {
  const scale = Math.max(places(a), places(b))
  const difference = units(a, scale) - units(b, scale)
  const digits = `${difference < 0n ? -difference : difference}`.padStart(scale + 1, '0')
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** A decimal text times a whole number, exactly. */
export function times(text: string, factor: number): string {
  const scale = text.split('.')[1]?.length ?? 0
  const product = `${units(text, scale) * BigInt(factor)}`.padStart(scale + 1, '0')
  return scale === 0 ? product : `${product.slice(0, -scale)}.${product.slice(-scale)}`
}
