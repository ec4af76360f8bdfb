import { readdirSync, readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonical, type Json } from '../../src/base/canonical.ts'
import { commit } from '../../src/base/hash.ts'
import { signCheckpoint } from '../../src/tlog/checkpoint.ts'
import { leafBytes, type ReleaseLeaf } from '../../src/tlog/leaves.ts'
import { emptyRoot } from '../../src/tlog/merkle.ts'
import { readSigner, signerKeyText, signNote } from '../../src/tlog/note.ts'
import { parseProof, writeProof } from '../../src/tlog/proof.ts'
import { receiptText } from '../../src/tlog/receipt.ts'
import { type Verdict, verifyReceipt } from '../../src/verify/index.ts'
import { readJson, writeJson } from '../../src/verify/json.ts'
import { answer, logKey, origin, plan, proofOf, receiptOf, release, salt, signer, smallReceipt } from './sample.ts'

const order = [
  'readable',
  'log key',
  'checkpoint',
  'proof',
  'inclusion',
  'result',
  'plan',
  'noise',
  'price',
  'pay',
  'answer',
]
/** The noise as an answer words it: whole variances without "/1". */
const method = release.channels.map((channel) => ({ ...channel, sigma2: channel.sigma2.replace(/\/1$/, '') }))
/** Of both channels together. */
const bothNano = release.channels.reduce((sum, { nano }) => sum + BigInt(nano), 0n)
const failing = (verdict: Verdict): string[] => verdict.checks.filter(({ holds }) => !holds).map(({ name }) => name)
const fails = async (text: string, key = logKey): Promise<string[]> => failing(await verifyReceipt(text, key))
/** What fails when the log itself holds a release with these numbers: only what the numbers contradict. */
const failsWith = async (change: Partial<ReleaseLeaf>) => fails(await receiptOf({ release: { ...release, ...change } }))

describe('a receipt', () => {
  it('that is true verifies with the log’s key alone, each check saying so in words', async () => {
    const verdict = await verifyReceipt(await receiptOf(), logKey)
    expect(failing(verdict)).toEqual([])
    expect(verdict.valid).toBe(true)
    expect(verdict.checks.map(({ name }) => name)).toEqual(order)
    for (const { words } of verdict.checks) expect(words).toMatch(/^[A-Z].*\.$/)
    expect(verdict.release).toEqual(release)
  })
  it('may lack its last newline and nothing else', async () => {
    const text = await receiptOf()
    expect(text.endsWith('}\n')).toBe(true)
    expect(await fails(text.slice(0, -1))).toEqual([])
    for (const bent of [
      `${text}\n`,
      ` ${text}`,
      text.replace('","', '", "'),
      text.replace(/\n$/, '\r\n'),
      `\ufeff${text}`,
    ])
      expect(await fails(bent)).toContain('readable')
  })
  it('always gets the same checks in the same order, whatever the text', async () => {
    const hostile = [
      '',
      'null',
      '[]',
      '{}',
      '"x"',
      '1e3',
      '{"release":null}',
      '{"release":{"channels":[]}}',
      '{"proof":"\\n\\n"}',
    ]
    for (const text of [
      ...hostile,
      '['.repeat(100_000),
      `${'{"a":'.repeat(90)}1${'}'.repeat(90)}`,
      '{"__proto__":{}}',
    ]) {
      const verdict = await verifyReceipt(text, 'no key')
      expect(verdict.checks.map(({ name }) => name)).toEqual(order)
      expect(failing(verdict)).toEqual(order)
    }
  })
  it('never makes the verifier throw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.string(), async (text, key) => {
        expect((await verifyReceipt(text, key)).valid).toBe(false)
      }),
      { numRuns: 200 },
    )
  })
})

