import { answerRulesOf, gridWords, isBlocked, planClasses, secondsText } from '../../release/answer-rules.ts'
import type { PlanClass, ReleaseEntry } from '../../release/ports.ts'
import type { World } from '../../release/world.ts'
import { time, timeText } from './time.ts'

/** Seconds as decimal texts, whole milliseconds exactly: "1", "0.25". */
export type AnswerRulesView = {
  /** "0": at once. */
  readonly every: string
  readonly least: string
  readonly classes: readonly {
    readonly path: PlanClass
    readonly deadline: string
    /** Refused in the open period. */
    readonly blocked: boolean
    /** Set when it is blocked from the next period on, or already. */
    readonly blockedSince: string | undefined
  }[]
  readonly words: string
}

/** With what failed after its charge, newest first: for the steward alone, like the file beside each in the folder of incidents. */
export type AnswersView = AnswerRulesView & {
  readonly failed: readonly {
    readonly release: string
    readonly at: string | undefined
    readonly chargedAt: string
    readonly period: string
    readonly path: string
  }[]
}

export async function answerRulesView(world: World): Promise<AnswerRulesView> {
  const rules = answerRulesOf(await world.books.settings())
  const open = await world.books.openPeriod(world.clock.now())
  return {
    every: secondsText(rules.everyMilliseconds),
    least: secondsText(rules.leastMilliseconds),
    classes: planClasses.map((path) => ({
      path,
      deadline: secondsText(rules.deadlineMilliseconds[path]),
      blocked: open !== undefined && isBlocked(rules, path, open.openedAt),
      blockedSince: time(rules.blocked.find((one) => one.path === path)?.since),
    })),
    words: gridWords(rules),
  }
}

export async function answersView(world: World): Promise<AnswersView> {
  const burned = await world.books.releases({ state: 'burned', limit: 50 })
  return {
    ...(await answerRulesView(world)),
    failed: burned
      .filter(({ buyer }) => buyer !== 'house')
      .map((release) => ({
        release: release.id,
        at: time(release.settledAt),
        chargedAt: timeText(release.chargedAt),
        period: release.periodId,
        path: pathOf(release),
      })),
  }
}

/** The path that is kept beside a release; releases of earlier programs name none. */
export const pathOf = ({ plan }: Pick<ReleaseEntry, 'plan'>): string =>
  String((plan as { readonly path?: unknown } | null)?.path ?? 'unknown')

/** Undefined when it is no number of seconds with at most three decimals. */
export function millisecondsOf(text: string): number | undefined {
  const found = /^(\d{1,6})(?:\.(\d{1,3}))?$/.exec(text.trim())
  return found ? Number(found[1]) * 1000 + Number((found[2] ?? '').padEnd(3, '0')) : undefined
}
