import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkpointText, openCheckpoint, parseCheckpoint, signCheckpoint } from '../../src/tlog/checkpoint.ts'
import { emptyEdge, growFrom } from '../../src/tlog/growth.ts'
import { leafHash, rootOf, verifyInclusion } from '../../src/tlog/merkle.ts'
import {
  cosignedMessage,
  openNote,
  parseNote,
  readSigner,
  readVerifier,
  signerKeyText,
  signNote,
} from '../../src/tlog/note.ts'
import { addCheckpointBody, parseProof, writeProof } from '../../src/tlog/proof.ts'
import { bundleBytes, parseTilePath, readBundle, type Tile, tilePath } from '../../src/tlog/tile.ts'
import { verifyCheckpoint } from '../../src/verify/index.ts'
import { readProof } from '../../src/verify/proof.ts'
import { hex, text, toBase64, vectorLeaf, vectorLeaves, vectors } from './support.ts'

const { own } = vectors
const { checkpoint } = own
const signer = readSigner(signerKeyText(checkpoint.origin, hex(checkpoint.seedHex)))
const key = readVerifier(checkpoint.vkey)
const witness = readVerifier(checkpoint.cosignature.vkey)
if (key === undefined || witness === undefined) throw new Error('the vectors hold readable keys')

describe('tile paths', () => {
  it('are those of the Go implementation', () => {
    for (const { n, fullLevel0, partialLevel2w112 } of own.paths) {
      expect(tilePath({ level: 0, index: BigInt(n), width: 256 })).toBe(fullLevel0)
      expect(tilePath({ level: 2, index: BigInt(n), width: 112 })).toBe(partialLevel2w112)
    }
  })
  it('read back as the tile they name', () => {
    const level = fc.oneof(fc.integer({ min: 0, max: 63 }), fc.constant('entries' as const))
    const tile = fc.record({ level, index: fc.bigInt(0n, (1n << 63n) - 1n), width: fc.integer({ min: 1, max: 256 }) })
    fc.assert(
      fc.property(tile, (tile) => {
        expect(parseTilePath(tilePath(tile))).toEqual(tile)
      }),
      { numRuns: 300 },
    )
  })
  it('in any other spelling name nothing, so that no request leaves the folder', () => {
    const others = [
      'tile/0/0',
      'tile/00/000',
      'tile/64/000',
      'tile/0/x000/001',
      'tile/0/1000',
      'tile/0/000.p/0',
      'tile/0/000.p/256',
    ]
    const hostile = [
      'tile/0/../000',
      'tile/0/000.p/01',
      '/tile/0/000',
      'tile/0/000/',
      'tile/0/000.p',
      'tile/entries/00a',
      'checkpoint',
      '',
    ]
    for (const path of [...others, ...hostile, 'tile/-1/000', 'tile/0/x999/x999/x999/x999/x999/x999/999'])
      expect(parseTilePath(path), path).toBeUndefined()
  })
  it('are not made for tiles that cannot be', () => {
    for (const tile of [{ level: 64 }, { level: -1 }, { width: 0 }, { width: 257 }, { index: -1n }])
      expect(() => tilePath({ level: 0, index: 0n, width: 1, ...tile } as Tile)).toThrow(RangeError)
  })
})

