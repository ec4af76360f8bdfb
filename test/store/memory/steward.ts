import { dayOf, microsPerDay } from '../../../src/base/instant.ts'
import type { AnswerCount, Books, NoticeCount, RefusalCount } from '../../../src/release/ports.ts'
import { enter, type State } from './state.ts'

type Reads = Pick<
  Books,
  | 'recordRefusal'
  | 'refusalCounts'
  | 'refusals'
  | 'countNoticeStep'
  | 'noticeCounts'
  | 'answerCounts'
  | 'spentByDay'
  | 'sales'
  | 'journal'
>

/** What the steward reads: everything is counted anew, from the first entry on. */
export const stewardReads = (state: State): Reads => ({
  async recordRefusal(entry, most) {
    const day = dayOf(entry.at)
    const ofDay = state.refusals.filter((one) => one.buyer === entry.buyer && dayOf(one.at) === day)
    if (ofDay.length < most) state.refusals.push({ ...entry, sequence: enter(state, 'refusal') })
    else state.countedRefusals.push({ at: entry.at, code: entry.code, buyer: entry.buyer })
  },
  async refusalCounts(from, to) {
    const counts = new Map<string, RefusalCount>()
    for (const { at, code, buyer } of [...state.refusals, ...state.countedRefusals]) {
      const day = dayOf(at)
      if (day < from || day > to) continue
      const key = JSON.stringify([day, code, buyer])
      counts.set(key, { day, code, buyer, count: (counts.get(key)?.count ?? 0) + 1 })
    }
    return [...counts.values()].sort((x, y) => y.day - x.day || order(x.code, y.code) || order(x.buyer, y.buyer))
  },
  refusals: async ({ before, limit }) =>
    state.refusals
      .toReversed()
      .filter((one) => before === undefined || one.sequence < before)
      .slice(0, limit),
  async countNoticeStep({ id, version, language }, step, at, times = 1) {
    for (let time = 0; time < times; time++)
      state.noticeSteps.push({ notice: { id, version }, language, day: dayOf(at), step })
  },
  async noticeCounts(from, to) {
    const counts = new Map<string, NoticeCount>()
    for (const one of state.noticeSteps) {
      if (one.day < from || one.day > to) continue
      const key = JSON.stringify(one)
      counts.set(key, { ...one, count: (counts.get(key)?.count ?? 0) + 1 })
    }
    return [...counts.values()].sort(
      (x, y) =>
        y.day - x.day ||
        order(x.notice.id, y.notice.id) ||
        order(x.notice.version, y.notice.version) ||
        order(x.language, y.language) ||
        order(x.step, y.step),
    )
  },
  answerCounts: async (from, to) => answerCounts(state, from, to),
  async spentByDay(from, to, product) {
    const days = new Map<number, { nano: bigint; delta: bigint }>()
    for (const release of state.releases) {
      const day = dayOf(release.chargedAt)
      if (release.purpose === '' || day < from || day > to) continue
      if (product !== undefined && release.product !== product) continue
      const { nano, delta } = days.get(day) ?? { nano: 0n, delta: 0n }
      days.set(day, { nano: nano + release.nano, delta: delta + release.delta })
    }
    return [...days].map(([day, spent]) => ({ day, ...spent })).sort((x, y) => x.day - y.day)
  },
  async sales({ buyer, period, from, to }) {
    const sold = state.releases.filter(
      (release) =>
        release.purpose !== '' &&
        release.state === 'released' &&
        release.settledAt !== undefined &&
        (buyer === undefined || release.buyer === buyer) &&
        (period === undefined || release.periodId === period) &&
        (from === undefined || release.settledAt >= from) &&
        (to === undefined || release.settledAt < to),
    )
    return {
      releases: sold.length,
      price: sold.reduce((sum, release) => sum + release.price, 0n),
      nano: sold.reduce((sum, release) => sum + release.nano, 0n),
    }
  },
  journal: async ({ before, limit }) =>
    state.journal
      .toReversed()
      .filter((entry) => before === undefined || entry.sequence < before)
      .slice(0, limit)
      .map(({ sequence, kind, subject, at, lines }) => ({
        sequence,
        kind,
        subject,
        at,
        postings: lines.flatMap(({ from, to, amount }) => [
          { account: from, amount: -amount },
          { account: to, amount },
        ]),
      })),
})

function answerCounts(state: State, from: number, to: number): AnswerCount[] {
  const counts = new Map<string, { -readonly [K in keyof AnswerCount]: AnswerCount[K] }>()
  for (const person of state.persons.values())
    for (const event of person.events) {
      const day = dayOf(event.at)
      if (day < Math.max(0, from) || day > to || !['given', 'refused', 'withdrawn'].includes(event.status)) continue
      const key = JSON.stringify([day, event.notice?.id, event.notice?.version])
      const count = counts.get(key) ?? {
        notice: event.notice && { id: event.notice.id, version: event.notice.version },
        day,
        given: 0,
        refused: 0,
        withdrawn: 0,
        withdrawnWithin7Days: 0,
      }
      counts.set(key, count)
      if (event.status === 'given') count.given += 1
      if (event.status === 'refused') count.refused += 1
      if (event.status === 'withdrawn') count.withdrawn += 1
      const regretted = person.events.some(
        (later) =>
          later.status === 'withdrawn' &&
          later.purpose === event.purpose &&
          later.at >= event.at &&
          later.at <= event.at + 7n * microsPerDay,
      )
      if (event.status === 'given' && regretted) count.withdrawnWithin7Days += 1
    }
  return [...counts.values()].sort(
    (x, y) =>
      y.day - x.day ||
      Number(x.notice === undefined) - Number(y.notice === undefined) ||
      order(x.notice?.id ?? '', y.notice?.id ?? '') ||
      order(x.notice?.version ?? '', y.notice?.version ?? ''),
  )
}

const order = (x: string, y: string): number => (x < y ? -1 : x > y ? 1 : 0)
