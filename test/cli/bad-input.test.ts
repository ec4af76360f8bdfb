import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runInProcess } from '../suite/doors/doors.ts'
import { everything } from '../suite/doors/everything.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { contract, makeSmallWorld, purpose } from '../suite/small-world.ts'

let house: TestHouse
beforeAll(async () => {
  house = await openTestHouse()
  await makeSmallWorld(house, 12)
})
afterAll(() => house.close())

const next = contract.replace('version: 1.0.0', 'version: 1.1.0')
const yes = (over: object) =>
  JSON.stringify({
    id: 'new',
    person: 'p0001',
    purpose,
    status: 'given',
    at: '2026-11-01',
    evidence: { method: 'm' },
    ...over,
  })
const people = 'person,born,area\np1,1980-01-01,a'
const visits = 'visit,person,spent\nv1,p1,1.00'
const load = ['load', 'visits', '--from', 'people=people.csv', 'visits=visits.csv']
const ask = (sql: string, ...more: string[]) => [
  'ask',
  'visits',
  sql,
  '--buyer',
  'alpha',
  '--purpose',
  purpose,
  ...more,
]
const publish = ['notice', 'publish', 'f', '--id', 'n2', '--notice-version', '1', '--purposes']

type Case = [title: string, files: Record<string, string | Buffer>, argv: readonly string[], code: string]
const cases: Case[] = [
  ['a contract that is no YAML', { f: 'a: [' }, ['contract', 'apply', 'f'], 'contract.invalid'],
  ['a contract of binary', { f: Buffer.from([0, 255, 1]) }, ['contract', 'apply', 'f'], 'request.invalid'],
  ['a contract that is empty', { f: '' }, ['contract', 'apply', 'f'], 'contract.invalid'],
  [
    'a contract without a privacy unit',
    { f: next.replace('usufructPrivacyUnit', 'usufructOther') },
    ['contract', 'apply', 'f'],
    'contract.invalid',
  ],
  [
    'a contract whose version exists',
    { f: contract.replace('name: Visits', 'name: Other') },
    ['contract', 'apply', 'f'],
    'contract.version_exists',
  ],
  ['a contract that is not there', {}, ['contract', 'apply', 'nothing.yaml'], 'request.invalid'],
  ['a contract that is a folder', {}, ['contract', 'apply', '.'], 'request.invalid'],
  ['a lint of nonsense', { f: 'a: 1' }, ['contract', 'lint', 'f'], 'contract.invalid'],
  ['a missing column', { 'people.csv': 'person,area\np1,a', 'visits.csv': visits }, load, 'load.column_missing'],
  [
    'a source that is not there',
    {},
    ['load', 'visits', '--from', 'people=none.csv', 'visits=none.csv'],
    'load.source_unreadable',
  ],
  ['a source for no table', {}, [...load, 'cats=c.csv'], 'request.invalid'],
  ['a table without a source', {}, ['load', 'visits', '--from', 'people=people.csv'], 'request.invalid'],
  [
    'people whom no row describes',
    { 'people.csv': 'person,born,area\n,,', 'visits.csv': visits },
    load,
    'load.no_person_rows',
  ],
  [
    'a product that is not there',
    { 'people.csv': people },
    ['load', 'cats', '--from', 'people=people.csv'],
    'product.unknown',
  ],
  ['a choice of an unknown person', { f: yes({ person: 'nobody' }) }, ['consent', 'import', 'f'], 'person.unknown'],
  [
    'a good choice before a bad one',
    { f: `${yes({})}\n${yes({ id: 'b', status: 'maybe' })}` },
    ['consent', 'import', 'f'],
    'consent.record_invalid',
  ],
  [
    'a yes without evidence',
    { f: yes({ evidence: undefined }) },
    ['consent', 'import', 'f'],
    'consent.evidence_missing',
  ],
  [
    'a choice for a purpose beyond the list',
    { f: yes({ purpose: 'mind-reading' }) },
    ['consent', 'import', 'f'],
    'consent.purpose_unknown',
  ],
  [
    'a known id with another content',
    { f: yes({ id: 'yes-p0001', at: '2026-10-01' }) },
    ['consent', 'import', 'f'],
    'request.idempotency_conflict',
  ],
  ['choices that are no JSON', { f: '{"id":' }, ['consent', 'import', 'f'], 'consent.record_invalid'],
  ['no choices', { f: '\n\n' }, ['consent', 'import', 'f'], 'consent.record_invalid'],
  ['a NUL in a choice', { f: yes({ entity: 'a\u0000' }) }, ['consent', 'import', 'f'], 'consent.record_invalid'],
  [
    'half a surrogate pair in a choice',
    { f: yes({}).replace('"m"', '"\\ud800"') },
    ['consent', 'import', 'f'],
    'consent.record_invalid',
  ],
  [
    'evidence that nests 100,000 deep',
    { f: `{"id":"x","evidence":${'['.repeat(100_000)}${']'.repeat(100_000)}}` },
    ['consent', 'import', 'f'],
    'consent.record_invalid',
  ],
  ['a notice without text', { f: ' ' }, [...publish, purpose], 'request.invalid'],
  ['a notice for no purpose', { f: 'text' }, [...publish, 'mind-reading'], 'consent.purpose_unknown'],
  ['a notice with a NUL', { f: 'a\u0000' }, [...publish, purpose], 'request.invalid'],
  ['a second buyer of one name', {}, ['buyer', 'add', 'alpha', '--name', 'x'], 'buyer.exists'],
  ['money for nobody', {}, ['buyer', 'fund', 'nobody', '1'], 'buyer.unknown'],
  ['money that is none', {}, ['buyer', 'fund', 'alpha', '1e9'], 'market.amount_invalid'],
  ['money finer than a micro-unit', {}, ['buyer', 'fund', 'alpha', '0.0000001'], 'market.amount_invalid'],
  ['a purpose that no contract has', {}, ['buyer', 'approve', 'alpha', 'mind-reading'], 'consent.purpose_unknown'],
  ['a key for nobody', {}, ['key', 'create', 'person', 'nobody'], 'person.unknown'],
  ['a key that is not there', {}, ['key', 'revoke', 'key_x'], 'key.unknown'],
  ['a rate off the ladder', {}, ['period', 'open', '--rate', '3'], 'request.invalid'],
  ['rho and a width', {}, ask('SELECT COUNT(*) FROM visits', '--rho', '0.0005', '--within', '10'), 'request.invalid'],
  [
    'an unknown column after é, € and an emoji',
    {},
    ask('SELECT COUNT(*) AS "é€😀",\n nope FROM visits'),
    'query.unknown_column',
  ],
  [
    'a receipt that cannot be written',
    {},
    ask('SELECT COUNT(*) FROM visits', '--receipt', 'no/such/folder/r.json'),
    'request.invalid',
  ],
  ['a receipt that is none', { f: '{}' }, ['verify', 'f', '--key', 'a+00000000+AAAA'], 'receipt.does_not_verify'],
  ['a backup into a folder that is not empty', {}, ['backup', '.'], 'home.exists'],
  ['limits of nobody', {}, ['person', 'limits', 'nobody', '--class', 'low'], 'person.unknown'],
  ['a limit that is no rho', {}, ['person', 'limits', 'p0001', '--life', 'much'], 'privacy.rho_out_of_range'],
]

it.each(cases)('%s is refused with words, and nothing changes', async (_, files, argv, code) => {
  for (const [name, content] of Object.entries(files)) await writeFile(join(house.folder, name), content)
  const before = await everything(house)
  const { exit, out, err } = await runInProcess(house)([...argv, '--json'])
  expect(exit, err).toBe(1)
  expect(out.split('\n')).toHaveLength(2)
  const { refused } = JSON.parse(out)
  expect(refused.code, err).toBe(code)
  expect(refused.message).toMatch(/\S/)
  expect(err).toMatch(new RegExp(`^refused ${code}`, 'm'))
  expect(await everything(house)).toEqual(before)
  expect(house.incidents).toEqual([])
})

it('the place of a name counts what a reader of the text counts: lines and UTF-16 columns', async () => {
  const { out } = await runInProcess(house)([...ask('SELECT COUNT(*) AS "é€😀",\n  "ü", nope FROM visits'), '--json'])
  expect(JSON.parse(out).refused.position).toEqual({ offset: 29, line: 2, column: 3 })
})
