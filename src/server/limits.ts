import { type Static, Type } from '@sinclair/typebox'
import { parseRho } from '../money/amount.ts'
import type { PersonChoices } from '../release/ports.ts'
import type { World } from '../release/world.ts'
import { DecimalText, unwrap } from './schema.ts'

export const LimitsBody = Type.Object(
  {
    class: Type.Optional(Type.Union([Type.Literal('low'), Type.Literal('medium'), Type.Literal('high')])),
    lifeRho: Type.Optional(Type.Union([DecimalText, Type.Null()], { description: 'null takes an own limit back' })),
  },
  { additionalProperties: false, minProperties: 1 },
)

/** Sets what is named and gives the person's standing afterwards. Refuses person.unknown and privacy.rho_out_of_range. */
export async function setLimits(person: string, wish: Static<typeof LimitsBody>, world: World): Promise<PersonChoices> {
  const { class: limitClass, lifeRho } = wish
  const limits = {
    ...(limitClass === undefined ? {} : { class: limitClass }),
    ...(lifeRho === undefined ? {} : { lifeNano: lifeRho === null ? null : unwrap(parseRho(lifeRho)) }),
  }
  unwrap(await world.books.setLimits(person, limits, world.clock.now()))
  return unwrap(await world.books.choices(person, world.clock.now()))
}
