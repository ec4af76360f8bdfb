import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { sha256 } from '../base/hash.ts'
import { decodeBase64 } from './base64.ts'

/**
 * Signed notes, c2sp.org/signed-note: a text, an empty line, signature lines "— name base64(key id || signature)".
 * Keys are Ed25519: type 1 signs the text itself, type 4 is a witness's timestamped cosignature (c2sp.org/tlog-cosignature).
 */

/** A key that signs notes. Prints as its name; the private part stays in the closure. */
export interface Signer {
  readonly name: string
  /** Public key text, "name+keyid+base64". */
  readonly vkey: string
  /** The signature line for a note text, newline included. */
  line(text: string): string
}

/** A key that checks notes. */
export interface Verifier {
  readonly name: string
  /** 8 lower-case hex digits. */
  readonly keyId: string
  verifies(text: string, signature: Uint8Array): boolean
}

export interface ParsedNote {
  /** Ends in a newline. */
  readonly text: string
  readonly signatures: readonly NoteSignature[]
}
export interface NoteSignature {
  readonly name: string
  readonly keyId: string
  readonly signature: Uint8Array
}

export type OpenedNote =
  | { readonly ok: true; readonly text: string; readonly signers: readonly string[] }
  | { readonly ok: false; readonly reason: string }

/** Bounds on hostile input; the specification asks for at least 16 signatures, a post-quantum one takes nearly 7 kB of base64. */
export const maxNoteBytes = 262_144
export const maxSignatures = 64

/** Text for storing a signing key, the form of golang.org/x/mod/sumdb/note: "PRIVATE+KEY+name+keyid+base64(1 || seed)". `seed`: 32 random bytes. */
export function signerKeyText(name: string, seed: Uint8Array): string {
  if (!isName(name)) throw new RangeError(`signerKeyText: "${name}" is not a key name (no spaces, no plus)`)
  if (seed.length !== 32) throw new RangeError(`signerKeyText: the seed must have 32 bytes, got ${seed.length}`)
  const key = publicBytes(privateKey(seed))
  return `PRIVATE+KEY+${name}+${keyIdOf(name, typeEd25519, key)}+${base64(Uint8Array.of(typeEd25519), seed)}`
}

/** Reads the stored text of a signing key. Throws RangeError, without quoting the text, when it is not one. */
export function readSigner(text: string): Signer {
  const [, name, id, encoded] = /^PRIVATE\+KEY\+([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text) ?? []
  const bytes = decodeBase64(encoded ?? '')
  if (name === undefined || !isName(name) || bytes?.length !== 33 || bytes[0] !== typeEd25519)
    throw new RangeError('the text of the log’s signing key cannot be read')
  const secret = privateKey(bytes.subarray(1))
  const key = publicBytes(secret)
  const keyId = keyIdOf(name, typeEd25519, key)
  if (keyId !== id) throw new RangeError('the log’s signing key does not fit its own key id')
  return Object.freeze({
    name,
    vkey: `${name}+${keyId}+${base64(Uint8Array.of(typeEd25519), key)}`,
    line: (text: string) =>
      `— ${name} ${base64(Buffer.from(keyId, 'hex'), sign(null, Buffer.from(text, 'utf8'), secret))}\n`,
  })
}

/** Reads a public key text, "name+keyid+base64(type || key)"; undefined when it is malformed, of another type, or does not fit its id. */
export function readVerifier(vkey: string): Verifier | undefined {
  if (vkey.length > 1024) return undefined
  const [, name, keyId, encoded] = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey) ?? []
  const bytes = decodeBase64(encoded ?? '')
  const type = bytes?.[0]
  if (name === undefined || !isName(name) || bytes?.length !== 33) return undefined
  if (type !== typeEd25519 && type !== typeCosignature) return undefined
  if (keyIdOf(name, type, bytes.subarray(1)) !== keyId) return undefined
  const key = publicKey(bytes.subarray(1))
  if (key === undefined) return undefined
  return Object.freeze({
    name,
    keyId,
    verifies: (text: string, signature: Uint8Array) =>
      type === typeEd25519 ? checks(key, text, signature) : checksCosignature(key, text, signature),
  })
}

