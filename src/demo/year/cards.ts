import type { NoticeStep } from '../../release/ports.ts'
import { makePrng } from '../prng.ts'
import type { Happening } from './acts.ts'
import type { Act } from './choices.ts'

/**
 * How often the card was shown and its details were opened, day by day, so that the answers of the year have something that they are a share of. Made up like the
 * answers, from them: whoever answers on a day saw the card then, some saw it before, and as many again as a third never answer. Only the counters of the day are
 * kept, as they are when a real card counts.
 */
export function cardsOfTheYear(seed: string, acts: readonly Act[], secondNotice: string): readonly Happening[] {
  const draw = makePrng(seed, 'cards of the year')
  const days = new Map<string, Record<NoticeStep, number>>()
  const seen = new Set<string>()
  for (const { at, line } of acts) {
    const { person, status } = JSON.parse(line) as { readonly person: string; readonly status: string }
    const day = at.slice(0, 10)
    // One card asks for both purposes; taking a yes back needs no card.
    if (status === 'withdrawn' || seen.has(`${person} ${day}`)) continue
    seen.add(`${person} ${day}`)
    const counts = days.get(day) ?? { shown: 0, details: 0 }
    days.set(day, counts)
    counts.shown += 1 + (draw.percent(35) ? 1 : 0) + (draw.oneIn(3) ? 1 : 0)
    counts.details += draw.percent(38) ? 1 : 0
  }
  return [...days].map(([day, counts]) => ({
    at: `${day}T22:30`,
    do: async ({ world }) => {
      const version = `${day}T22:30` < secondNotice ? '1' : '2'
      const notice = { id: 'member-card', version, language: 'en' }
      const at = world.clock.now()
      await world.books.countNoticeStep(notice, 'shown', at, counts.shown)
      if (counts.details > 0) await world.books.countNoticeStep(notice, 'details', at, counts.details)
    },
  }))
}
