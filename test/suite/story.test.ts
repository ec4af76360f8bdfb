import { join } from 'node:path'
import { expect, it } from 'vitest'
import { buildNorthCoop } from '../../src/demo/build.ts'
import { northCoopPlot } from '../../src/demo/plot.ts'
import { tellStory } from '../../src/demo/story.ts'
import { openTestHouse } from './house.ts'

it('the whole story holds on a small made-up world', async () => {
  const house = await openTestHouse()
  const lines: string[] = []
  try {
    const built = await buildNorthCoop(house, join(house.folder, 'world'), 600, (line) => lines.push(line))
    await tellStory(house, northCoopPlot(house, built), {
      chapter: (title) => lines.push(`# ${title}`),
      say: (line) => lines.push(line),
      table: (header, rows) => lines.push(header.join(' | '), ...rows.map((row) => row.join(' | '))),
    })
  } catch (cause) {
    console.error(lines.join('\n'), house.incidents)
    throw cause
  } finally {
    await house.close()
  }
  const text = lines.join('\n')
  if (process.env.USUFRUCT_SHOW) process.stdout.write(`${text}\n`)
  expect(text).toContain('identical to the last byte')
  expect(text).toContain('Quote before and after: identical')
  expect(text).toMatch(/found \([a-z ,]+\)/)
}, 60_000)