describe('a lie is found by the check that is for it', () => {
  it('a key of somebody else, or none', async () => {
    const text = await receiptOf()
    const stranger = readSigner(signerKeyText(origin, new Uint8Array(32).fill(1)))
    expect(await fails(text, stranger.vkey)).toEqual(['checkpoint'])
    expect(await fails(text, '')).toEqual(['log key', 'checkpoint'])
    expect(await fails(text, logKey.replace(/^./, 'm'))).toEqual(['log key', 'checkpoint'])
  })
  it('a checkpoint of another log, or one with a forged root', async () => {
    const parsed = parseProof(await proofOf(leafBytes(release)))
    if (parsed === undefined) return expect.unreachable()
    expect(await fails(await receiptOf({ origin: 'other.example' }))).toEqual(['checkpoint'])
    const stranger = readSigner(signerKeyText(origin, new Uint8Array(32).fill(1)))
    const text = parsed.checkpoint.split('\n\n')[0] as string
    const forged = writeProof({ ...parsed, checkpoint: signNote(`${text}\n`, [stranger]) })
    expect(await fails(await receiptOf({ proof: forged }))).toEqual(['checkpoint'])
    const empty = writeProof({ ...parsed, checkpoint: signCheckpoint({ origin, size: 0n, root: emptyRoot }, [signer]) })
    expect(await fails(await receiptOf({ proof: empty }))).toEqual(['inclusion'])
  })
  it('a proof that is malformed, of another leaf or with unsigned extras', async () => {
    const proof = await proofOf(leafBytes(release))
    const malformed = await fails(await receiptOf({ proof: proof.replace('index 3', 'index 03') }))
    expect(malformed).toEqual(['proof', 'inclusion'])
    expect(await fails(await receiptOf({ proof: proof.replace('index 3', 'index 2') }))).toEqual(['inclusion'])
    expect(await fails(await receiptOf({ proof: proof.replace('index', 'extra AAAA\nindex') }))).toEqual([
      'proof',
      'inclusion',
    ])
    expect(await fails(await receiptOf({ proof: '' }))).toEqual(['checkpoint', 'proof', 'inclusion'])
  })
  it('a release that is not the one in the log', async () => {
    const proof = await proofOf(leafBytes(release))
    const other = { ...release, chargedAt: '2026-11-25T10:15:30.123456Z' }
    expect(await fails(await receiptOf({ release: other, proof }))).toEqual(['inclusion'])
  })
  it('another answer or another salt', async () => {
    const other = { ...(answer as object), rows: [['1205', '-88']] } as Json
    expect(await fails(await receiptOf({ answer: other }))).toEqual(['result'])
    expect(await fails(await receiptOf({ resultSalt: '00'.repeat(32) }))).toEqual(['result'])
    const upper = (await receiptOf()).replace(salt.toString('hex'), salt.toString('hex').toUpperCase())
    expect(await fails(upper)).toEqual(['result'])
  })
  it('another question', async () => {
    expect(await fails(await receiptOf({ plan: `${plan} ` }))).toEqual(['plan'])
  })
  it('noise that does not follow from the charge', async () => {
    const [first, second] = release.channels
    if (first === undefined || second === undefined) return expect.unreachable()
    expect(await failsWith({ channels: [{ ...first, sigma2: '39999/1' }, second] })).toEqual(['noise'])
    expect(await failsWith({ channels: [{ ...first, sigma2: '80000/2' }, second] })).toEqual(['noise'])
    expect(await failsWith({ channels: [{ ...first, sigma2: '40000' }, second] })).toEqual([])
    expect(await failsWith({ channels: [first] })).toEqual(['noise'])
    expect(await failsWith({ channels: [] })).toEqual(['noise'])
    expect(await failsWith({ channels: [{ ...first, nano: '0' }, second] })).toEqual(['noise'])
    expect(await failsWith({ channels: [{ ...first, sensitivitySquared: '-16' }, second] })).toEqual(['noise'])
  })
  it.each<[string, Partial<ReleaseLeaf>]>([
    ['a price one millionth too high', { price: '4607188' }],
    ['a pool one millionth too low', { pool: '3050030' }],
    ['a rate that is not the posted one times the multiplier', { rate: '62' }],
    ['shares that lose a millionth', { shares: { ...release.shares, reserve: '57155' } }],
    ['a fee that is not in the price', { fee: '250001' }],
    ['a bound that does not fit the pool', { upperBound: '100002' }],
    ['a multiplier below one', { tariff: { ...release.tariff, multiplier: '1/2' } }],
    ['a people’s share above one', { tariff: { ...release.tariff, peoplesShare: '8/7' } }],
    ['a people’s share of nothing', { tariff: { ...release.tariff, peoplesShare: '0' } }],
    ['a fraction not in lowest terms', { tariff: { ...release.tariff, peoplesShare: '14/20' } }],
    ['a number with a leading zero', { fee: '0250000' }],
    ['a negative share', { shares: { steward: '1000000', operator: '600000', reserve: '-42844' } }],
  ])('%s', async (_, change) => {
    expect(await failsWith(change)).toEqual(expect.arrayContaining(['price']))
    expect(await failsWith(change)).not.toContain('inclusion')
  })
  it('a price below the floor', async () => {
    // Floor 10^8 * 3/2 per milli-rho, times half a milli-rho: 75000000, above what the people's share asks for.
    const tariff = { ...release.tariff, floorPerMilliRho: '100000000' }
    const shares = { ...release.shares, reserve: `${75_250_000 - 3_050_031 - 1_500_000}` }
    expect(await failsWith({ tariff })).toEqual(['price'])
    expect(await failsWith({ tariff, shares, price: '75250000' })).toEqual([])
  })
  it('indices that do not contain the release', async () => {
    const research = { a: '30500001', b: '500000', d: '3' }
    expect(await failsWith({ indices: { research: { ...research, a: '30499999' } } })).toEqual(['pay'])
    expect(await failsWith({ indices: { research: { ...research, b: '499999' } } })).toEqual(['pay'])
    expect(await failsWith({ indices: { research: { ...research, d: '2' } } })).toEqual(['pay'])
    expect(await failsWith({ indices: { marketing: research } })).toEqual(['price', 'pay'])
  })
  it.each([
    ['another release', { release: 'rel_another' }],
    ['another privacy loss', { nano: '1' }],
    ['another product', { product: 'faces' }],
    ['another price', { price: '1' }],
    ['another contract', { contract: '2.0.0' }],
    ['another delta', { privacy: { delta: '4' } }],
    ['epsilon at another delta', { privacy: { epsilonAtDelta: '0.000000001' } }],
    ['epsilon at no delta', { privacy: { epsilonAtDelta: '1e-9' } }],
    ['groups chosen at another delta', { selection: { delta: '0.000000000004' } }],
    ['groups chosen at no delta', { selection: {} }],
    ['fewer noises', { method: [] }],
    ['less noise', { method: [method[0], { ...method[1], sigma2: '1' }] }],
    ['noise on other measures', { method: [...method].reverse() }],
    ['columns that cost less', { columns: [{ noise: { channels: [0, 1], nano: `${bothNano - 1n}` } }] }],
    ['columns of one noise counted twice', { columns: [{ noise: { channels: [0, 0], nano: `${bothNano}` } }] }],
    ['columns of a noise that is not there', { columns: [{ noise: { channels: [2], nano: '1' } }] }],
  ])('an answer that says it is of %s', async (_, change) => {
    const lie = { ...(answer as object), ...change } as Json
    const result = commit('usufruct/result/v1', salt, lie)
    expect(await fails(await receiptOf({ answer: lie, release: { ...release, result } }))).toEqual(['answer'])
  })
  const columns = [{ name: 'area' }, { noise: { channels: [0, 1], nano: `${bothNano}` } }]
  it('while an answer that repeats what the log says is believed', async () => {
    const said = {
      contract: '1.0.0',
      price: release.price,
      privacy: { delta: '3', epsilon: '0.1', epsilonAtDelta: '0.000000001003' },
      method,
      columns,
      selection: { delta: '0.000000000003' },
    }
    const repeated = { ...(answer as object), ...said } as Json
    const result = commit('usufruct/result/v1', salt, repeated)
    expect(await fails(await receiptOf({ answer: repeated, release: { ...release, result } }))).toEqual([])
  })
  it('members that nobody checks', async () => {
    const text = await receiptOf()
    const more = { ...(JSON.parse(text) as object), note: 'certified by nobody' } as Json
    expect(await fails(`${canonical(more)}\n`)).toEqual(['readable'])
    expect(await fails(text.replace('receipt/v1', 'receipt/v2'))).toEqual(['readable'])
    const twice = text.replace('"origin":', '"origin":"evil.example","origin":')
    expect(await fails(twice)).toEqual(['readable'])
  })
})

