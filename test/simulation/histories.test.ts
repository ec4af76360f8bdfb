import { it } from 'vitest'
import { openInMemory } from '../store/memory-opener.ts'
import { liveMany } from './live-many.ts'

it('in random histories money, pay, limits, standing and log of the books in memory agree with a recomputation', async () => {
  await liveMany([[openInMemory]], { histories: 10_000, steps: 40 })
}, 600_000)
