import { accept, type Outcome } from '../base/refusal.ts'
import { payText } from '../money/amount.ts'
import type { House } from './house.ts'
import { ownChoices } from './person-choices.ts'
import { ownUses } from './person-uses.ts'
import type { MyHome } from './views/home.ts'
import { timeText } from './views/time.ts'

/** The summary for one phone screen. Refuses person.unknown. */
export async function ownHome(house: House, person: string): Promise<Outcome<MyHome>> {
  const { books, clock } = house.world
  const at = clock.now()
  const choices = await ownChoices(house, person)
  if (!choices.ok) return choices
  const statement = await books.statement(person, at)
  if (!statement.ok) return statement
  const uses = await ownUses(house, person, { limit: 3 })
  if (!uses.ok) return uses
  const answers = statement.value.releases.filter((one) => one.buyer !== 'house')
  const first = answers.at(-1)
  const settings = await books.settings()
  const period = await books.openPeriod(at)
  const { purposes, inForce } = choices.value
  return accept({
    house: settings?.name ?? '',
    currency: settings?.currency ?? '',
    allowed: {
      inForce,
      waiting: purposes.filter((one) => one.note === 'joins_next_period').length,
      of: purposes.length,
    },
    questions: { count: answers.length, since: first && timeText(first.at) },
    earned: payText(statement.value.earned),
    lastUses: uses.value.uses,
    period: period && { id: period.id, openedAt: timeText(period.openedAt), endsAt: timeText(period.endsAt) },
    nextPeriodAt: period && timeText(period.endsAt),
  })
}