describe('a receipt with one bit changed', () => {
  it('never verifies, whichever bit it is', async () => {
    const bytes = Buffer.from(await smallReceipt(), 'utf8')
    const survivors: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      const { valid } = await verifyReceipt(bytes.toString('utf8'), logKey)
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      if (valid) survivors.push(bit)
    }
    expect(survivors).toEqual([])
    expect((await verifyReceipt(bytes.toString('utf8'), logKey)).valid).toBe(true)
  }, 120_000)
})

describe('canonical JSON', () => {
  it('is written by the verifier exactly as by the house', () => {
    const value = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(null, true, false),
        fc.maxSafeInteger(),
        fc.string({ unit: 'binary' }),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(fc.string({ unit: 'binary' }), tie('json'), { maxKeys: 4, noNullPrototype: true }),
      ),
    })).json
    fc.assert(
      fc.property(value, (value) => {
        const text = canonical(value)
        const read = readJson(text)
        expect(read).not.toBe(undefined)
        expect(read !== undefined && writeJson(read)).toBe(text)
      }),
      { numRuns: 150 },
    )
  })
  it('has no fractions, no negative zero and no halves of characters', () => {
    for (const text of ['0.5', '-0', '1e400', '9007199254740993', '"\\ud800"', '{"\\udc00":1}', '[', ''])
      expect(readJson(text)).toBeUndefined()
  })
})

describe('the verifier', () => {
  it('imports nothing but its own files, so that it runs in a browser and owes nothing to the house', () => {
    const folder = new URL('../../src/verify/', import.meta.url)
    for (const file of readdirSync(folder)) {
      const source = readFileSync(new URL(file, folder), 'utf8')
      for (const [, from] of source.matchAll(/(?:from|import)\s*\(?\s*'([^']+)'/g))
        expect(from, file).toMatch(/^\.\/[a-z]+\.ts$/)
      expect(source, file).not.toMatch(/\b(Buffer|process|require)\b/)
    }
  })
})

describe('the receipt builder', () => {
  it('gives the same bytes for the same parts, and refuses a salt that is none', async () => {
    const proof = await proofOf(leafBytes(release))
    const parts = { release, plan, answer, resultSalt: salt.toString('hex'), proof, origin }
    expect(receiptText(parts)).toBe(receiptText({ ...parts }))
    expect(() => receiptText({ ...parts, resultSalt: 'AB'.repeat(32) })).toThrow(RangeError)
  })
  it('has leaves that fit an entry of the log', () => {
    expect(() => leafBytes({ ...release, code: 'x'.repeat(70_000) })).toThrow(RangeError)
  })
})
