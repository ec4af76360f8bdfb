import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { microsPerDay, parseInstant } from '../../src/base/instant.ts'
import { findPurpose, purposeIds } from '../../src/consent/purposes.ts'
import { readEvents } from '../../src/consent/read.ts'

const yes = {
  id: 'e1',
  record_id: 'r1',
  person: 'm1',
  purpose: 'product-statistics',
  status: 'given',
  at: '2026-01-02T03:04:05Z',
  notice: { id: 'card', version: '1' },
  evidence: { method: 'signed form', reference: 'box 7' },
}
const lines = (...events: readonly unknown[]) => events.map((event) => JSON.stringify(event)).join('\n')
const refusal = (text: string) => readEvents(text, 'choices')

describe('existing choices', () => {
  it('are read from JSON Lines, twelve months long unless they say otherwise', () => {
    const read = refusal(lines(yes, { ...yes, id: 'e2', valid_until: '2026-02-01' }))
    const at = parseInstant(yes.at) as bigint
    expect(read).toMatchObject({
      ok: true,
      value: [
        { id: 'e1', recordId: 'r1', status: 'given', at, validUntil: at + 365n * microsPerDay, entity: 'person' },
        { validUntil: parseInstant('2026-02-01') },
      ],
    })
  })
  it('are read from CSV with quotes and commas', () => {
    const csv =
      '\uFEFFid,person,purpose,status,at,evidence_method,evidence_reference\ne1,m1,product-statistics,given,2026-01-02,"form, ""signed""",box 7\n\ne2,m2,product-statistics,refused,2026-01-02,,\n'
    expect(readEvents(csv, 'c.csv')).toMatchObject({
      ok: true,
      value: [
        { evidence: { method: 'form, "signed"', reference: 'box 7' } },
        { status: 'refused', evidence: undefined },
      ],
    })
  })
  it('without evidence are not a yes', () => {
    expect(refusal(lines(yes, { ...yes, id: 'e2', evidence: undefined }))).toMatchObject({
      ok: false,
      refusal: { code: 'consent.evidence_missing', message: expect.stringContaining('line 2') },
    })
  })
  it.each([
    ['an unknown status', { ...yes, status: 'maybe' }],
    ['a missing person', { ...yes, person: '' }],
    ['a time that is none', { ...yes, at: 'yesterday' }],
    ['an end before the beginning', { ...yes, valid_until: '2025-01-01' }],
    ['a notice without a version', { ...yes, notice: { id: 'card' } }],
    ['a list', []],
    ['a very long name', { ...yes, person: 'x'.repeat(201) }],
  ])('with %s are refused, naming the line', (_, event) => {
    expect(refusal(lines(event))).toMatchObject({
      ok: false,
      refusal: {
        code: expect.stringMatching(/^consent\.(record_invalid|evidence_missing)$/),
        message: expect.stringContaining('line 1'),
      },
    })
  })
  it('that are not JSON, or nothing at all, are refused', () => {
    expect(refusal('{"id":')).toMatchObject({ ok: false, refusal: { code: 'consent.record_invalid' } })
    expect(refusal(' \n ')).toMatchObject({ ok: false, refusal: { code: 'consent.record_invalid' } })
    expect(refusal('id,person,purpose,status,at\ne1')).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('1 cells, but the header has 5') },
    })
  })
  it('never make the reader throw, whatever the file holds', () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), (text) => typeof readEvents(text, 'f').ok === 'boolean'))
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue(), { maxLength: 4 }),
        (values) => typeof readEvents(lines(...values), 'f').ok === 'boolean',
      ),
    )
  })
})

describe('purposes', () => {
  it('are a closed list, each with words for a person and a DPV term', () => {
    expect(new Set(purposeIds).size).toBe(purposeIds.length)
    for (const id of purposeIds) expect(findPurpose(id)?.dpv).toMatch(/^https:\/\/w3id\.org\/dpv#[A-Z]\w+$/)
  })
})