describe('tiles and bundles', () => {
  it('of every size in the vectors have the bytes that the Go implementation writes', async () => {
    const listed = Object.entries(own.tiles) as [string, { tiles: { path: string; bytes: number; sha256: string }[] }][]
    const wanted = new Map(listed.flatMap(([, { tiles }]) => tiles.map((tile) => [tile.path, tile])))
    for (const bundle of own.entryBundles) wanted.set(bundle.path, bundle)
    const made = new Map<string, Uint8Array>()
    // Growing leaf by leaf with a checkpoint after each of the first 1,000 makes every partial tile that the vectors list.
    const tree = growFrom(emptyEdge, async (tile, bytes) => void made.set(tilePath(tile), bytes))
    for (let i = 0; i < 70_000; i++) {
      await tree.append(vectorLeaf(i))
      if (i < 1000 || i % 256 === 255 || i > 69_990) await tree.finish()
    }
    for (const [path, { bytes, sha256 }] of wanted) {
      expect(made.get(path)?.length, path).toBe(bytes)
      expect(
        createHash('sha256')
          .update(made.get(path) as Uint8Array)
          .digest('hex'),
        path,
      ).toBe(sha256)
    }
    expect(Buffer.from(made.get('tile/entries/000.p/3') as Uint8Array).toString('hex')).toBe(own.entryBundles[0].hex)
    // The example of the specification.
    expect([made.has('tile/0/272'), made.has('tile/0/273.p/112'), made.has('tile/1/000')]).toEqual([true, true, true])
    expect([made.has('tile/0/273'), made.has('tile/1/001.p/17'), made.has('tile/2/000.p/1')]).toEqual([
      false,
      true,
      true,
    ])
  })
  it('of entries read back as the entries, and only whole', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { minLength: 1, maxLength: 20 }), (entries) => {
        const bytes = bundleBytes(entries)
        expect(readBundle(bytes, entries.length)?.map(toBase64)).toEqual(entries.map(toBase64))
        expect(readBundle(bytes.subarray(0, -1), entries.length)).toBeUndefined()
        expect(readBundle(bytes, entries.length + 1)).toBeUndefined()
        expect(readBundle(bytes, entries.length - 1)).toBeUndefined()
      }),
      { numRuns: 100 },
    )
    expect(() => bundleBytes([new Uint8Array(65_536)])).toThrow(RangeError)
    expect(readBundle(bundleBytes([new Uint8Array(65_535)]), 1)?.[0]?.length).toBe(65_535)
  })
})

describe('signed notes', () => {
  it('carry the key ids, keys and signatures of the vectors', () => {
    expect(signer.vkey).toBe(checkpoint.vkey)
    expect(key.keyId).toBe(checkpoint.keyId)
    expect(signNote(checkpoint.noteText, [signer])).toBe(checkpoint.signedNote)
    expect(openNote(checkpoint.signedNote, [key])).toEqual({ ok: true, text: checkpoint.noteText, signers: [key.name] })
  })
  it('open for the witness who cosigned, at the time it says', () => {
    const { cosignature, cosignedCheckpoint } = checkpoint
    expect(cosignedMessage(BigInt(cosignature.time), checkpoint.noteText)).toBe(cosignature.signedMessage)
    expect(openNote(cosignedCheckpoint, [key, witness])).toMatchObject({ signers: [key.name, witness.name] })
    expect(openNote(cosignedCheckpoint, [witness])).toMatchObject({ ok: true, signers: [witness.name] })
    const bent = cosignedCheckpoint.replace('gCX6igAAAABo53gA', 'gCX6igAAAABo53gB')
    expect(openNote(bent, [key, witness])).toMatchObject({ ok: false })
  })
  it('are ignored where the key is unknown and rejected where a known key fails', () => {
    const other = readSigner(signerKeyText('other.example', new Uint8Array(32).fill(7)))
    const both = signNote(checkpoint.noteText, [other, signer])
    expect(openNote(both, [key])).toMatchObject({ ok: true, signers: [key.name] })
    expect(openNote(checkpoint.signedNote, [readVerifier(other.vkey) as never])).toMatchObject({ ok: false })
    const failing = both.replace('\n1000\n', '\n1001\n')
    expect(openNote(failing, [key])).toMatchObject({ ok: false })
    // The same name with another key is another key.
    const namesake = readSigner(signerKeyText(signer.name, new Uint8Array(32).fill(9)))
    expect(openNote(signNote(checkpoint.noteText, [namesake]), [key])).toMatchObject({ ok: false })
    expect(openNote(signNote(checkpoint.noteText, [namesake, signer]), [key])).toMatchObject({ ok: true })
  })
  it('accept sixteen signatures, and refuse a flood of them', () => {
    const signers = Array.from({ length: 16 }, (_, i) =>
      readSigner(signerKeyText(`w${i}.example`, new Uint8Array(32).fill(i))),
    )
    const note = signNote(checkpoint.noteText, [...signers, signer])
    expect(openNote(note, [key]).ok).toBe(true)
    const line = note.split('\n').at(-2) as string
    expect(parseNote(`${note}${`${line}\n`.repeat(100)}`)).toBeUndefined()
    expect(parseNote(`${'x'.repeat(300_000)}\n\n${line}\n`)).toBeUndefined()
  })
  it('may hold empty lines in their text: the last one ends it', () => {
    const poem = 'one\n\ntwo\n'
    expect(openNote(signNote(poem, [signer]), [key])).toMatchObject({ ok: true, text: poem })
  })
  it('are malformed in every one of these ways', () => {
    const good = checkpoint.signedNote as string
    const line = good.split('\n').at(-2) as string
    const bad = [
      '',
      '\n',
      'text',
      good.slice(0, -1),
      `${good}\n`,
      good.replace('\n\n', '\n'),
      good.replace('— ', '- '),
      good.replace('— ', '—'),
      good.replace('— ', '—  '),
      good.replace(line, `${line} more`),
      good.replace(line, line.slice(0, -1)),
      good.replace(line, `${line.slice(0, -2)}R=`),
      good.replace(line, `— ${signer.name} AAAA`),
      good.replace(line, `— ${signer.name}\u00a0x UBYNnaYM2ZQ=`),
      good.replace(line, '— a+b UBYNnaYM2ZQ='),
      good.replace('1000', '10\t00'),
      good.replace('1000', '10\r00'),
      good.replace('1000', '10\ud80000'),
    ]
    for (const note of bad) expect(parseNote(note), JSON.stringify(note)).toBeUndefined()
  })
})

