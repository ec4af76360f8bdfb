import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { purposeIds } from '../../src/consent/purposes.ts'
import { type Finding, findingCodes, type Linted, lint } from '../../src/contract/lint.ts'
import { triggers } from './codes.ts'

const fixture = (name: string): string => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8')
const north = fixture('north-coop.odcs.yaml')
const terms = { knownPurposes: purposeIds }
const check = (yaml: string | Uint8Array): Linted => lint(yaml, 'contract.odcs.yaml', terms)
const errors = (linted: Linted): readonly Finding[] => linted.findings.filter(({ severity }) => severity === 'error')
const edited = (text: string, edits: readonly (readonly [string, string])[]): string =>
  edits.reduce((now, [from, to]) => {
    expect(now, `the fixture holds: ${from}`).toContain(from)
    return now.replace(from, () => to)
  }, text)
const lineOf = (text: string, part: string): number => {
  const at = part.endsWith('\n$') ? text.lastIndexOf(part.slice(0, -2)) : text.indexOf(part)
  expect(at, `the text holds: ${part}`).toBeGreaterThanOrEqual(0)
  return text.slice(0, at).split('\n').length
}

describe('the lint', () => {
  it('finds nothing wrong with the contract of North Co-op', () => {
    const { findings, catalogue } = check(north)
    expect(findings).toEqual([])
    expect(catalogue?.product).toBe('baskets')
  })

  it('accepts the very contract that the demo world uses', () => {
    const demo = readFileSync(new URL('../../examples/north-coop/contract.odcs.yaml', import.meta.url), 'utf8')
    expect(demo).toBe(north)
  })

  it.each(
    triggers.map(
      (trigger) => [trigger.code, trigger.edits.at(-1)?.[1].trim().split('\n').at(-1) ?? '', trigger] as const,
    ),
  )('reports %s at its line, with a reason and a remedy: %s', (code, _, { edits, line }) => {
    const text = edited(north, edits)
    const { findings, catalogue } = check(text)
    // A place that only several lines together name uniquely is where the first of them begins.
    const expected = line === undefined ? 1 : lineOf(text, line)
    const found = findings.filter((finding) => finding.code === code)
    expect(found.map((finding) => finding.line)).toContain(expected)
    for (const finding of found) {
      expect(finding.severity).toBe(findingCodes[code][0])
      expect(finding.message).toMatch(/\.$/)
      expect(finding.remedy).toMatch(/\S/)
      expect(finding.file).toBe('contract.odcs.yaml')
    }
    expect(catalogue === undefined).toBe(errors({ findings }).length > 0)
    if (findingCodes[code][0] === 'error') expect(catalogue).toBeUndefined()
  })

  it('reads no more than 1 MiB, 64 levels, 200,000 values and 100 aliases, and lists no more than 1,000 findings', () => {
    const codeOf = (text: string | Uint8Array): readonly string[] => check(text).findings.map(({ code }) => code)
    expect(codeOf(`a: "${'x'.repeat(1_048_576)}"`)).toEqual(['contract.too_large'])
    expect(codeOf(Uint8Array.of(0x61, 0xff))).toEqual(['contract.not_utf8'])
    expect(codeOf(`a: ${'['.repeat(100)}${']'.repeat(100)}`)).toEqual(['contract.too_many_parts'])
    expect(codeOf(`a: [${'1,'.repeat(30_000)}]`)).toEqual(['contract.too_many_parts'])
    // Nesting that would exhaust the parser's stack ends the reading, not the process.
    for (const sign of ['[', '{', '- ', '? ', 'a: '])
      expect(codeOf(`a:\n  ${sign.repeat(200_000)}`)).toEqual(['contract.too_many_parts'])
    expect(codeOf('#\n'.repeat(400_000))).toEqual(['contract.too_many_parts'])
    expect(codeOf(`a: ${'9'.repeat(900_000)}`)).toEqual(['contract.too_many_parts'])
    expect(codeOf('a: 1\n---\nb: 1\n')).toEqual(['contract.yaml'])
    expect(codeOf('%YAML 1.1\n---\na: 1\n')).toEqual(['contract.yaml'])
    const laughs = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(',')}]`)
    expect(codeOf(['l0: &l0 [x]', ...laughs].join('\n'))).toEqual(['contract.alias'])
    expect(codeOf('a: &a [*a]')).toEqual(['contract.alias'])
    const many = check(`${north}${Array.from({ length: 1500 }, (_, i) => `unknown${i}: 1\n`).join('')}`)
    expect(many.findings).toHaveLength(1001)
    expect(many.findings.some(({ code }) => code === 'contract.more')).toBe(true)
  })

  it('has a case for every code that it can report', () => {
    const elsewhere = ['contract.too_large', 'contract.not_utf8', 'contract.too_many_parts', 'contract.more']
    expect(new Set([...triggers.map(({ code }) => code), ...elsewhere])).toEqual(new Set(Object.keys(findingCodes)))
  })

  it('reports every error of a file at once, in the order of its lines', () => {
    const text = edited(north, [
      ['to: products.product_id', 'to: products.sku'],
      ['maximum: 200,', 'maximum: 199.995,'],
      ['fee: 0.50', 'fee: -1'],
      ['priceUnit: query', 'unit: query'],
    ])
    const found = errors(check(text))
    expect(found.map(({ code }) => code)).toEqual([
      'contract.reference_unknown',
      'contract.bounds_off_grid',
      'contract.standard',
      'contract.tariff',
    ])
    expect(found.map(({ line }) => line)).toEqual(
      ['sku', '199.995', 'unit: query', 'fee: -1'].map((part) => lineOf(text, part)),
    )
  })

  it('refuses another currency than the house has', () => {
    const { findings, catalogue } = lint(north, 'f', { ...terms, currency: 'GBP' })
    expect(findings.map(({ code }) => code)).toEqual(['contract.currency'])
    expect(catalogue).toBeUndefined()
    expect(lint(north, 'f', { ...terms, currency: 'EUR' }).catalogue).toBeDefined()
  })

  it('gives no meaning to hostile keys', () => {
    const { findings } = check(`${north}__proto__: { polluted: yes }\nconstructor: 1\n`)
    expect(findings.map(({ code }) => code)).toEqual(['contract.standard', 'contract.standard'])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })

  it('never throws and names an existing line, however the text is damaged', () => {
    const pieces = [
      '',
      ' ',
      '\n',
      '- ',
      ': ',
      '{',
      '}',
      '[',
      ']',
      '"',
      '&a ',
      '*a',
      '!x ',
      '|',
      '#',
      'null',
      '-1',
      '1e99',
      '.nan',
      '0x1',
      '~',
      '__proto__',
      '\u0000',
      '\ud800',
      'é',
      '%YAML 1.1\n---\n',
      '<<: ',
    ]
    const damage = fc.record({
      at: fc.nat(north.length),
      cut: fc.nat(60),
      put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 })),
    })
    fc.assert(
      fc.property(fc.array(damage, { minLength: 1, maxLength: 6 }), (damages) => {
        const text = damages.reduce((now, { at, cut, put }) => now.slice(0, at) + put + now.slice(at + cut), north)
        const linted = check(text)
        expect(linted.catalogue === undefined).toBe(errors(linted).length > 0)
        const lines = text.split('\n').length
        for (const { line, column } of linted.findings) {
          expect(line).toBeGreaterThanOrEqual(1)
          expect(line).toBeLessThanOrEqual(lines + 1)
          expect(column).toBeGreaterThanOrEqual(1)
        }
      }),
      { numRuns: 120 },
    )
  })

  it('never throws on values of the wrong kind in any place', () => {
    const values = [...north.matchAll(/: ([^\s{[][^\n,}\]]*)/g)].map((match) => ({
      at: match.index + 2,
      length: match[1]?.length ?? 0,
    }))
    const wrong = [
      '5',
      '-0.5',
      'null',
      'true',
      '[]',
      '{}',
      '[a, b]',
      '{ a: b }',
      '""',
      '1e9',
      '.inf',
      '"x"',
      '[{ property: usufructTariff, value: 3 }]',
    ]
    fc.assert(
      fc.property(fc.constantFrom(...values), fc.constantFrom(...wrong), ({ at, length }, value) => {
        const linted = check(north.slice(0, at) + value + north.slice(at + length))
        expect(linted.catalogue === undefined).toBe(errors(linted).length > 0)
      }),
      { numRuns: 200 },
    )
  })
})

describe('docs/contract.md', () => {
  const page = readFileSync(fileURLToPath(new URL('../../docs/contract.md', import.meta.url)), 'utf8')

  it('has an example that passes the lint without a warning', () => {
    const [, example = ''] = /```yaml\n(apiVersion[\s\S]*?)```/.exec(page) ?? []
    expect(check(example).findings).toEqual([])
  })

  it('lists every finding with its severity and meaning, and no other', () => {
    const rows = [...page.matchAll(/^\| `(contract\.[a-z0-9_]+)` \| (error|warning) \| (.+) \|$/gm)].map(
      ([, code, severity, meaning]) => [code, [severity, meaning]],
    )
    expect(Object.fromEntries(rows)).toEqual(findingCodes)
  })

  it('names every custom property that is read', async () => {
    const { ourProperties } = await import('../../src/contract/properties.ts')
    for (const property of Object.keys(ourProperties)) expect(page).toContain(`\`${property}\``)
  })
})
