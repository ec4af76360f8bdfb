import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { cliPage } from '../../scripts/cli.js'
import { root } from '../../scripts/ready.js'
import { commandsOf } from './commands.ts'

it('docs/cli.md says what the program says (npm run docs writes it anew)', () => {
  expect(readFileSync(join(root, 'docs', 'cli.md'), 'utf8')).toBe(cliPage(commandsOf()))
})

it('every command and option says what it does', () => {
  for (const { name, description, options } of commandsOf()) {
    expect(description, name).toMatch(/\S{2}/)
    for (const option of options) expect(option.description, `${name} ${option.flags}`).toMatch(/\S{2}/)
  }
})
