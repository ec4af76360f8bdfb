import { decodeHash, decodeSize, encodeBase64 } from './base64.ts'
import { emptyRoot, type Hash, sameHash } from './merkle.ts'
import { openNote, type Signer, signNote, type Verifier } from './note.ts'

/** Checkpoints, c2sp.org/tlog-checkpoint: a signed note whose text is origin, size and root. */
export interface Checkpoint {
  readonly origin: string
  readonly size: bigint
  readonly root: Hash
}

export type OpenedCheckpoint =
  | { readonly ok: true; readonly checkpoint: Checkpoint; readonly signers: readonly string[] }
  | { readonly ok: false; readonly reason: string }

/** The text that is signed. Throws RangeError for an origin that is empty or has line breaks. */
export function checkpointText(checkpoint: Checkpoint): string {
  const { origin, size, root } = checkpoint
  if (origin === '' || origin.includes('\n')) throw new RangeError('checkpointText: the origin must be one line')
  if (size < 0n || root.length !== 32) throw new RangeError('checkpointText: not a size and a root')
  return `${origin}\n${size}\n${encodeBase64(root)}\n`
}

/** Reads a checkpoint's text; undefined when malformed. Extension lines are refused: nobody can audit what they say. Hostile input. */
export function parseCheckpoint(text: string): Checkpoint | undefined {
  const lines = text.split('\n')
  if (lines.length !== 4 || lines[3] !== '') return undefined
  const [origin = '', sizeLine = '', rootLine = ''] = lines
  const size = decodeSize(sizeLine)
  const root = decodeHash(rootLine)
  if (origin === '' || size === undefined || root === undefined) return undefined
  if (size === 0n && !sameHash(root, emptyRoot)) return undefined
  return { origin, size, root }
}

/** A checkpoint as a signed note. */
export const signCheckpoint = (checkpoint: Checkpoint, signers: readonly Signer[]): string =>
  signNote(checkpointText(checkpoint), signers)

/** Opens a note that must be a checkpoint of `origin`, signed by one of the keys. */
export function openCheckpoint(note: string, origin: string, keys: readonly Verifier[]): OpenedCheckpoint {
  const opened = openNote(note, keys)
  if (!opened.ok) return opened
  const checkpoint = parseCheckpoint(opened.text)
  if (checkpoint === undefined) return { ok: false, reason: 'the note is not a checkpoint' }
  if (checkpoint.origin !== origin)
    return { ok: false, reason: `the checkpoint is of ${checkpoint.origin}, not of ${origin}` }
  return { ok: true, checkpoint, signers: opened.signers }
}
