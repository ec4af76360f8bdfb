import { parseDay } from '../base/instant.ts'
import type { Day } from '../base/units.ts'
import type { Catalogue } from './catalogue.ts'
import type { Context } from './context.ts'
import type { Report } from './finding.ts'
import { field, flagOf, items, type Part, quote, textOf, wholeOf } from './part.ts'
import type { Properties } from './properties.ts'

/** `description`, shown to buyers word for word. */
export function readDescription(root: Part): Catalogue['description'] {
  const text = (key: string): string => textOf(field(root, 'description', key)) ?? ''
  return { purpose: text('purpose'), usage: text('usage'), limitations: text('limitations') }
}

/** Purposes for which questions may be asked: some of the closed list, each once. Sorted. */
export function readPurposes(
  root: Part,
  properties: Properties,
  { report, knownPurposes }: Context,
): readonly string[] {
  const declared = properties.get('usufructPurposes')
  if (declared?.kind !== 'list' || declared.items.length === 0) {
    const remedy = `Add the custom property usufructPurposes: a list of some of ${knownPurposes.join(', ')}.`
    report(
      'contract.purposes',
      declared?.at ?? root.at,
      'The contract lists no purpose: nothing could be asked.',
      remedy,
    )
    return []
  }
  const purposes = new Set<string>()
  for (const item of declared.items) {
    const id = textOf(item)
    if (id === undefined || !knownPurposes.includes(id)) {
      report(
        'contract.purposes',
        item.at,
        `${quote(item)} is not a known purpose.`,
        `The purposes are ${knownPurposes.join(', ')}.`,
      )
      continue
    }
    if (purposes.has(id)) report('contract.purposes', item.at, `The purpose ${id} stands twice.`, 'List it once.')
    purposes.add(id)
  }
  return [...purposes].sort()
}

/** No benefit may depend on consent (EDPB Opinion 08/2024): the flag, where it stands, must be false. */
export function checkConditional(properties: Properties, report: Report): void {
  const declared = properties.get('benefitsConditionalOnConsent')
  if (declared === undefined || flagOf(declared) === false) return
  const message = 'Benefits that depend on consent make the consent unfree (GDPR 7(4)).'
  report('contract.conditional', declared.at, message, 'Give everybody the same prices and benefits, and write false.')
}

/** Both days included. */
export function readSpan(properties: Properties, report: Report): { readonly from: Day; readonly to: Day } | undefined {
  const declared = properties.get('usufructTimeSpan')
  if (declared?.kind !== 'map') return undefined
  const day = (key: string): Day | undefined => {
    const part = field(declared, key)
    const value = parseDay(textOf(part) ?? '')
    if (value === undefined)
      report(
        'contract.span',
        (part ?? declared).at,
        `${key} of the time span is not a day.`,
        `Write ${key}: 2025-12-01.`,
      )
    return value
  }
  const from = day('from')
  const to = day('to')
  if (from === undefined || to === undefined) return undefined
  if (from <= to) return { from, to }
  report('contract.span', declared.at, 'The time span ends before it begins.', 'Exchange from and to.')
  return undefined
}

const mostPeople = 1_000_000n

/** Fewer noisy people than follow from this number never appear as a group of open keys. */
export function readMinimumCohort(properties: Properties, report: Report): bigint | undefined {
  const declared = properties.get('usufructMinimumCohort')
  if (declared?.kind !== 'map') return undefined
  const people = wholeOf(field(declared, 'people'))
  if (people !== undefined && people >= 1n && people <= mostPeople) return people
  report(
    'contract.value',
    (field(declared, 'people') ?? declared).at,
    `The people of usufructMinimumCohort are not a whole number from 1 to ${mostPeople}.`,
    'Write { people: 20 }.',
  )
  return undefined
}

const retentionUnits: Readonly<Record<string, 'days' | 'weeks' | 'months' | 'years'>> = {
  ...{ d: 'days', day: 'days', days: 'days', w: 'weeks', week: 'weeks', weeks: 'weeks' },
  ...{ m: 'months', month: 'months', months: 'months', y: 'years', yr: 'years', year: 'years', years: 'years' },
}

/** `slaProperties` retention: how long rows are kept before they are deleted. */
export function readRetention(root: Part, report: Report): Catalogue['retention'] {
  const declared = items(field(root, 'slaProperties')).find(
    (entry) => textOf(field(entry, 'property'))?.toLowerCase() === 'retention',
  )
  if (declared === undefined) return undefined
  const count = wholeOf(field(declared, 'value'))
  const unit = (textOf(field(declared, 'unit')) ?? '').toLowerCase()
  if (count !== undefined && count > 0n && count <= 100_000n && Object.hasOwn(retentionUnits, unit))
    return { count: Number(count), unit: retentionUnits[unit] as 'days' }
  report(
    'contract.retention_unread',
    declared.at,
    'The retention is not a whole number of days, weeks, months or years.',
    'Write { property: retention, value: 25, unit: months }.',
  )
  return undefined
}

const contactRoles: Readonly<Record<string, 'dpo' | 'owner'>> = {
  dpo: 'dpo',
  'data protection officer': 'dpo',
  owner: 'owner',
  'data owner': 'owner',
}

/** Members of the team whom persons and buyers may address: data protection officer and owner who have not left. */
export function readContacts(root: Part): NonNullable<Catalogue['contacts']> {
  return items(field(root, 'team', 'members')).flatMap((member) => {
    const role = (textOf(field(member, 'role')) ?? '').trim().toLowerCase()
    const address = textOf(field(member, 'username'))
    if (address === undefined || field(member, 'dateOut') !== undefined || !Object.hasOwn(contactRoles, role)) return []
    return [{ role: contactRoles[role] as 'dpo', address }]
  })
}
