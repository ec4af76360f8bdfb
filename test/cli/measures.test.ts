import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runInProcess } from '../suite/doors/doors.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { makeSmallWorld } from '../suite/small-world.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
  await makeSmallWorld(house, 3_000)
})
afterAll(() => house.close())
const run = (...argv: string[]) => runInProcess(house)(argv)

describe('measures on the command line', () => {
  it('lists what a product offers, and what may stand in the parameters of one', async () => {
    const list = await run('measures', 'visits')
    expect(list.out).toMatch(/^penetration +What share of the people did it at all\? +did it \/ did not$/m)
    expect(list.out).not.toContain('retention')
    const one = await run('measures', 'visits', 'penetration')
    expect(one.out).toMatch(/^events +needed +What people did +visits$/m)
    expect(await run('measures', 'visits', 'retention')).toMatchObject({
      exit: 1,
      err: expect.stringContaining('refused measure.not_offered'),
    })
  })

  it('writes the SQL of one, which asks as it stands', async () => {
    const { out } = await run('measure', 'visits', 'penetration', '--param', 'by=people.area', '--language', 'de')
    expect(out.split('\n')[0]).toBe('-- Welcher Anteil von people hat visits, nach area?')
    // A text that begins with a comment comes from standard input: as an argument it would look like an option.
    const asked = ['quote', 'visits', '-', '--buyer', 'alpha', '--purpose', 'product-statistics']
    expect((await runInProcess(house)(asked, out)).exit).toBe(0)
  })

  it('asks it, with the figures after the table, and tells them again of the release', async () => {
    const { out, exit } = await run(
      ...['measure', 'visits', 'reach-frequency', '--param', 'cap=4', '--ask', '--buyer', 'alpha'],
      ...['--purpose', 'product-statistics', '--rho', '0.005'],
    )
    expect(exit).toBe(0)
    expect(out).toMatch(/^times +people/m)
    expect(out).toMatch(/^Reach +\d+\.\d\d % +\d+\.\d\d % to \d+\.\d\d % +solid$/m)
    expect(out).toMatch(/^Average frequency of those reached +[23]\.\d\d/m)
    expect(out).toContain('The last cell means that many or more')
    const release = /release (rel_\w+)/.exec(out)?.[1] as string
    expect(out).toContain((await run('release', 'figures', release)).out)
  })

  it.each([
    ['a value that does not fit', ['--param', 'cap=1'], 1, 'measure.parameter_invalid'],
    ['a parameter that is none', ['--param', 'cup=1'], 1, 'measure.parameter_unknown'],
    ['no equals sign', ['--param', 'cap'], 2, 'is no parameter'],
    ['the same twice', ['--param', 'cap=2', '--param', 'cap=3'], 2, 'stands twice'],
    ['a language that is none', ['--language', 'fr'], 2, 'is not a language'],
    ['nobody who asks', ['--ask'], 2, '--buyer'],
  ])('%s is said', async (_, more, exit, words) => {
    const said = await run('measure', 'visits', 'reach-frequency', ...more)
    expect(said.exit).toBe(exit)
    expect(said.err).toContain(words)
  })
})
