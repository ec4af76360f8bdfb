import { purpose } from './contract.ts'
import type { AttackWorld } from './world.ts'

/** The target says no, through its own door. It holds from the very next release. */
export const leave = (world: AttackWorld): Promise<void> => choose(world, { status: 'withdrawn' })

/** The target says yes again, and joins with the next period. */
export const comeBack = (world: AttackWorld): Promise<void> =>
  choose(world, { status: 'given', notice: { id: 'n', version: '1' } })

async function choose(world: AttackWorld, choice: object): Promise<void> {
  const door = await world.session('person', world.target)
  const reply = await door.put(`/v1/me/choices/${purpose}`, choice)
  if (reply.status !== 200) throw new Error(`the choice was not recorded: ${reply.text}`)
}
