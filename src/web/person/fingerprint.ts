/** SHA-256 of a log key's text in groups of four, short enough to be compared by eye: the first 128 bits. */
export async function fingerprint(logKey: string): Promise<string> {
  const hash = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(logKey))
  const hex = [...new Uint8Array(hash).slice(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return (hex.match(/.{4}/g) ?? []).join(' ')
}
