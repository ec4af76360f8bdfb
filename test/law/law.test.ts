import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDay, parseInstant } from '../../src/base/instant.ts'
import { housePack } from '../../src/law/house-pack.ts'
import { packsInForce, personMayTakePart } from '../../src/law/person.ts'
import { ruleQuestion } from '../../src/law/question.ts'
import { type RulePack, reasonsFor, rule } from '../../src/law/rule.ts'
import { catalogue } from '../query/catalogue.ts'

const at = parseInstant('2026-11-24T12:00:00Z') as bigint
const day = (text: string) => parseDay(text) as number
const adult = { adultOn: day('2000-01-01'), place: 'north', present: true }

describe('a person takes part', () => {
  it('who is an adult of a known place, in the register, and said yes as an adult', () => {
    expect(personMayTakePart(adult, at, at - 1n)).toBeUndefined()
  })
  it.each([
    ['a minor', { ...adult, adultOn: day('2026-11-25') }, at, 'house.minor'],
    ['somebody of unknown age', { ...adult, adultOn: undefined }, at, 'house.age-unknown'],
    ['somebody of unknown place', { ...adult, place: undefined }, at, 'house.place-unknown'],
    ['somebody of an empty place', { ...adult, place: '' }, at, 'house.place-unknown'],
    ['somebody who left the register', { ...adult, present: false }, at, 'house.absent'],
    ['somebody who said yes before 18', adult, parseInstant('1999-12-31T23:59:59Z') as bigint, 'house.minor-choice'],
  ])('but not %s', (_, person, given, note) => {
    expect(personMayTakePart(person, at, given)).toBe(note)
  })
  it('from the first microsecond of the 18th birthday', () => {
    const person = { ...adult, adultOn: day('2026-11-24') }
    const midnight = parseInstant('2026-11-24T00:00:00Z') as bigint
    expect(personMayTakePart(person, midnight - 1n, midnight)).toBe('house.minor')
    expect(personMayTakePart(person, midnight, midnight)).toBeUndefined()
  })
})

describe('rules as data', () => {
  const permit: RulePack = {
    id: 'p',
    version: '1',
    layer: 'law',
    rules: [
      { id: 'p.ok', when: { thing: ['a', 'b'] }, verdict: 'permit', citation: 'c', tell: { person: 'p', buyer: 'b' } },
    ],
  }
  const deny: RulePack = {
    ...permit,
    id: 'd',
    layer: 'person',
    rules: [{ ...(permit.rules[0] as RulePack['rules'][number]), id: 'd.no', when: { thing: ['b'] }, verdict: 'deny' }],
  }

  it('say no where no rule permits', () => {
    expect(rule([permit], { thing: 'c' })).toEqual({ permitted: false, rules: [] })
    expect(rule([], { thing: 'a' }).permitted).toBe(false)
    expect(rule([permit], {}).permitted).toBe(false)
  })
  it('let a denial override a permit, in any order of packs', () => {
    for (const packs of [
      [permit, deny],
      [deny, permit],
    ])
      expect(rule(packs, { thing: 'b' })).toMatchObject({ permitted: false, rules: [{ layer: 'person' }] })
    expect(rule([permit, deny], { thing: 'a' }).permitted).toBe(true)
  })
  it('never permit more when a rule that denies is added', () => {
    const values = fc.constantFrom('a', 'b', 'c', undefined)
    const rules = fc.array(
      fc.record({
        verdict: fc.constantFrom('permit' as const, 'deny' as const),
        accepted: fc.subarray(['a', 'b', 'c', 'unknown']),
      }),
      { maxLength: 6 },
    )
    fc.assert(
      fc.property(rules, values, fc.subarray(['a', 'b', 'c']), (list, thing, denied) => {
        const pack: RulePack = {
          id: 'x',
          version: '1',
          layer: 'law',
          rules: list.map((one, index) => ({
            id: `x.${index}`,
            when: { thing: one.accepted },
            verdict: one.verdict,
            citation: 'c',
            tell: { person: '', buyer: '' },
          })),
        }
        const stricter: RulePack = {
          ...deny,
          rules: [{ ...(deny.rules[0] as RulePack['rules'][number]), when: { thing: denied } }],
        }
        if (rule([pack, stricter], { thing }).permitted) expect(rule([pack], { thing }).permitted).toBe(true)
      }),
    )
  })
  it('every rule of the house pack has an id of its own, a citation, and words for both readers', () => {
    expect(new Set(housePack.rules.map((one) => one.id)).size).toBe(housePack.rules.length)
    for (const one of housePack.rules)
      expect([one.citation, one.tell.person, one.tell.buyer].every((text) => text.length > 5)).toBe(true)
    expect(packsInForce).toContain(housePack)
  })
  it('give every reason that decided', () => {
    const ruling = rule([housePack], { case: 'person', choice: 'given', register: 'absent' })
    expect(
      reasonsFor(ruling, 'person')
        .map((reason) => reason.rule)
        .sort(),
    ).toEqual(['house.absent', 'house.age-unknown', 'house.place-unknown'])
  })
})

describe('a question', () => {
  it('is permitted when purpose and columns are declared', () => {
    const [purpose = ''] = catalogue.purposes
    expect(ruleQuestion([], purpose, catalogue).ok).toBe(true)
  })
  it('for a purpose that the contract does not name is refused with the list', () => {
    const refused = ruleQuestion([], 'advertising', catalogue)
    expect(refused).toMatchObject({ ok: false, refusal: { code: 'consent.purpose_unknown' } })
  })
  it('that touches an undeclared column finds no rule that permits', () => {
    const [purpose = ''] = catalogue.purposes
    expect(ruleQuestion(['members.salary'], purpose, catalogue)).toMatchObject({
      ok: false,
      refusal: { code: 'law.no_rule_permits' },
    })
  })
  it('that touches a special category is refused with its citation', () => {
    const [persons, ...others] = catalogue.tables
    if (!persons) throw new Error('no table')
    const [first, ...rest] = persons.columns
    if (!first) throw new Error('no column')
    const special = {
      ...catalogue,
      tables: [{ ...persons, columns: [{ ...first, classification: 'Health' }, ...rest] }, ...others],
    }
    const refused = ruleQuestion([`${persons.name}.${first.name}`], catalogue.purposes[0] ?? '', special)
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 'law.forbidden', reasons: [{ rule: 'house.special-category', layer: 'house' }] },
    })
  })
})
