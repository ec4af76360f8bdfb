import { inspect } from 'node:util'
import { verifyReceipt } from '../src/verify/index.ts'
import { type Attack, counted } from './attack.ts'
import { product, purpose } from './support/contract.ts'
import type { AttackWorld } from './support/world.ts'

const sql = 'SELECT COUNT(DISTINCT person) AS n FROM people WHERE owes'

export const insiders: Attack = {
  name: 'insiders',
  section: 'docs/threat-model.md: a steward who wants a peek, an operator who edits, somebody in another role',
  knows: 'keys of every role, and a receipt',
  wants: 'an exact answer; somebody else’s answer; a receipt that says something else and still verifies',
  async run(world) {
    await world.nextMonth()
    const broken: string[] = []
    const buyer = await world.buyer('owner')
    const bought = await buyer.ask({ sql, rho: '0.001' })
    const id = bought.json.answer.release as string
    const doors = {
      nobody: world.anybody,
      steward: await world.session('steward', 'steward'),
      person: await world.session('person', world.rows.people[1]?.key as string),
      stranger: await world.buyer('stranger'),
    }
    const question = { product, purpose, sql }
    let tried = 0
    const mustNot = (who: string, what: string, status: number) => {
      tried++
      if (status < 400) broken.push(`${who}: ${what} gave ${status}`)
    }
    for (const [who, door] of Object.entries(doors)) {
      if (who !== 'stranger') {
        mustNot(who, 'asks', (await door.post('/v1/releases', question)).status)
        mustNot(who, 'asks for a quote', (await door.post('/v1/quotes', question)).status)
      }
      if (who !== 'steward') {
        mustNot(who, 'reads another’s receipt', (await door.get(`/v1/releases/${id}/receipt`)).status)
        for (const path of ['/v1/loads', '/v1/buyers', '/v1/steward/home', `/v1/persons/${world.target}/choices`])
          mustNot(who, `reads ${path}`, (await door.get(path)).status)
      }
      mustNot(
        who,
        'acts as a person',
        who === 'person' ? 400 : (await door.put(`/v1/me/choices/${purpose}`, { status: 'withdrawn' })).status,
      )
    }
    const peek = await sealedPeek(world)
    if (peek !== '') broken.push(peek)
    const edits = await editedReceipts(world, bought.text)
    if (edits.passed > 0) broken.push(`${edits.passed} edited receipts verify`)
    const exact = await world.plain.number(sql)
    return counted(
      {
        number: 1,
        words: `whoever may read the files has the exact answer at once (${exact}); a row that is edited there shows nowhere`,
      },
      broken,
      `${tried} acts of the wrong role: none done; the engine's exact rows print as nothing; ${edits.tried} edits of a receipt, ${edits.passed} of them verify`,
      ['a steward who copies the files, or runs altered code, is not stopped by software: docs/threat-model.md'],
    )
  },
}

/** Somebody inside who logs what the engine gave. */
async function sealedPeek({ twins }: AttackWorld): Promise<string> {
  const { rows } = await twins.present.exact(sql, 1_000_000n)
  const prints: (() => string)[] = [
    () => inspect(rows, { depth: 9, showHidden: true }),
    () => JSON.stringify({ ...rows }),
    () => JSON.stringify(rows),
    () => `${rows}`,
    () => Object.getOwnPropertyNames(rows).join(),
  ]
  for (const print of prints) {
    let shown = ''
    try {
      shown = print()
    } catch {
      continue
    }
    if (/\d/.test(shown)) return `an exact result printed as ${shown}`
  }
  return ''
}

async function editedReceipts(world: AttackWorld, receipt: string) {
  const dice = world.dice('insiders')
  const tried = world.long ? 2000 : 60
  let passed = (await verifyReceipt(receipt, world.house.logKey)).valid ? 0 : 1
  for (let nth = 0; nth < tried; nth++) {
    const at = dice.below(receipt.trimEnd().length)
    const old = receipt[at] as string
    const fresh = /[0-9]/.test(old) ? `${(Number(old) + 1 + dice.below(9)) % 10}` : old === 'x' ? 'y' : 'x'
    const edited = receipt.slice(0, at) + fresh + receipt.slice(at + 1)
    const verdict = await verifyReceipt(edited, world.house.logKey).catch(() => ({ valid: false }))
    if (verdict.valid) passed++
  }
  return { tried, passed }
}
