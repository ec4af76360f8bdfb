import type { Json } from '../../../src/base/canonical.ts'
import type { Clock } from '../../../src/base/instant.ts'
import { type Outcome, type Refusal, type RefusalCode, refusals } from '../../../src/base/refusal.ts'
import { runProgram } from '../../../src/cli/program.ts'
import { createKey } from '../../../src/house/access.ts'
import { choose } from '../../../src/house/choices.ts'
import { findProduct, findReceipt } from '../../../src/house/find.ts'
import type { House } from '../../../src/house/house.ts'
import { choicesJson } from '../../../src/house/views/choices.ts'
import { periodJson } from '../../../src/house/views/periods.ts'
import { productPage } from '../../../src/house/views/product.ts'
import { releaseJson } from '../../../src/house/views/releases.ts'
import { statementJson } from '../../../src/house/views/statement.ts'
import { parseLimit, parseRho } from '../../../src/money/amount.ts'
import { answer } from '../../../src/release/answer.ts'
import { explain } from '../../../src/release/explain.ts'
import { closePeriod, openPeriod } from '../../../src/release/period.ts'
import { quote } from '../../../src/release/quote.ts'
import { startServer } from '../../../src/server/start.ts'
import { type ApiDocument, type Received, responseChecker } from './openapi.ts'

export interface Ask {
  readonly buyer: string
  readonly product?: string
  readonly purpose?: string
  readonly sql: string
  readonly rho?: string
  readonly within?: string
  readonly bounds?: 'auto' | Readonly<Record<string, string>>
  readonly topUpOf?: string
  readonly maxPrice?: string
  readonly quote?: string
  readonly key?: string
}

/** What can be wished for through every door. */
export type Wish =
  | { readonly do: 'products' }
  | { readonly do: 'product'; readonly name: string }
  | ({ readonly do: 'quote' | 'explain' } & Ask)
  | ({ readonly do: 'ask' } & Ask)
  | { readonly do: 'releases'; readonly buyer: string }
  | { readonly do: 'receipt'; readonly id: string }
  | { readonly do: 'choices' | 'statement'; readonly person: string }
  | { readonly do: 'choose'; readonly person: string; readonly purpose: string; readonly choice: 'yes' | 'no' }
  | { readonly do: 'period' | 'open period' | 'close period' }

/** A receipt is a text, whose bytes count; everything else JSON. */
export type Said = { readonly value: Json | string } | { readonly refused: Pick<Refusal, 'code' | 'message' | 'hint'> }

export interface Door {
  readonly name: string
  act(wish: Wish): Promise<Said>
  close(): Promise<void>
}

const plain = (value: unknown): Json =>
  JSON.parse(JSON.stringify(value, (_, v) => (typeof v === 'bigint' ? `${v}` : v)))
const said = (refusal: Refusal): Said => {
  const { code, message, hint, position, reasons } = refusal
  return { refused: plain({ code, message, hint, position, reasons }) as never }
}
const evidence = { method: 'test', reference: 'sheet 1' }

