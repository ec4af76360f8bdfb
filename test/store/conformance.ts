import { describe, it } from 'vitest'
import type { Limits } from '../../src/release/ports.ts'
import { type Open, World } from './book-world.ts'
import { accessCases } from './conformance-access.ts'
import { batchCases } from './conformance-batches.ts'
import { chargeCases } from './conformance-charge.ts'
import { consentCases } from './conformance-consent.ts'
import { houseCases } from './conformance-house.ts'
import { limitCases } from './conformance-limits.ts'
import { periodCases } from './conformance-periods.ts'
import { stewardCases } from './conformance-steward.ts'

/** A test on a fresh small house; `limits` where the published defaults would take too long to reach. */
export type Case = (title: string, story: (world: World) => Promise<void>, limits?: Limits) => void

/** One suite for every implementation of the books. */
export function booksConformance(name: string, open: Open): void {
  const inFreshHouse: Case = (title, story, limits) =>
    it(title, async () => {
      const opened = await open()
      try {
        await story(await new World(opened).begin(limits))
      } finally {
        await opened.close()
      }
    })
  describe(`${name}: house, buyers, keys and log`, () => houseCases(inFreshHouse, open))
  describe(`${name}: logins, sessions and links`, () => accessCases(inFreshHouse))
  describe(`${name}: choices and standing`, () => consentCases(inFreshHouse))
  describe(`${name}: batches of acts, totals and checkpoints`, () => batchCases(inFreshHouse))
  describe(`${name}: limits of one person`, () => limitCases(inFreshHouse))
  describe(`${name}: periods`, () => periodCases(inFreshHouse))
  describe(`${name}: what the steward reads`, () => stewardCases(inFreshHouse))
  describe(`${name}: charge, post and burn`, () => chargeCases(inFreshHouse))
}
