import { describe, expect, it } from 'vitest'
import { canonical, type Json } from '../../src/base/canonical.ts'
import { commit } from '../../src/base/hash.ts'
import { parseInstant } from '../../src/base/instant.ts'
import type { ConsentEvent } from '../../src/consent/event.ts'
import { consentDomain, consentReceiptFormat, consentRecord } from '../../src/consent/receipt.ts'
import { fillBatch } from '../../src/tlog/batch.ts'
import { leafBytes } from '../../src/tlog/leaves.ts'
import { readSigner, signerKeyText } from '../../src/tlog/note.ts'
import { type ConsentVerdict, verifyConsentReceipt, verifyReceipt } from '../../src/verify/index.ts'
import { logKey, origin, proofOf, salt, smallReceipt } from './sample.ts'

const event: ConsentEvent = {
  id: 'evt_1',
  recordId: 'p1/product-statistics',
  person: 'p1',
  purpose: 'product-statistics',
  status: 'given',
  at: parseInstant('2026-11-24T10:15:30Z') as bigint,
  validUntil: parseInstant('2027-11-24T10:15:30Z'),
  notice: { id: 'n', version: '2', language: 'en', hash: 'ab'.repeat(32) },
  entity: 'person',
  evidence: { method: 'own key over HTTP' },
}
const record = consentRecord(event, undefined, { name: 'North Co-op', origin })

/** A receipt whose log commits to `committed`, and which states `stated`. */
async function receiptOf(committed: Json = record, stated: Json = committed, more: object = {}): Promise<string> {
  const commitment = Buffer.from(commit(consentDomain, salt, committed), 'hex')
  let next = 0
  const filler = () => Buffer.from(commit('filler', salt, ++next), 'hex')
  const { root, placed } = fillBatch([commitment], 8, filler)
  const batch = {
    kind: 'consent-batch',
    number: '3',
    day: '2026-11-25',
    capacity: '8',
    root: Buffer.from(root).toString('hex'),
  } as const
  const proof = await proofOf(leafBytes(batch), 2)
  const [place] = placed
  const receipt = {
    format: consentReceiptFormat,
    origin,
    consent: stated,
    salt: salt.toString('hex'),
    slot: `${place?.slot}`,
    path: place?.path ?? [],
    batch,
    proof,
    ...more,
  }
  return `${canonical(receipt)}\n`
}
const failing = (verdict: ConsentVerdict) => verdict.checks.filter(({ holds }) => !holds).map(({ name }) => name)
const fails = async (text: string, key = logKey) => failing(await verifyConsentReceipt(text, key))

describe('the receipt of a choice', () => {
  it('that is true verifies with the log’s key alone, in words', async () => {
    const verdict = await verifyConsentReceipt(await receiptOf(), logKey)
    expect(failing(verdict)).toEqual([])
    expect(verdict.valid).toBe(true)
    expect(verdict.consent).toEqual(JSON.parse(canonical(record)))
    expect(verdict.checks.at(-1)?.words).toBe('On 2026-11-24 consent for product-statistics was given.')
    for (const { words } of verdict.checks) expect(words).toMatch(/^[A-Z].*\.$/)
  })

  it('has the fields of ISO/IEC TS 27560 and the terms of the Data Privacy Vocabulary', () => {
    expect(record).toMatchObject({
      record_id: 'p1/product-statistics',
      pii_principal_id: 'p1',
      privacy_notice: { id: 'n', version: '2', language: 'en', hash: 'ab'.repeat(32) },
      purpose: { id: 'product-statistics', lawful_basis: 'https://w3id.org/dpv/legal/eu/gdpr#A6-1-a' },
      event: { event_state: 'https://w3id.org/dpv#ConsentGiven', entity_id: 'person' },
    })
  })

  it('lies are found by the check that is for them', async () => {
    const lie = { ...(record as object), pii_principal_id: 'p2' } as Json
    expect(await fails(await receiptOf(record, lie))).toEqual(['batch'])
    expect(await fails(await receiptOf(record, record, { salt: '00'.repeat(32) }))).toEqual(['batch'])
    expect(await fails(await receiptOf(record, record, { path: [] }))).toEqual(['batch'])
    expect(await fails(await receiptOf(record, record, { slot: '8' }))).toEqual(['batch'])
    expect(await fails(await receiptOf(record, record, { origin: 'other.example' }))).toEqual(['checkpoint'])
    const stranger = readSigner(signerKeyText(origin, new Uint8Array(32).fill(1)))
    expect(await fails(await receiptOf(), stranger.vkey)).toEqual(['checkpoint'])
    const two = {
      ...(record as object),
      event: { status: 'withdrawn', event_state: 'https://w3id.org/dpv#ConsentGiven' },
    }
    expect(await fails(await receiptOf(two as Json))).toEqual(['consent'])
    expect(await fails(await receiptOf(record, record, { note: 'more' }))).toEqual(['readable'])
    const batch = { kind: 'consent-batch', number: '4', day: '2026-11-25', capacity: '8', root: 'ab'.repeat(32) }
    expect(await fails(await receiptOf(record, record, { batch }))).toEqual(['inclusion', 'batch'])
  })

  it('with one bit changed never verifies, whichever bit it is', async () => {
    const bytes = Buffer.from(await receiptOf(), 'utf8')
    const survivors: number[] = []
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      if ((await verifyConsentReceipt(bytes.toString('utf8'), logKey)).valid) survivors.push(bit)
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
    }
    expect(survivors).toEqual([])
    expect((await verifyConsentReceipt(bytes.toString('utf8'), logKey)).valid).toBe(true)
  }, 120_000)

  it('never makes the verifier throw, and the receipt of an answer is none', async () => {
    for (const text of ['', 'null', '[]', '{"consent":null}', '{"batch":{"capacity":"0"}}', '['.repeat(100_000)]) {
      const { checks, valid } = await verifyConsentReceipt(text, 'no key')
      expect([valid, checks.length]).toEqual([false, 7])
    }
    expect(await fails(await smallReceipt())).toContain('readable')
    expect((await verifyReceipt(await receiptOf(), logKey)).valid).toBe(false)
  })
})
