import { readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { mutations } from './mutations/list.ts'
import { occurrences } from './mutations/mutate.ts'
import { page } from './mutations/table.ts'

it.each(mutations)('the mutation "$name" still finds its place, once', async (mutation) => {
  expect(await occurrences(mutation)).toEqual(mutation.edits.map(() => 1))
})

it('docs/mutations.md is the list of mutations', () => {
  const path = join(resolve(import.meta.dirname, '..'), 'docs/mutations.md')
  if (process.env.USUFRUCT_WRITE === '1') writeFileSync(path, page(mutations))
  expect(readFileSync(path, 'utf8')).toBe(page(mutations))
})
