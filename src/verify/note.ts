import { type Bytes, concat, equal, fromBase64, fromHex, sha256, utf8 } from './bytes.ts'

/** Signed notes (c2sp.org/signed-note) under one Ed25519 key. */

export interface LogKey {
  readonly name: string
  readonly id: Bytes
  readonly bytes: Bytes
}

export type Opened = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly words: string }

/** Longer notes and notes with more signatures are refused: hostile input. */
const maxNoteLength = 262_144
const maxSignatures = 64

/** Reads "name+keyid+base64(1 || key)"; undefined when malformed, of another type than Ed25519, or when the id does not fit. */
export async function readLogKey(text: string): Promise<LogKey | undefined> {
  const first = text.indexOf('+')
  const second = text.indexOf('+', first + 1)
  if (text.length > 1024 || first < 1 || second < 0) return undefined
  const name = text.slice(0, first)
  const id = fromHex(text.slice(first + 1, second), 4)
  const typed = fromBase64(text.slice(second + 1))
  if (!isName(name) || id === undefined || typed?.length !== 33 || typed[0] !== 1) return undefined
  const expected = (await sha256(utf8(name), Uint8Array.of(10), typed)).slice(0, 4)
  return equal(id, expected) ? { name, id, bytes: typed.slice(1) } : undefined
}

/** Opens a note: at least one signature must be by the key, and every signature that claims to be must verify; others are ignored. */
export async function openNote(note: string, key: LogKey): Promise<Opened> {
  if (note.length > maxNoteLength || !isClean(note) || !note.endsWith('\n')) return no('the note is malformed')
  const split = note.lastIndexOf('\n\n')
  if (split < 0) return no('the note has no signatures')
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > maxSignatures) return no('the note has too many signatures')
  let signed = false
  for (const line of lines) {
    const parts = line.split(' ')
    const [dash, name = '', encoded = ''] = parts
    const bytes = fromBase64(encoded)
    if (parts.length !== 3 || dash !== '—' || !isName(name) || bytes === undefined || bytes.length < 5)
      return no('a signature line of the note is malformed')
    if (name !== key.name || !equal(bytes.slice(0, 4), key.id)) continue
    if (!(await verifies(key, text, bytes.slice(4)))) return no(`the signature of ${name} does not verify`)
    signed = true
  }
  return signed ? { ok: true, text } : no('the key has not signed it')
}

const no = (words: string): Opened => ({ ok: false, words })
const isName = (name: string): boolean => name !== '' && isClean(name) && !/[\p{White_Space}+]/u.test(name)
// biome-ignore lint/suspicious/noControlCharactersInRegex: the specification forbids exactly these
const isClean = (text: string): boolean => !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text)

async function verifies(key: LogKey, text: string, signature: Bytes): Promise<boolean> {
  if (signature.length !== 64) return false
  const { subtle } = globalThis.crypto
  try {
    const imported = await subtle.importKey('raw', concat(key.bytes), { name: 'Ed25519' }, false, ['verify'])
    return await subtle.verify({ name: 'Ed25519' }, imported, concat(signature), utf8(text))
  } catch {
    // Bytes that are no key, or a browser that knows no Ed25519: not verified means no.
    return false
  }
}