describe('key texts', () => {
  it('round-trip, and never show the secret', () => {
    const stored = signerKeyText('log.example/x', new Uint8Array(32).fill(3))
    expect(stored).toMatch(/^PRIVATE\+KEY\+log\.example\/x\+[0-9a-f]{8}\+/)
    const read = readSigner(stored)
    expect(read.vkey.startsWith(`log.example/x+${stored.split('+')[3]}+`)).toBe(true)
    const secret = stored.split('+').slice(4).join('+')
    expect(JSON.stringify(read)).not.toContain(secret)
    expect(() => readSigner(stored.slice(0, -1))).toThrow(/cannot be read/)
    try {
      readSigner(stored.replace('+log', '+lag'))
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toContain(secret)
    }
  })
  it('that are misspelled, of another type or unfit for their id are no keys', () => {
    const [name, id, encoded] = [checkpoint.origin, checkpoint.keyId, checkpoint.vkey.slice(-44)]
    const bad = ['', name, `${name}+${id}`, `${name}+${id}+`, `+${id}+${encoded}`, `${name}+00000000+${encoded}`]
    const type2 = `${name}+${id}+${toBase64(Uint8Array.of(2, ...new Uint8Array(32)))}`
    for (const vkey of [
      ...bad,
      `a b+${id}+${encoded}`,
      `${name}+${id.toUpperCase()}+${encoded}`,
      `${checkpoint.vkey}=`,
      type2,
      ' '.repeat(5000),
    ])
      expect(readVerifier(vkey), vkey).toBeUndefined()
    expect(() => signerKeyText('a b', new Uint8Array(32))).toThrow(RangeError)
    expect(() => signerKeyText('a', new Uint8Array(31))).toThrow(RangeError)
  })
})

describe('checkpoints', () => {
  it('have the text and signature of the vectors, for both implementations', async () => {
    const root = rootOf(vectorLeaves(1000).map(leafHash))
    const parts = { origin: checkpoint.origin, size: 1000n, root }
    expect(checkpointText(parts)).toBe(checkpoint.noteText)
    expect(signCheckpoint(parts, [signer])).toBe(checkpoint.signedNote)
    expect(openCheckpoint(checkpoint.cosignedCheckpoint, checkpoint.origin, [key])).toMatchObject({
      ok: true,
      checkpoint: { size: 1000n },
    })
    const verdict = await verifyCheckpoint(checkpoint.cosignedCheckpoint, checkpoint.vkey)
    expect(verdict).toEqual({ ok: true, origin: checkpoint.origin, size: 1000n, root: toBase64(root) })
  })
  it('of another log do not open, for neither implementation', async () => {
    expect(openCheckpoint(checkpoint.signedNote, 'other.example', [key])).toMatchObject({ ok: false })
    expect(await verifyCheckpoint(checkpoint.signedNote, checkpoint.vkey, 'other.example')).toMatchObject({ ok: false })
  })
  it('with anything but origin, size and root are refused', async () => {
    const lines = checkpoint.noteText.split('\n')
    const [origin, size, root] = lines
    const bad = [
      `${origin}\n0${size}\n${root}\n`,
      `${origin}\n-1\n${root}\n`,
      `${origin}\n99999999999999999999\n${root}\n`,
      `\n${size}\n${root}\n`,
      `${origin}\n${size}\n${root.slice(0, -4)}\n`,
      `${origin}\n${size}\n${root.replace('M=', 'N=')}\n`,
      `${origin}\n${size}\n${root}\nextension\n`,
      `${origin}\n${size}\n`,
    ]
    for (const body of bad) {
      expect(parseCheckpoint(body), body).toBeUndefined()
      expect(await verifyCheckpoint(signNote(body, [signer]), checkpoint.vkey), body).toMatchObject({ ok: false })
    }
    expect(parseCheckpoint(`${origin}\n0\n${root}\n`)).toBeUndefined()
    expect(() => checkpointText({ origin: 'a\nb', size: 1n, root: new Uint8Array(32) })).toThrow(RangeError)
  })
})