export function libraryDoor(house: House): Door {
  const { world } = house
  const { books, clock } = world
  const give = <T>(outcome: Outcome<T>, view: (value: T) => unknown): Said =>
    outcome.ok ? { value: plain(view(outcome.value)) } : said(outcome.refusal)
  const asked = (ask: Ask): Outcome<Parameters<typeof quote>[0]> => {
    const rho = ask.rho === undefined ? undefined : parseRho(ask.rho)
    if (rho && !rho.ok) return rho
    return {
      ok: true,
      value: {
        buyer: ask.buyer,
        product: ask.product ?? 'visits',
        purpose: ask.purpose,
        sql: ask.sql,
        bounds: ask.bounds,
        topUpOf: ask.topUpOf,
        wish: rho ? { nano: rho.value } : ask.within === undefined ? undefined : { within: ask.within },
      },
    }
  }
  const act = async (wish: Wish): Promise<Said> => {
    switch (wish.do) {
      case 'products':
        return {
          value: plain({
            products: await Promise.all((await books.contracts()).map((one) => productPage(world, one))),
          }),
        }
      case 'product': {
        const found = await findProduct(wish.name, world)
        return found.ok ? { value: plain(await productPage(world, found.value)) } : said(found.refusal)
      }
      case 'quote': {
        const question = asked(wish)
        return question.ok ? give(await quote(question.value, world), ({ shown }) => shown) : said(question.refusal)
      }
      case 'explain': {
        const question = asked(wish)
        return question.ok ? give(await explain(question.value, world), (shown) => shown) : said(question.refusal)
      }
      case 'ask': {
        const question = asked(wish)
        const most = wish.maxPrice === undefined ? undefined : parseLimit(wish.maxPrice)
        if (!question.ok) return said(question.refusal)
        if (most && !most.ok) return said(most.refusal)
        const acceptance = { maxPrice: most?.value, quoteId: wish.quote, idempotencyKey: wish.key }
        return give(await answer(question.value, acceptance, world), ({ receipt }) => receipt)
      }
      case 'releases':
        return {
          value: plain({ releases: (await books.releases({ buyer: wish.buyer, limit: 100 })).map(releaseJson) }),
        }
      case 'receipt':
        return give(await findReceipt(wish.id, undefined, world), (text) => text)
      case 'choices':
        return give(await books.choices(wish.person, clock.now()), choicesJson)
      case 'statement': {
        const currency = (await books.settings())?.currency ?? ''
        return give(await books.statement(wish.person, clock.now()), (found) => statementJson(found, currency))
      }
      case 'choose': {
        const status = wish.choice === 'yes' ? 'given' : 'withdrawn'
        const { person, purpose } = wish
        return give(await choose(house, { person, purpose, status, entity: 'person', evidence }), choicesJson)
      }
      case 'period': {
        const open = await books.openPeriod(clock.now())
        return { value: open ? plain(periodJson(open)) : { open: false } }
      }
      case 'open period':
        return give(await openPeriod({}, world), periodJson)
      case 'close period':
        return give(await closePeriod(world), periodJson)
    }
  }
  return { name: 'library', act, close: async () => {} }
}

