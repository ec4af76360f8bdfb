import { accept, type Outcome, refuse } from '../base/refusal.ts'
import type { Instant } from '../base/units.ts'
import { beginning, untilTheTick, withinDeadline } from './leave.ts'
import { incidentLeaf } from './leaves.ts'
import type { ReleaseEntry } from './ports.ts'
import { affordable, type Offer } from './way/affordable.ts'
import { choose } from './way/choose.ts'
import { consent } from './way/consent.ts'
import { type Lawful, law } from './way/law.ts'
import { type Acceptance, charge, type Funded, type Priced, price } from './way/market.ts'
import { parse } from './way/parse.ts'
import { route } from './way/path.ts'
import { post } from './way/post.ts'
import { privacy } from './way/privacy.ts'
import { giveReceipt } from './way/receipt.ts'
import { retried } from './way/retry.ts'
import { engine, type Noisy, noise, rewrite } from './way/run.ts'
import { topUp } from './way/top-up.ts'
import type { Question, World } from './world.ts'

/** What the buyer gets: the stored receipt, byte for byte the same whenever the same question is asked again in the period. */
export interface Answered {
  readonly release: string
  /** Canonical JSON; holds the answer, its privacy charge, its price and the proof. */
  readonly receipt: string
  /** True when an earlier release of the same question answered: no further loss, nothing to pay. */
  readonly again: boolean
}

/**
 * The way of a query. Each stage takes the type that only the stage before can make, so leaving one out does not compile.
 * Refusals come before the charge and depend on public facts alone. After the charge nothing is refused for what the data hold:
 * a failure is one generic `release.failed`; the charge and the pay stay, the money goes back. Whatever became of it shows at a tick of the house's grid.
 */
export async function answer(question: Question, acceptance: Acceptance, world: World): Promise<Outcome<Answered>> {
  const parsed = await parse(question, world)
  if (!parsed.ok) return parsed
  const lawful = law(parsed.value)
  if (!lawful.ok) return lawful
  const asked = world.clock.now()
  return world.inTurn(() => answerNow(lawful.value, acceptance, asked, world))
}

/** In turn: nothing else is charged or computed meanwhile. */
async function answerNow(
  question: Lawful,
  acceptance: Acceptance,
  asked: Instant,
  world: World,
): Promise<Outcome<Answered>> {
  await world.left.working
  const began = beginning(asked, world)
  const earlier = await retried(question, acceptance, world)
  if (!earlier.ok) return earlier
  if (earlier.value) return serve(earlier.value, world)
  const offered = await offer(question, world)
  if (!offered.ok) return offered
  const { priced, missing } = offered.value
  const [first] = missing
  if (!first) return chargeAndRun(priced, acceptance, began, world)
  // Bounds are chosen by releases of their own, each complete before the next charge. Whatever public facts refuse is refused before the first of them.
  const fits = await affordable(offered.value, acceptance, world)
  if (!fits.ok) return fits
  const bound = await chargeAndRun(first.priced, {}, began, world)
  return bound.ok ? answerNow(question, acceptance, asked, world) : bound
}

/** Up to the charge, for an answer and for a quote alike: what would be released at which price, and which bounds have to be chosen first. */
export async function offer(question: Lawful, world: World): Promise<Outcome<Offer>> {
  const consented = await consent(question, world)
  if (!consented.ok) return consented
  const chosen = await choose(consented.value, world)
  if (!chosen.ok) return chosen
  const found = await topUp(chosen.value.question, world)
  if (!found.ok) return found
  const budgeted = await privacy(found.value, world)
  if (!budgeted.ok) return budgeted
  const routed = await route(budgeted.value, world)
  if (!routed.ok) return routed
  const { parts, missing } = chosen.value
  return accept({ priced: price(routed.value), parts, missing })
}

async function chargeAndRun(
  priced: Priced,
  acceptance: Acceptance,
  began: Instant,
  world: World,
): Promise<Outcome<Answered>> {
  // A data file that is missing or cannot be opened is a fault of the home, found before anybody is charged for it.
  if (!(await world.books.memo(priced.memoKey))) await world.data(priced.load)
  await world.stage?.('charge')
  const funded = await charge(priced, acceptance, world)
  if (!funded.ok) return funded
  const { existing, release } = funded.value.charged
  return existing ? serve(release, world) : afterTheCharge(funded.value, began, world)
}

/**
 * The point of no return is behind: from here on the release is finished or burned. Until the tick nothing of the outcome is written or said anywhere, so that
 * neither the buyer's own account nor the public log shows it sooner than the answer; a crash meanwhile burns the release, and the noise dies with the process.
 */
async function afterTheCharge(funded: Funded, began: Instant, world: World): Promise<Outcome<Answered>> {
  const { id } = funded.charged.release
  const failedBy = (cause: unknown): undefined => {
    world.incident(id, cause)
  }
  const noisy = await compute(funded, world).catch(failedBy)
  await untilTheTick(began, funded.rules, world)
  const posted = noisy && (await release(noisy, world).catch(failedBy))
  if (!posted) {
    await world.books.burn(id, 'failed', world.clock.now(), incidentLeaf(funded.charged.release, world))
    await world.log.publish(world.clock.now())
    return failed()
  }
  await world.stage?.('log')
  return accept({ release: id, receipt: await giveReceipt(id, world), again: false })
}

/** Within the deadline of the plan's class. */
const compute = (funded: Funded, world: World): Promise<Noisy> =>
  withinDeadline(funded.deadline, world, async (signal) => {
    await world.stage?.('rewrite')
    const bounded = await rewrite(funded, world)
    await world.stage?.('engine')
    const exact = await engine(bounded, world, signal)
    await world.stage?.('noise')
    return noise(exact, world)
  })

async function release(noisy: Noisy, world: World): Promise<true> {
  await world.stage?.('post')
  await post(noisy, world)
  return true
}

/** A retry, or the same question of the same buyer in the same period: the same bytes, no record read, no further loss. */
async function serve(release: ReleaseEntry, world: World): Promise<Outcome<Answered>> {
  if (release.state === 'burned') return failed()
  return accept({
    release: release.id,
    receipt: release.receipt ?? (await giveReceipt(release.id, world)),
    again: true,
  })
}

const failed = () =>
  refuse('release.failed', 'the release failed', {
    hint: 'its privacy charge stays and the people in it are paid; your money was returned. A new question is a new release',
  })
