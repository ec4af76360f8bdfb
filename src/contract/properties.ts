import type { Report } from './finding.ts'
import { field, items, type Part, quote, textOf } from './part.ts'

/** Where a custom property may stand, and which members its value may have when it is a map. */
interface Known {
  readonly levels: readonly Level[]
  readonly members?: readonly string[]
}
export type Level = 'contract' | 'table' | 'column'

/** Our keys of `customProperties`, see docs/contract.md. */
export const ourProperties = {
  usufructPurposes: { levels: ['contract'] },
  usufructTimeSpan: { levels: ['contract'], members: ['from', 'to'] },
  usufructPrivacyBudget: { levels: ['contract'], members: ['rho', 'per', 'maxPerRelease', 'delta'] },
  usufructTariff: { levels: ['contract'], members: ['fee', 'floorPerMilliRho', 'purposeMultiplier', 'remainder'] },
  usufructMinimumCohort: { levels: ['contract'], members: ['people'] },
  usufructPayout: { levels: ['contract'], members: ['shareOfBasePrice', 'rule', 'minimumPayout'] },
  benefitsConditionalOnConsent: { levels: ['contract'] },
  usufructPublic: { levels: ['table'] },
  usufructMaxRowsPerPerson: { levels: ['table'], members: ['rows', 'per'] },
  usufructMaxGroupsPerPerson: { levels: ['table'], members: ['groups'] },
  usufructPrivacyUnit: { levels: ['column'] },
  usufructMaxSumPerPerson: { levels: ['column'], members: ['amount', 'per'] },
  usufructDomain: { levels: ['column'] },
  usufructOpenGroups: { levels: ['column'] },
  usufructRole: { levels: ['column'] },
  usufructReferences: { levels: ['column'] },
} as const satisfies Record<string, Known>

export type OurProperty = keyof typeof ourProperties
export type Properties = ReadonlyMap<OurProperty, Part>

/**
 * Our custom properties of one element. Unknown ones are warned about, never refused: other tools have theirs. Inside a value of ours an unknown
 * member is an error: a misspelt `per` would change what a bound means.
 */
export function readProperties(element: Part | undefined, level: Level, report: Report): Properties {
  const found = new Map<OurProperty, Part>()
  for (const entry of items(field(element, 'customProperties'))) {
    const name = field(entry, 'property')
    const key = textOf(name)
    const value = field(entry, 'value')
    if (name === undefined || key === undefined || value === undefined) continue
    if (!isOurs(key)) {
      report(
        'contract.custom_property_unknown',
        name.at,
        `The custom property ${quote(name)} is not known and not read.`,
        nearest(key),
      )
      continue
    }
    const { levels, members }: Known = ourProperties[key]
    if (!levels.includes(level)) {
      report(
        'contract.custom_property_unknown',
        name.at,
        `${key} has no meaning on a ${level}.`,
        `Put it on the ${levels.join(' or ')}.`,
      )
      continue
    }
    if (found.has(key)) report('contract.custom_property_twice', name.at, `${key} stands twice.`, 'Keep one of them.')
    if (members) checkMembers(key, value, members, report)
    found.set(key, value)
  }
  return found
}

/** Reports every member of a map that has no meaning there. */
export function checkMembers(what: string, value: Part, members: readonly string[], report: Report): void {
  if (value.kind !== 'map') {
    report('contract.value', value.at, `${what} is a map of ${members.join(', ')}.`, `Write { ${members[0]}: … }.`)
    return
  }
  for (const [name, { key }] of value.entries)
    if (!members.includes(name))
      report(
        'contract.value',
        key,
        `${what} has no member ${name.slice(0, 60).toWellFormed()}.`,
        `It has ${members.join(', ')}.`,
      )
}

const isOurs = (key: string): key is OurProperty => Object.hasOwn(ourProperties, key)

/** Case and a missing prefix are the usual slips. */
function nearest(key: string): string {
  const plain = (text: string): string =>
    text
      .toLowerCase()
      .replace(/[^a-z]/g, '')
      .replace(/^usufruct/, '')
  const near = Object.keys(ourProperties).find((ours) => plain(ours) === plain(key))
  return near === undefined ? 'Nothing to do, if another tool reads it.' : `If ${near} is meant, write it so.`
}