describe('proof files', () => {
  it('of the vectors are read, verify and are written back byte for byte', () => {
    const proof = parseProof(own.tlogProof.file)
    if (proof === undefined) return expect.unreachable()
    const opened = openCheckpoint(proof.checkpoint, checkpoint.origin, [key, witness])
    if (!opened.ok) return expect.unreachable()
    const path = proof.path.map((hash) => new Uint8Array(Buffer.from(hash, 'base64')))
    const { size, root } = opened.checkpoint
    expect(
      verifyInclusion({ leafHash: leafHash(text(own.tlogProof.leaf)), index: proof.index, size, proof: path, root }),
    ).toBe(true)
    expect(writeProof(proof)).toBe(own.tlogProof.file)
  })
  it('keep extra data, which receipts may not carry', () => {
    const proof = { extra: text('anything'), index: 0n, path: [], checkpoint: checkpoint.signedNote }
    const file = writeProof(proof)
    expect(parseProof(file)).toEqual(proof)
    expect(readProof(file)).toContain('nothing signs')
    expect(readProof(writeProof({ ...proof, extra: undefined }))).toMatchObject({ index: 0n, path: [] })
  })
  it('that are malformed are read by neither implementation', () => {
    const file = own.tlogProof.file as string
    const bad = [
      '',
      file.replace('@v1', '@v2'),
      file.replace('index 511', 'index 0511'),
      file.replace('index 511', 'index -1'),
      file.replace('index 511\n', ''),
      file.replace('index 511', 'extra !\nindex 511'),
      file.replace('JXMJc=', 'JXMJd='),
      file.replace('\nS+j4', '\n S+j4').replace('\nindex', '\n\nindex'),
      file.replace('3cMJc=\n', '3cMJc= \n'),
      file.replace('3cMJc=', '3cMJd='),
      file.replace('index 511\n', `index 511\n${'S+j4AwqDp9M+CNwuoka261/e61Odp8ygRM80PV3cMJc=\n'.repeat(60)}`),
      file.split('\n\n')[0] as string,
    ].filter((bent) => bent !== file)
    expect(bad.length).toBeGreaterThan(9)
    for (const bent of bad) {
      expect(parseProof(bent), bent.slice(0, 60)).toBeUndefined()
      expect(typeof readProof(bent), bent.slice(0, 60)).toBe('string')
    }
    expect(() => writeProof({ index: -1n, path: [], checkpoint: '' })).toThrow(RangeError)
    expect(() => writeProof({ index: 1n, path: ['short'], checkpoint: '' })).toThrow(RangeError)
  })
  it('for a witness are the add-checkpoint request of the vectors', () => {
    const vector = own.consistency.find((v: { size1: number; size2: number }) => v.size1 === 257 && v.size2 === 1000)
    const proof = vector.proof.map((hash: string) => toBase64(hex(hash)))
    expect(addCheckpointBody({ oldSize: 257n, proof, checkpoint: checkpoint.signedNote })).toBe(own.addCheckpointBody)
    expect(() => addCheckpointBody({ oldSize: 0n, proof, checkpoint: '' })).toThrow(RangeError)
  })
})
