import { assert } from '../../base/assert.ts'

/** A version of North Co-op's contract that was in force during the year. */
export interface ContractVersion {
  /** The morning on which it is applied, with a load. */
  readonly from: string
  readonly version: string
  /** First and last day of the purchases in that load. */
  readonly days: readonly [string, string]
  /** Members say on the card what they do not eat; the contract classifies it so that no question may touch it. */
  readonly diet: boolean
  readonly changes: readonly (readonly [string, string])[]
}

const dietColumn = `      - name: diet
        logicalType: string
        description: What the member does not eat, as stated for the offers of the week. Health data; no question may touch it.
        classification: health
  - name: products
`
const diet = [['  - name: products\n', dietColumn]] as const
/** Heavy buyers reached the bound of the first half-year: less bias, more noise. */
const widerSpend = [
  ['amount: 900 }', 'amount: 1200 }'],
  ['900.00 EUR', '1200.00 EUR'],
] as const

export const contractVersions: readonly ContractVersion[] = [
  { from: '2025-12-01', version: '1.0.0', days: ['2024-12-01', '2025-11-30'], diet: false, changes: [] },
  {
    from: '2026-06-01',
    version: '1.1.0',
    days: ['2025-06-01', '2026-05-31'],
    diet: true,
    changes: [...widerSpend, ...diet],
  },
  {
    from: '2026-12-01',
    version: '1.1.1',
    days: ['2025-12-01', '2026-11-30'],
    diet: true,
    changes: [...widerSpend, ...diet],
  },
]

/** The text of a version: the contract of examples/north-coop with the version's own number, days and changes. */
export function contractText(example: string, one: ContractVersion): string {
  const [from, to] = one.days
  const changes: readonly (readonly [string, string])[] = [
    ['version: 1.0.0\n', `version: ${one.version}\n`],
    ['{ from: 2025-12-01, to: 2026-11-30 }', `{ from: ${from}, to: ${to} }`],
    ...one.changes,
  ]
  return changes.reduce((text, [before, after]) => {
    assert(text.split(before).length === 2, `the example contract holds "${before.trim()}" once`)
    return text.replace(before, after)
  }, example)
}
