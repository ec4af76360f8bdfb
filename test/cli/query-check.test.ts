import { describe, expect, it } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { systemClock } from '../../src/system.ts'

const contract = new URL('../query/contracts/bank-marketing.odcs.yaml', import.meta.url).pathname

/** The command as a process runs it, with this text on standard input; there is no home. */
async function check(stdin: string, json: boolean, file = contract) {
  const out: string[] = []
  const err: string[] = []
  const exit = await runProgram(['query', 'check', '--contract', file], {
    cwd: '/',
    home: '/nowhere',
    json,
    clock: systemClock,
    stdin,
    house: () => Promise.reject(new Error('no home is opened')),
    out: (text) => out.push(text),
    err: (text) => err.push(text),
  })
  return { exit, lines: out.join('').split('\n').slice(0, -1), err: err.join('') }
}

describe('query check', () => {
  it('says one thing of each line, in order, and ends well whatever it says', async () => {
    const input = [
      '{"sql": "SELECT COUNT(*) FROM clients"}',
      'SELECT job,\u00a0balance FROM clients',
      '',
      '{"sql": 7}',
      '{"sql": "SELECT MAX(age)\\nFROM clients"}',
      'SELECT COUNT(*) FROM clients WHERE age > 30',
    ]
    const { exit, lines } = await check(`${input.join('\n')}\n`, true)
    expect(exit).toBe(0)
    const said = lines.map((line) => JSON.parse(line) as { accepted: boolean; code?: string; position?: object })
    expect(said.map(({ accepted, code }) => code ?? accepted)).toEqual([
      true,
      'query.not_aggregate',
      'query.empty',
      'request.invalid',
      'query.function_not_allowed',
      true,
    ])
    expect(said[4]).toMatchObject({ message: expect.any(String), hint: expect.any(String), position: { offset: 7 } })
    expect((await check(input.join('\r\n'), true)).lines).toEqual(lines)
  })

  it('nothing in, nothing out; in words as well', async () => {
    expect(await check('', true)).toMatchObject({ exit: 0, lines: [] })
    const { lines } = await check('SELECT * FROM clients\nSELECT COUNT(*) FROM clients', false)
    expect(lines).toEqual([expect.stringContaining('refused query.not_aggregate (line 1, column 8)'), 'accepted'])
  })

  it('a contract that is none is refused', async () => {
    const { exit, err } = await check('SELECT 1', true, new URL(import.meta.url).pathname)
    expect([exit, err]).toEqual([1, expect.stringContaining('contract.invalid')])
  })
})
