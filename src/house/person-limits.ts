import { floorDiv } from '../base/integer.ts'
import { accept, type Outcome } from '../base/refusal.ts'
import { rhoText } from '../money/amount.ts'
import { deltaText } from '../privacy/accounting.ts'
import { classLimit, type LimitClass, type MediumLimits } from '../privacy/limits.ts'
import type { House } from './house.ts'
import type { ClassLimits, MyLimits } from './views/my-limits.ts'

/** How much may be asked about me in all. Refuses person.unknown. */
export async function ownLimits(house: House, person: string): Promise<Outcome<MyLimits>> {
  const { books, clock } = house.world
  const at = clock.now()
  const choices = await books.choices(person, at)
  if (!choices.ok) return choices
  const statement = await books.statement(person, at)
  if (!statement.ok) return statement
  const settings = await books.settings()
  const classes = settings && {
    low: limitsOf(settings.limits, 'low'),
    medium: limitsOf(settings.limits, 'medium'),
    high: limitsOf(settings.limits, 'high'),
  }
  const { limitClass, lifeNano } = choices.value
  return accept({
    class: limitClass,
    lifeRho: lifeNano === undefined ? undefined : rhoText(lifeNano),
    spentRho: rhoText(statement.value.spentNano),
    spentDelta: deltaText(statement.value.spentDelta),
    classes,
    medium: classes?.medium,
    words: 'low is a fifth of medium, high is twice; a limit of your own for life may only be lower.',
  })
}

function limitsOf({ windows, life }: MediumLimits, limitClass: LimitClass): ClassLimits {
  const own = classLimit(life.nano, limitClass)
  return {
    windows: windows.map(({ days, nano }) => ({ days, rho: rhoText(classLimit(nano, limitClass)) })),
    lifeRho: rhoText(own),
    lower: [2n, 4n, 10n].map((part) => rhoText(floorDiv(own, part))),
  }
}
