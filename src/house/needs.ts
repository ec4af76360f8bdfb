import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { dayOf, dayText, instantText, microsPerDay } from '../base/instant.ts'
import { findPurpose } from '../consent/purposes.ts'
import { statusOf } from '../contract/status.ts'
import { answerRulesOf, gridWords } from '../release/answer-rules.ts'
import type { House } from './house.ts'
import { pathOf } from './views/answers.ts'
import { setAsideShares } from './views/load.ts'

/** One thing that waits for somebody at the steward's. */
export type Need = {
  readonly kind:
    | 'period.none'
    | 'period.ending'
    | 'buyer.not_approved'
    | 'buyer.no_funds'
    | 'product.no_load'
    | 'product.load_older_than_contract'
    | 'product.draft'
    | 'load.set_aside'
    | 'notice.missing'
    | 'notice.stale'
    | 'incident'
    | 'release.failed'
    | 'answers.at_once'
    | 'log.not_published'
  /** now: nothing is sold, or a promise waits; soon: it will be; look: somebody should know. */
  readonly when: 'now' | 'soon' | 'look'
  /** A product, buyer, purpose, period or file. */
  readonly subject: string
  readonly words: string
  readonly by: string | undefined
}

/** A period that ends within two days is announced. */
const endingDays = 2n
/** A load of which more than this was set aside is looked at. */
const setAsideShare = 0.05

/** Everything that needs somebody today, the urgent first. Reads only. */
export async function needsOf(house: House): Promise<readonly Need[]> {
  const found = [
    ...(await periodNeeds(house)),
    ...(await productNeeds(house)),
    ...(await noticeNeeds(house)),
    ...(await buyerNeeds(house)),
    ...(await incidentNeeds(house)),
    ...(await answerNeeds(house)),
    ...(await logNeeds(house)),
  ]
  const urgency = ['now', 'soon', 'look']
  return found.sort((a, b) => urgency.indexOf(a.when) - urgency.indexOf(b.when))
}

const need = (kind: Need['kind'], when: Need['when'], subject: string, words: string, by?: string): Need => ({
  kind,
  when,
  subject,
  words,
  by,
})

async function periodNeeds({ world }: House): Promise<readonly Need[]> {
  const now = world.clock.now()
  const open = await world.books.openPeriod(now)
  if (!open) {
    const [last] = await world.books.periods()
    const ended = last ? ` The last one ended on ${dayText(dayOf(last.closedAt ?? last.endsAt))}.` : ''
    return [need('period.none', 'now', last?.id ?? '', `No period is open, so nothing can be asked.${ended}`)]
  }
  if (open.endsAt - now > endingDays * microsPerDay) return []
  const by = instantText(open.endsAt)
  return [need('period.ending', 'soon', open.id, `The period ends on ${by.slice(0, 10)}; open the next one then.`, by)]
}

async function productNeeds({ world }: House): Promise<readonly Need[]> {
  const found: Need[] = []
  for (const contract of await world.books.contracts()) {
    const { product, version } = contract
    if (statusOf(contract.yaml) === 'draft')
      found.push(need('product.draft', 'look', product, `The contract ${product} ${version} calls itself a draft.`))
    const [load] = await world.books.loads(product)
    if (!load) {
      found.push(need('product.no_load', 'now', product, `${product} has no data yet, so nothing can be asked of it.`))
      continue
    }
    if (load.contractVersion !== version)
      found.push(
        need(
          'product.load_older_than_contract',
          'now',
          product,
          `The data of ${product} were loaded under ${load.contractVersion}, but ${version} is in force: load them again.`,
        ),
      )
    for (const { table, share } of setAsideShares(load))
      if (share > setAsideShare)
        found.push(
          need(
            'load.set_aside',
            'look',
            product,
            `${(100 * share).toFixed(1)} % of the rows of ${table} were set aside in load ${load.number}.`,
          ),
        )
  }
  return found
}

/** A purpose that is asked for needs a notice; one that is older than the contract that it speaks of is read again. */
async function noticeNeeds({ world }: House): Promise<readonly Need[]> {
  const notices = await world.books.notices()
  const found = new Map<string, Need>()
  for (const contract of await world.books.contracts())
    for (const purpose of contract.purposes) {
      const title = findPurpose(purpose)?.title ?? purpose
      const newest = notices.filter((one) => one.purposes.includes(purpose)).at(-1)
      if (!newest)
        found.set(
          purpose,
          need('notice.missing', 'now', purpose, `No notice for "${title}" is published, so nobody can say yes to it.`),
        )
      else if (newest.publishedAt < contract.appliedAt && !found.has(purpose))
        found.set(
          purpose,
          need(
            'notice.stale',
            'soon',
            purpose,
            `The notice ${newest.id} ${newest.version} for "${title}" is older than the contract ${contract.product} ${contract.version}: see whether it still says what is done.`,
          ),
        )
    }
  return [...found.values()]
}

async function buyerNeeds({ world }: House): Promise<readonly Need[]> {
  return (await world.books.buyers()).flatMap((buyer) => {
    if (buyer.purposes.length === 0)
      return [need('buyer.not_approved', 'soon', buyer.id, `${buyer.name} waits for the approval of a purpose.`)]
    return buyer.prepaid > 0n
      ? []
      : [need('buyer.no_funds', 'look', buyer.id, `${buyer.name} has no prepaid money left.`)]
  })
}

/** Files of the incidents folder; their names are those of releases or of parts of the program. */
async function incidentNeeds({ home }: House): Promise<readonly Need[]> {
  const names = (await readdir(home.incidents).catch(() => [])).filter((name) => name.endsWith('.txt'))
  const files: { readonly name: string; readonly at: number }[] = []
  for (const name of names) {
    const file = await stat(join(home.incidents, name)).catch(() => undefined)
    if (file) files.push({ name, at: file.mtimeMs })
  }
  const [newest] = files.sort((a, b) => b.at - a.at)
  if (!newest) return []
  const others = files.length === 1 ? '' : ` and ${files.length - 1} more`
  return [
    need('incident', 'look', newest.name, `Something failed: ${newest.name}${others} in the folder of incidents.`),
  ]
}

/** What failed after its charge since the newest period opened: somebody decides whether its class is blocked from the next one on. */
async function answerNeeds({ world }: House): Promise<readonly Need[]> {
  const rules = answerRulesOf(await world.books.settings())
  const [newest] = await world.books.periods()
  const burned = await world.books.releases({ state: 'burned', limit: 50 })
  const recent = burned.filter((one) => one.buyer !== 'house' && one.periodId === newest?.id)
  return [
    ...recent
      .filter((one) => !rules.blocked.some(({ path }) => path === pathOf(one)))
      .map((one) =>
        need(
          'release.failed',
          'look',
          one.id,
          `${one.id} failed after its charge (path ${pathOf(one)}): see why, and whether such questions are blocked from the next period on.`,
        ),
      ),
    ...(rules.everyMilliseconds > 0 ? [] : [need('answers.at_once', 'look', 'answers', gridWords(rules))]),
  ]
}

async function logNeeds({ world }: House): Promise<readonly Need[]> {
  const leaves = await world.books.leafCount()
  const published = (await world.books.newestCheckpoint())?.size ?? 0n
  if (leaves === published) return []
  return [
    need('log.not_published', 'now', 'log', `${leaves - published} leaves of the log are not under a checkpoint yet.`),
  ]
}
