import { ceilDiv } from '../../base/integer.ts'
import { parseRational } from '../../base/rational.ts'
import { accept, type Outcome, refuse } from '../../base/refusal.ts'
import type { NanoRho, PicoDelta } from '../../base/units.ts'
import { rhoText } from '../../money/amount.ts'
import { nanoForHalfWidth } from '../../privacy/accuracy.ts'
import { type NoisePlan, noisePlan } from '../../privacy/budget.ts'
import { channelsOf } from '../../privacy/sensitivity.ts'
import { cellsOf, type Measure } from '../../query/query.ts'
import { defaultNano, type World } from '../world.ts'
import { checkChoice, splitLoss } from './bounds.ts'
import type { Consented } from './consent.ts'
import type { Lawful } from './law.ts'
import { remaining } from './top-up.ts'

declare const budgeted: unique symbol
/** A query with its privacy loss, split over what is released, and the exact noise that follows. Made by `privacy` alone. */
export interface Budgeted extends Consented {
  readonly [budgeted]: true
  readonly nano: NanoRho
  readonly delta: PicoDelta
  readonly noise: NoisePlan
  /** How many groups are shown; undefined of open keys: nobody knows before. */
  readonly cells: number | undefined
}

/**
 * Chooses rho and derives the noise. Refuses privacy.accuracy_not_fixed, privacy.rho_out_of_range and privacy.rho_over_release_cap, all from
 * the contract and the settings. A person's own limit never refuses: that person is silently not in.
 */
export async function privacy(question: Consented, world: World): Promise<Outcome<Budgeted>> {
  const chosen = lossOf(question)
  if (!chosen.ok) return chosen
  const { own, each } = splitLoss(chosen.value, question.choices.length)
  const added = remaining(own, question)
  if (!added.ok) return added
  const nano = added.value
  const worth = checkChoice(isChoice(question) ? nano : each, isChoice(question) ? 1 : question.choices.length)
  if (!worth.ok) return worth
  const settings = await world.books.settings()
  const cap = smaller(question.catalogue.budget.maxPerRelease, settings?.limits.maxPerRelease ?? 0n)
  if (nano > cap)
    return refuse(
      'privacy.rho_over_release_cap',
      `one release may cost at most rho ${rhoText(cap)}; this one would cost ${rhoText(nano)}`,
      {
        hint: 'ask with less precision, or split the question',
      },
    )
  const noise = noiseOf(question, nano)
  if (!noise.ok) return noise
  const delta = noise.value.selection?.delta ?? 0n
  return accept({ ...question, nano, delta, noise: noise.value, cells: cellsOf(question.query.groups) } as Budgeted)
}

/** A bound that is asked for on its own. */
const isChoice = ({ query }: Consented): boolean => query.measures.some(({ kind }) => kind === 'bound')

/** The noise of a question at a loss. */
export const noiseOf = ({ query, catalogue }: Pick<Lawful, 'query' | 'catalogue'>, nano: NanoRho): Outcome<NoisePlan> =>
  noisePlan(query.measures, nano, query.selection && { ...query.selection, minimumCohort: catalogue.minimumCohort })

/** What a width in advance is promised for. */
const promised: readonly Measure['kind'][] = ['rows', 'persons', 'sum', 'distinct']

/** Rho of a question, from the wish and the contract alone. */
export function lossOf(question: Lawful): Outcome<NanoRho> {
  const { wish, topUpOf } = question.question
  if (wish === undefined && topUpOf !== undefined)
    return refuse('privacy.rho_out_of_range', 'a more precise answer needs a loss', {
      hint: 'name the rho that both answers together are to have',
    })
  if (wish === undefined) return accept(smaller(defaultNano, question.catalogue.budget.maxPerRelease))
  if ('nano' in wish)
    return wish.nano > 0n
      ? accept(wish.nano)
      : refuse('privacy.rho_out_of_range', 'rho must be positive', { hint: 'for example 0.0005' })
  if (question.choices.length > 0)
    return refuse('privacy.accuracy_not_fixed', 'a width in advance needs bounds that are known in advance', {
      hint: 'name rho instead of a width, or the bounds instead of auto',
    })
  const { measures, selection } = question.query
  const measure = measures[0] as Measure
  if (measures.length !== (selection?.hidden ? 2 : 1) || !promised.includes(measure.kind))
    return refuse('privacy.accuracy_not_fixed', 'a width in advance is promised for one count or one sum', {
      hint: 'ask for a single count or sum, or name rho instead of a width',
    })
  const width = parseRational(wish.within.trim())
  const units = width === undefined ? 0n : (width.n * 10n ** BigInt(measure.scale)) / width.d
  if (units <= 0n)
    return refuse('privacy.rho_out_of_range', `"${wish.within.slice(0, 40)}" is not a positive width`, {
      hint: 'for example 50',
    })
  const channel = channelsOf(measure)[0]
  return channel
    ? accept(withSelection(nanoForHalfWidth(channel.sensitivitySquared, units), selection?.hidden === true))
    : refuse('privacy.accuracy_not_fixed', 'nothing is measured')
}

/** What is asked for has three quarters where a hidden count chooses the groups (budget.ts): at least what the width needs. */
const withSelection = (nano: NanoRho, hidden: boolean): NanoRho => (hidden ? ceilDiv(4n * nano, 3n) : nano)

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b)
