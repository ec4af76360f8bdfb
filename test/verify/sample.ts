import { canonical, type Json } from '../../src/base/canonical.ts'
import { commit, sha256 } from '../../src/base/hash.ts'
import { signCheckpoint } from '../../src/tlog/checkpoint.ts'
import { leafBytes, type ReleaseLeaf } from '../../src/tlog/leaves.ts'
import { inclusionProof, leafHash, rootOf } from '../../src/tlog/merkle.ts'
import { readSigner, signerKeyText } from '../../src/tlog/note.ts'
import { writeProof } from '../../src/tlog/proof.ts'
import { type ReceiptParts, receiptText } from '../../src/tlog/receipt.ts'
import { toBase64, treeOf, vectorLeaves } from '../tlog/support.ts'

/** One release of a count and a sum, with every number worked out by hand in the comments. */
export const origin = 'north-coop.example/usufruct'
export const signer = readSigner(signerKeyText(origin, sha256('usufruct test receipt key')))
export const logKey = signer.vkey
export const salt = sha256('a salt')
export const plan = canonical({ product: 'baskets', measures: ['persons', 'sum'], groups: [] })
export const answer: Json = {
  release: 'rel_0123456789',
  nano: '500000',
  product: 'baskets',
  rows: [['1204', '-88']],
}

export const release: ReleaseLeaf = {
  kind: 'release',
  id: 'rel_0123456789',
  product: 'baskets',
  contract: '1.0.0',
  contractHash: sha256('contract').toString('hex'),
  purpose: 'research',
  planHash: sha256(plan).toString('hex'),
  nano: '500000',
  delta: '3',
  period: 'per_2026_11',
  upperBound: '100001',
  // floor(41 * 3/2) = 61
  rate: '61',
  // ceil(100001 * 61 * 500000 / 10^6) = ceil(3050030.5) = 3050031
  pool: '3050031',
  fee: '250000',
  // 3050030.5 / (7/10) = 4357186.43 against the floor 5 * 3/2 * 0.5 = 3.75; 250000 + ceil(4357186.43) = 4607187
  price: '4607187',
  // 4607187 - 3050031 = 1557156
  shares: { steward: '1000000', operator: '500000', reserve: '57156' },
  tariff: { peoplesShare: '7/10', floorPerMilliRho: '5', multiplier: '3/2', postedRate: '41' },
  channels: [
    // 16 * 10^9 / (2 * 200000) = 40000
    { measure: 0, part: 'persons', nano: '200000', sensitivitySquared: '16', sigma2: '40000/1' },
    // 49 * 10^9 / (2 * 300000) = 245000/3
    { measure: 1, part: 'sum', nano: '300000', sensitivitySquared: '49', sigma2: '245000/3' },
  ],
  // pay of this release: 61 * 500000 = 30500000
  indices: {
    marketing: { a: '0', b: '0', d: '0' },
    research: { a: '30500001', b: '500000', d: '3' },
  },
  result: commit('usufruct/result/v1', salt, answer),
  chargedAt: '2026-11-24T10:15:30.123456Z',
  packs: [{ id: 'eu', hash: sha256('pack').toString('hex') }],
  code: '0.1.0',
}

/** Puts a leaf into a small log among others, and gives the proof. */
export async function proofOf(leaf: Uint8Array, others = 6): Promise<string> {
  const leaves = vectorLeaves(others).toSpliced(others >> 1, 0, leaf)
  const hashes = leaves.map(leafHash)
  const [index, size] = [BigInt(others >> 1), BigInt(leaves.length)]
  const path = (await inclusionProof(index, size, treeOf(hashes))).map(toBase64)
  return writeProof({ index, path, checkpoint: signCheckpoint({ origin, size, root: rootOf(hashes) }, [signer]) })
}

/** The text of a receipt; its release is in the log as changed, so that only what does not follow from other numbers fails. */
export async function receiptOf(
  change: Partial<ReceiptParts> & { readonly release?: ReleaseLeaf } = {},
): Promise<string> {
  const changed = change.release ?? release
  const proof = await proofOf(leafBytes(changed))
  return receiptText({ release: changed, plan, answer, resultSalt: salt.toString('hex'), origin, proof, ...change })
}

/** As small as a receipt can be: for tests that go through every bit of one. */
export async function smallReceipt(): Promise<string> {
  const [first] = release.channels
  const answer = { nano: '200000', release: 'r', é: '1204' }
  const small: ReleaseLeaf = {
    ...release,
    id: 'r',
    nano: '200000',
    planHash: sha256('p').toString('hex'),
    // 100001 * 61 * 0.2 = 1220012.2; over 7/10 that is 1742874.57
    pool: '1220013',
    fee: '0',
    price: '1742875',
    shares: { steward: '522862', operator: '0', reserve: '0' },
    channels: first === undefined ? [] : [first],
    indices: { research: { a: '12200000', b: '200000', d: '3' } },
    result: commit('usufruct/result/v1', salt, answer),
    packs: [],
  }
  return receiptOf({ release: small, plan: 'p', answer, proof: await proofOf(leafBytes(small), 1) })
}
