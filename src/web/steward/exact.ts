/** Amounts are decimal texts with at most six decimals; sums of them are exact. */
export function microOf(text: string): bigint {
  const [whole = '0', fraction = ''] = text.replace('-', '').split('.')
  const micro = BigInt(`${whole}${fraction.padEnd(6, '0')}`)
  return text.startsWith('-') ? -micro : micro
}

export function amountOf(micro: bigint): string {
  const digits = (micro < 0n ? -micro : micro).toString().padStart(7, '0')
  return `${micro < 0n ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`.replace(/0{1,4}$/, '')
}
