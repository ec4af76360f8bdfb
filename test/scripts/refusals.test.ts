import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/ready.js'
import { faultsIn, readSources, refusalsPage } from '../../scripts/refusals.js'
import { refusals } from '../../src/base/refusal.ts'
import { firstArguments } from '../walls/calls.ts'
import { readSources as parseSources } from '../walls/source.ts'

describe('docs/refusals.md', () => {
  const page = readFileSync(join(root, 'docs', 'refusals.md'), 'utf8')

  it('says what the catalogue and the sources say (npm run docs writes it anew)', () => {
    expect(page).toBe(refusalsPage(refusals, faultsIn(readSources())))
  })

  it('has one section for each refusal, so that the type of a problem points somewhere', () => {
    for (const code of Object.keys(refusals))
      expect(page.split(`<a id="${code}"></a>\n\n### ${code}\n`)).toHaveLength(2)
  })

  it('lists each fault that a source throws', () => {
    const thrown = parseSources().flatMap((source) => firstArguments(source, 'Fault').map(({ code }) => code))
    expect(thrown.length).toBeGreaterThan(0)
    for (const code of thrown) expect(page).toContain(`<a id="${code}"></a>`)
  })
})

describe('the faults of a source', () => {
  it('are listed once, with every message and remedy that stands beside them', () => {
    const sources = [
      `throw new Fault('home.busy', \`\${folder} is open\`, { hint: 'Close the other one.', cause })`,
      `throw new Fault(\n  'home.busy',\n  'it\\'s open',\n)\nthrow new Fault('disk.full', message)`,
    ]
    expect(faultsIn(sources)).toEqual([
      { code: 'disk.full', says: [], remedies: [] },
      { code: 'home.busy', says: ['… is open', "it's open"], remedies: ['Close the other one.'] },
    ])
  })
})
