import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mutations } from './mutations/list.ts'
import { copyOfTheTree, runTests, spoiled } from './mutations/mutate.ts'

/** Deliberate mistakes, one at a time: each must be caught by the test that the list names. */
let tree: Awaited<ReturnType<typeof copyOfTheTree>>
beforeAll(async () => {
  tree = await copyOfTheTree()
})
afterAll(() => tree.remove())

const files = [...new Set(mutations.map(({ test }) => test))]

describe('without a mistake', () => {
  it.each(files)('the named tests of %s pass', async (test) => {
    const titles = [...new Set(mutations.filter((one) => one.test === test).map(({ title }) => title))]
    const states = await runTests(tree.folder, test, titles)
    expect(states).toEqual(titles.map((title) => ({ title, status: 'passed', why: '' })))
  })
})

describe('a test fails when there is the mistake', () => {
  it.each(mutations)('$name', async (mutation) => {
    const [state] = await spoiled(tree.folder, mutation, () => runTests(tree.folder, mutation.test, [mutation.title]))
    process.stdout.write(`${mutation.name}: ${state?.status} ${state?.why}\n`)
    expect(state?.status).toBe('failed')
  })
})
