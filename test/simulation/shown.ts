import { isDeepStrictEqual } from 'node:util'
import { expect } from 'vitest'
import type { PersonChoices, PersonStatement, ReleaseEntry } from '../../src/release/ports.ts'

/**
 * What two books must agree on, as text. Numbers of the one sequence are left out (how many entries an act writes is each implementation's
 * own), and so are the names and texts that an implementation gives to the releases of the house.
 */
export const shown = (value: unknown): string => JSON.stringify(plain(value), undefined, 1)

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex')
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([key, one]) => key !== 'sequence' && one !== undefined)
  return Object.fromEntries(members.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, plain(one)]))
}

export function releaseShown(release: ReleaseEntry): unknown {
  if (release.buyer !== 'house') return release
  const { state, nano, delta, rate, periodId, chargedAt, settledAt, leafIndex, indices } = release
  return { house: true, state, nano, delta, rate, periodId, chargedAt, settledAt, leafIndex, indices }
}

/** A stint that lasted no time and earned nothing says nothing. */
export const statementShown = (statement: PersonStatement): unknown => ({
  ...statement,
  stints: statement.stints.filter((stint) => stint.from !== stint.to || stint.earned > 0n || stint.spentNano > 0n),
  releases: statement.releases.map((one) => (one.buyer === 'house' ? { ...one, id: 'house' } : one)),
})

export const choicesShown = (choices: PersonChoices): unknown => ({
  ...choices,
  standing: [...choices.standing].sort((a, b) => (a.purpose < b.purpose ? -1 : 1)),
  events: choices.events.map((event) => event.id),
})

/** As expect(actual, what).toEqual(expected), but quick where they are equal: a history compares thousands of times. */
export function agree<T>(actual: T, expected: T, what: string): void {
  if (actual !== expected && !isDeepStrictEqual(actual, expected)) expect(actual, what).toEqual(expected)
}
