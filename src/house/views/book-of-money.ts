import { instantText } from '../../base/instant.ts'
import { amountText } from '../../money/amount.ts'
import type { World } from '../../release/world.ts'

/** The book of money: balances, and entries with their postings. Public amounts only; what single people are owed is in nobody's sight here. */
export type MoneyView = {
  readonly currency: string
  readonly accounts: readonly {
    readonly account: string
    readonly kind: 'prepaid' | 'pending' | 'pool' | 'share' | 'outside'
    readonly amount: string
    readonly words: string
  }[]
  /** Newest first. */
  readonly entries: readonly {
    readonly sequence: string
    readonly kind: string
    readonly subject: string
    readonly at: string
    readonly words: string
    readonly postings: readonly { readonly account: string; readonly amount: string }[]
  }[]
  readonly next: string | undefined
}

export async function moneyView(
  world: World,
  page: { readonly before: bigint | undefined; readonly limit: number },
): Promise<MoneyView> {
  const { books } = world
  const settings = await books.settings()
  const entries = await books.journal({
    ...(page.before === undefined ? {} : { before: page.before }),
    limit: page.limit + 1,
  })
  const shown = entries.slice(0, page.limit)
  return {
    currency: settings?.currency ?? '',
    accounts: Object.entries(await books.balances())
      .filter(([account, amount]) => amount !== 0n || !account.startsWith('pending:'))
      .map(([account, amount]) => ({ account, ...accountWords(account), amount: signed(amount) })),
    entries: shown.map((entry) => ({
      sequence: `${entry.sequence}`,
      kind: entry.kind,
      subject: entry.subject,
      at: instantText(entry.at),
      words: entryWords[entry.kind] ?? entry.kind,
      postings: entry.postings.map(({ account, amount }) => ({ account, amount: signed(amount) })),
    })),
    next: entries.length > page.limit ? `${shown.at(-1)?.sequence}` : undefined,
  }
}

const signed = (amount: bigint): string => (amount < 0n ? `-${amountText(-amount)}` : amountText(amount))

function accountWords(account: string): Pick<MoneyView['accounts'][number], 'kind' | 'words'> {
  const [kind = '', of = ''] = account.split(/:(.*)/s)
  if (kind === 'prepaid') return { kind, words: `money that ${of} paid in advance` }
  if (kind === 'pending') return { kind, words: `held for the release ${of}` }
  if (account === 'pool') return { kind: 'pool', words: 'owed to the people who were counted' }
  if (account === 'external') return { kind: 'outside', words: 'paid in from outside; below zero by what came in' }
  return { kind: 'share', words: `share of the ${account}` }
}

const entryWords: Readonly<Record<string, string>> = {
  fund: 'a buyer paid in advance',
  hold: 'the price of a release is held',
  post: 'a release was paid: the people’s pool first, the rest by the published shares',
  burn: 'a release failed: the price went back, the steward pays the people',
  'head-count': 'the steward pays the people for the count of a period',
}
