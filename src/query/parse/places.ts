import { type Position, positionAt } from '../../base/refusal.ts'

/** Finds places in one SQL text. The parser counts in two ways of its own: trees in UTF-8 bytes, errors in characters (code points). */
export interface Places {
  ofByte(byte: number | undefined): Position
  ofCharacter(character: number): Position
  ofOffset(offset: number): Position
  /** Of the first occurrence of a keyword (or of one of several, split by |) outside quotes and comments, for constructs to which the tree gives no place. */
  ofWord(word: string): Position
}

export interface Word {
  /** Lower case. */
  readonly text: string
  readonly offset: number
}

export function placesOf(sql: string, words: readonly Word[]): Places {
  const ofOffset = (offset: number): Position => positionAt(sql, offset)
  return {
    ofOffset,
    ofByte: (byte) => ofOffset(byte === undefined || byte < 0 ? 0 : offsetAfter(sql, byte, bytesOf)),
    ofCharacter: (character) => ofOffset(offsetAfter(sql, character, () => 1)),
    ofWord: (word) => ofOffset(words.find((found) => word.split('|').includes(found.text))?.offset ?? 0),
  }
}

/** UTF-16 offset of the character that begins after `units` units, where each code point counts as `size` says. */
function offsetAfter(sql: string, units: number, size: (codePoint: number) => number): number {
  let counted = 0
  let offset = 0
  for (const character of sql) {
    if (counted >= units) break
    counted += size(character.codePointAt(0) as number)
    offset += character.length
  }
  return offset
}

const bytesOf = (codePoint: number): number =>
  codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x1_0000 ? 3 : 4