export interface HttpDoor extends Door {
  readonly url: string
  readonly steward: string
  /** Sends as it is and checks the answer against the served document. */
  send(method: string, path: string, options?: Sending): Promise<Received & { readonly headers: Headers }>
  keyOf(role: 'buyer' | 'person', subject: string): Promise<string>
  unseen(): readonly string[]
}
export interface Sending {
  readonly key?: string | undefined
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

interface OwnChoices {
  readonly purposes: readonly {
    readonly purpose: string
    readonly notice?: { readonly id: string; readonly version: string; readonly language: string }
  }[]
}

/** A server on a port of its own; every response is validated against /openapi.json. */
export async function httpDoor(house: House): Promise<HttpDoor> {
  const server = await startServer(house, { host: '127.0.0.1', port: 0 })
  const document = (await (await fetch(`${server.url}/openapi.json`)).json()) as ApiDocument
  const checker = responseChecker(document)
  const made = async (role: 'steward' | 'buyer' | 'person', subject: string) => {
    const key = await createKey(house, role, subject, 'test')
    if (!key.ok) throw new Error(key.refusal.message)
    return key.value.secret
  }
  const steward = await made('steward', 'steward')
  const keys = new Map<string, Promise<string>>()
  const keyOf = (role: 'buyer' | 'person', subject: string) => {
    const name = `${role} ${subject}`
    const key = keys.get(name) ?? made(role, subject)
    keys.set(name, key)
    return key
  }
  const send = async (method: string, path: string, { key, body, headers = {} }: Sending = {}) => {
    const response = await fetch(`${server.url}${path}`, {
      method,
      headers: {
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const type = response.headers.get('content-type') ?? ''
    const received = {
      method,
      path,
      status: response.status,
      type,
      text: await response.text(),
      headers: response.headers,
    }
    const flaws = method === 'HEAD' || method === 'OPTIONS' ? [] : checker.check(received)
    if (flaws.length > 0) throw new Error(`not as documented: ${flaws.join('; ')}\n${received.text.slice(0, 500)}`)
    return received
  }
  const tell = (received: Received): Said => {
    const json = JSON.parse(received.text) as Record<string, unknown>
    if (received.status < 400) return { value: plain(json) }
    const { code, detail, hint, position, reasons, status } = json
    if (status !== received.status || refusals[code as RefusalCode]?.[0] !== status)
      throw new Error(`the status of ${code} is ${received.status}`)
    return said({ code, message: detail, hint, position, reasons } as Refusal)
  }
  const bytes = (received: Received): Said => (received.status < 400 ? { value: received.text } : tell(received))
  const question = ({ product = 'visits', purpose, sql, rho, within, bounds, topUpOf }: Ask) => ({
    ...{ product, purpose, sql, rho, within, bounds, topUpOf },
  })
  const at = (text: string) => encodeURIComponent(text)
  const act = async (wish: Wish): Promise<Said> => {
    switch (wish.do) {
      case 'products':
        return tell(await send('GET', '/v1/products'))
      case 'product':
        return tell(await send('GET', `/v1/products/${at(wish.name)}`))
      case 'quote': {
        const key = await keyOf('buyer', wish.buyer)
        return tell(await send('POST', '/v1/quotes', { key, body: question(wish) }))
      }
      case 'explain': {
        const key = await keyOf('buyer', wish.buyer)
        return tell(await send('POST', '/v1/quotes/explain', { key, body: question(wish) }))
      }
      case 'ask': {
        const key = await keyOf('buyer', wish.buyer)
        const headers: Record<string, string> = wish.key === undefined ? {} : { 'idempotency-key': wish.key }
        const body = { ...question(wish), maxPrice: wish.maxPrice, quote: wish.quote }
        return bytes(await send('POST', '/v1/releases', { key, headers, body }))
      }
      case 'releases': {
        const { next: _, ...page } = JSON.parse(
          (await send('GET', '/v1/releases?limit=100', { key: await keyOf('buyer', wish.buyer) })).text,
        )
        return { value: page }
      }
      case 'receipt':
        return bytes(await send('GET', `/v1/releases/${at(wish.id)}/receipt`, { key: steward }))
      case 'choices':
      case 'statement':
        return tell(await send('GET', `/v1/persons/${at(wish.person)}/${wish.do}`, { key: steward }))
      case 'choose': {
        // The person's own door: a yes is to the text that was shown. What became of it is looked up where the other doors look.
        const key = await keyOf('person', wish.person)
        const own = JSON.parse((await send('GET', '/v1/me/choices', { key })).text) as OwnChoices
        const shown = own.purposes.find((one) => one.purpose === wish.purpose)?.notice
        const body =
          wish.choice === 'no'
            ? { status: 'withdrawn' }
            : { status: 'given', notice: shown && { id: shown.id, version: shown.version, language: shown.language } }
        const chosen = await send('PUT', `/v1/me/choices/${at(wish.purpose)}`, { key, body })
        if (chosen.status >= 400) return tell(chosen)
        return tell(await send('GET', `/v1/persons/${at(wish.person)}/choices`, { key: steward }))
      }
      case 'period':
        return tell(await send('GET', '/v1/period'))
      case 'open period':
        return tell(await send('POST', '/v1/periods', { key: steward, body: {} }))
      case 'close period':
        return tell(await send('POST', '/v1/periods/close', { key: steward }))
    }
  }
  return { name: 'HTTP', act, url: server.url, steward, send, keyOf, unseen: checker.unseen, close: server.close }
}

/** Runs one command line and gives its exit code and what it wrote. */
export type Run = (
  argv: readonly string[],
  stdin?: string,
) => Promise<{ readonly exit: number; readonly out: string; readonly err: string }>

/** The program in this process, over an open house. */
export const runInProcess = (house: House): Run =>
  runHere(house.home.root, house.home.root, house.world.clock, async () => house)

/** The program in this process; `house` opens the home when a command needs it. */
export const runHere =
  (cwd: string, home: string, clock: Clock, house: () => Promise<House>): Run =>
  async (argv, stdin) => {
    const written = { out: '', err: '' }
    const exit = await runProgram(argv, {
      cwd,
      home,
      json: argv.includes('--json'),
      clock,
      stdin,
      house,
      out: (text) => {
        written.out += text
      },
      err: (text) => {
        written.err += text
      },
    })
    return { exit, ...written }
  }

/** Every command with --json: one object on one line of standard output, exit code 0 or 1. */
export function commandLineDoor(run: Run, name = 'command line'): Door {
  const command = async (argv: readonly string[], stdin?: string): Promise<Said & { readonly text: string }> => {
    const { exit, out, err } = await run([...argv, '--json'], stdin)
    if (!/^[^\n]+\n$/.test(out))
      throw new Error(`not one line (exit ${exit}): ${out.slice(0, 300)} ${err.slice(0, 300)}`)
    const json = JSON.parse(out) as Record<string, unknown>
    if (exit === 0 && json.refused === undefined) return { value: plain(json), text: out }
    if (exit !== 1 || json.refused === undefined) throw new Error(`exit ${exit}: ${out.slice(0, 300)}`)
    if (!err.startsWith('refused ')) throw new Error(`the refusal is not told in words: ${err.slice(0, 200)}`)
    return { ...said(json.refused as Refusal), text: out }
  }
  const option = (flag: string, value: string | undefined) => (value === undefined ? [] : [flag, value])
  const named = (bounds: Ask['bounds'] = {}) =>
    bounds === 'auto' ? ['auto'] : Object.entries(bounds).map(([sum, amount]) => `${sum}=${amount}`)
  const question = ({ buyer, product = 'visits', purpose, rho, within, bounds, topUpOf }: Ask) => [
    product,
    '-',
    ...option('--buyer', buyer),
    ...option('--purpose', purpose),
    ...option('--rho', rho),
    ...option('--within', within),
    ...named(bounds).flatMap((one) => ['--bounds', one]),
    ...option('--top-up', topUpOf),
  ]
  const bytes = async (asked: ReturnType<typeof command>): Promise<Said> => {
    const { text, ...rest } = await asked
    return 'value' in rest ? { value: text } : rest
  }
  const only = async (asked: ReturnType<typeof command>): Promise<Said> => {
    const { text: _, ...rest } = await asked
    return rest
  }
  const act = (wish: Wish): Promise<Said> => {
    switch (wish.do) {
      case 'products':
        return only(command(['product', 'list']))
      case 'product':
        return only(command(['product', 'show', wish.name]))
      case 'quote':
        return only(command(['quote', ...question(wish)], wish.sql))
      case 'explain':
        return only(command(['query', 'explain', ...question(wish)], wish.sql))
      case 'ask': {
        const accept = [
          ...option('--max-price', wish.maxPrice),
          ...option('--quote', wish.quote),
          ...option('--idempotency-key', wish.key),
        ]
        return bytes(command(['ask', ...question(wish), ...accept], wish.sql))
      }
      case 'releases':
        return only(command(['release', 'list', '--buyer', wish.buyer]))
      case 'receipt':
        return bytes(command(['release', 'receipt', wish.id]))
      case 'choices':
        return only(command(['consent', 'show', wish.person]))
      case 'statement':
        return only(command(['person', 'statement', wish.person]))
      case 'choose': {
        const verb = wish.choice === 'yes' ? 'give' : 'withdraw'
        return only(command(['consent', verb, wish.person, wish.purpose, '--method', 'test']))
      }
      case 'period':
        return only(command(['period', 'show']))
      case 'open period':
        return only(command(['period', 'open']))
      case 'close period':
        return only(command(['period', 'close']))
    }
  }
  return { name, act, close: async () => {} }
}