/** Signs a text. Throws RangeError when the text cannot be one of a note. */
export function signNote(text: string, signers: readonly Signer[]): string {
  if (!text.endsWith('\n') || !isCleanText(text)) throw new RangeError('signNote: not the text of a note')
  return `${text}\n${signers.map((signer) => signer.line(text)).join('')}`
}

/** Takes a note apart without trusting it; undefined when it is malformed. Hostile input. */
export function parseNote(note: string): ParsedNote | undefined {
  if (note.length > maxNoteBytes || Buffer.byteLength(note) > maxNoteBytes || !isCleanText(note)) return undefined
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return undefined
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split('\n')
  if (lines.length > maxSignatures) return undefined
  const signatures: NoteSignature[] = []
  for (const line of lines) {
    const [, name, encoded] = /^— ([^ ]+) ([A-Za-z0-9+/=]+)$/.exec(line) ?? []
    const bytes = decodeBase64(encoded ?? '')
    if (name === undefined || !isName(name) || bytes === undefined || bytes.length < 5) return undefined
    const keyId = Buffer.from(bytes.subarray(0, 4)).toString('hex')
    signatures.push({ name, keyId, signature: bytes.subarray(4) })
  }
  return { text, signatures }
}

/**
 * Opens a note with known keys: signatures of unknown keys are ignored, a failing signature of a known key rejects the note, and at least
 * one known key must have signed. `signers` names the known keys that did.
 */
export function openNote(note: string, known: readonly Verifier[]): OpenedNote {
  const parsed = parseNote(note)
  if (parsed === undefined) return { ok: false, reason: 'the note is malformed' }
  const signers = new Set<string>()
  for (const { name, keyId, signature } of parsed.signatures) {
    const key = known.find((candidate) => candidate.name === name && candidate.keyId === keyId)
    if (key === undefined) continue
    if (!key.verifies(parsed.text, signature)) return { ok: false, reason: `the signature of ${name} does not verify` }
    signers.add(name)
  }
  if (signers.size === 0) return { ok: false, reason: 'no known key has signed the note' }
  return { ok: true, text: parsed.text, signers: [...signers] }
}

/** What a witness signs, c2sp.org/tlog-cosignature v1. `time`: seconds since 1970. */
export const cosignedMessage = (time: bigint, text: string): string => `cosignature/v1\ntime ${time}\n${text}`

const typeEd25519 = 1
const typeCosignature = 4
// DER headers of an Ed25519 private key (RFC 8410, PKCS #8) and public key (SPKI): the raw 32 bytes follow.
const pkcs8Header = Buffer.from('302e020100300506032b657004220420', 'hex')
const spkiHeader = Buffer.from('302a300506032b6570032100', 'hex')

/** Key names are not empty and hold neither Unicode spaces nor a plus. */
const isName = (name: string): boolean => name !== '' && !/[\p{White_Space}+]/u.test(name) && isCleanText(name)
/** Well-formed Unicode without control characters other than newline. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the specification forbids exactly these
const isCleanText = (text: string): boolean => !/[\u0000-\u0009\u000b-\u001f]|\p{Surrogate}/u.test(text)

const base64 = (...parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString('base64')
const keyIdOf = (name: string, type: number, key: Uint8Array): string =>
  sha256(name, Uint8Array.of(0x0a, type), key).subarray(0, 4).toString('hex')

const privateKey = (seed: Uint8Array): KeyObject =>
  createPrivateKey({ key: Buffer.concat([pkcs8Header, seed]), format: 'der', type: 'pkcs8' })
const publicBytes = (secret: KeyObject): Uint8Array =>
  createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(spkiHeader.length)

function publicKey(bytes: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.concat([spkiHeader, bytes]), format: 'der', type: 'spki' })
  } catch {
    // Hostile key bytes: whatever the library finds wrong with them, they are no key.
    return undefined
  }
}

const checks = (key: KeyObject, text: string, signature: Uint8Array): boolean =>
  signature.length === 64 && verify(null, Buffer.from(text, 'utf8'), key, signature)

/** The signature bytes are u64be(time) || Ed25519 signature. */
function checksCosignature(key: KeyObject, text: string, signature: Uint8Array): boolean {
  if (signature.length !== 72) return false
  const time = Buffer.from(signature).readBigUInt64BE(0)
  return checks(key, cosignedMessage(time, text), signature.subarray(8))
}
