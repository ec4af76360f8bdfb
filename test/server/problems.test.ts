import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { refusals } from '../../src/base/refusal.ts'
import { type HttpDoor, httpDoor, type Sending } from '../suite/doors/doors.ts'
import { everything } from '../suite/doors/everything.ts'
import { openTestHouse, type TestHouse } from '../suite/house.ts'
import { makeSmallWorld, purpose, sql } from '../suite/small-world.ts'

let house: TestHouse
let http: HttpDoor
let key: string

beforeAll(async () => {
  house = await openTestHouse()
  http = await httpDoor(house)
  await makeSmallWorld(house, 12)
  key = await http.keyOf('buyer', 'alpha')
  await http.keyOf('person', 'p0000')
})
afterAll(async () => {
  await http.close()
  await house.close()
})

/** Sends bytes and gives what came back until the server closes. */
const sendBytes = (bytes: string | Buffer): Promise<{ status: number; body: string; type: string }> =>
  new Promise((done, fail) => {
    const { port } = new URL(http.url)
    const socket = connect(Number(port), '127.0.0.1', () => socket.write(bytes))
    let text = ''
    socket.setEncoding('utf8').on('data', (part) => {
      text += part
    })
    socket.on('error', fail)
    socket.on('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n')
      const type = /content-type: ([^\r;]+)/i.exec(head)?.[1] ?? ''
      done({ status: Number(head.split(' ')[1]), body: rest.join('\r\n\r\n'), type })
    })
  })

const get = (path: string) => Buffer.from(`GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`, 'latin1')

it('bytes that are no request, and addresses that are no URL, are problems too', async () => {
  const request = (...headers: string[]) =>
    `GET /healthz HTTP/1.1\r\n${headers.map((one) => `${one}\r\n`).join('')}\r\n`
  const cases: [string, string | Buffer][] = [
    ['no host', request('connection: close')],
    ['a header without a name', request('host: x', ': y')],
    ['a space in the name of a header', request('host: x', 'a b: y')],
    ['a control character in a header', request('host: x', 'a: b\u0001c')],
    ['two lengths', request('host: x', 'content-length: 1', 'content-length: 2')],
    ['a length that is no number', request('host: x', 'content-length: many')],
    ['a length and chunks', request('host: x', 'content-length: 1', 'transfer-encoding: chunked')],
    ['an expectation', request('host: x', 'expect: wonders')],
    ['percent signs', get('/%zz')],
    ['half a percent sign', get('/v1/products/%')],
    ['bytes that are no UTF-8', get('/v1/products/%ff%fe')],
    ['no HTTP', 'hello\r\n\r\n'],
    ['a method that nobody knows', 'BREW / HTTP/1.1\r\nhost: x\r\n\r\n'],
    ['headers without end', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'y'.repeat(40_000)}\r\n\r\n`],
    ['a name beyond any', get(`/v1/products/${'x'.repeat(5_000)}`)],
  ]
  for (const [name, bytes] of cases) {
    const { status, body, type } = await sendBytes(bytes)
    expect(type, `${name}: ${body}`).toBe('application/problem+json')
    expect([400, 404], name).toContain(status)
    expect(JSON.parse(body), name).toMatchObject({ status, spent: { price: '0.00', rho: '0' } })
  }
})

const question = { product: 'visits', purpose, sql }
const wrong: [string, string, string, Sending, string][] = [
  ['JSON that is none', 'POST', '/v1/quotes', { body: '{"sql":' }, 'request.invalid'],
  ['no body', 'POST', '/v1/quotes', { headers: { 'content-type': 'application/json' } }, 'request.invalid'],
  ['an array', 'POST', '/v1/quotes', { body: [] }, 'request.invalid'],
  ['null', 'POST', '/v1/quotes', { body: 'null' }, 'request.invalid'],
  ['a member too many', 'POST', '/v1/quotes', { body: { ...question, exact: true } }, 'request.invalid'],
  ['a number for a text', 'POST', '/v1/quotes', { body: { ...question, rho: 0.0005 } }, 'request.invalid'],
  ['__proto__', 'POST', '/v1/quotes', { body: '{"__proto__":{"a":1}}' }, 'request.invalid'],
  ['XML', 'POST', '/v1/quotes', { body: '<a/>', headers: { 'content-type': 'text/xml' } }, 'request.not_json'],
  ['plain text', 'POST', '/v1/quotes', { body: 'a', headers: { 'content-type': 'text/plain' } }, 'request.not_json'],
  ['three megabytes', 'POST', '/v1/quotes', { body: { ...question, sql: 'x'.repeat(3 << 20) } }, 'request.too_large'],
  [
    'half a surrogate pair in the question',
    'POST',
    '/v1/quotes',
    { body: `{"product":"visits","sql":"\\ud800"}` },
    'query.unreadable',
  ],
  [
    'half a surrogate pair in a name',
    'POST',
    '/v1/quotes',
    { body: `{"product":"\\udc00","sql":"x"}` },
    'request.invalid',
  ],
  ['NUL in a purpose', 'POST', '/v1/quotes', { body: { ...question, purpose: 'a\u0000' } }, 'request.invalid'],
  ['NUL in a path', 'GET', '/v1/products/%00', {}, 'request.invalid'],
  ['NUL in a cursor', 'GET', '/v1/releases?before=%00', {}, 'request.invalid'],
  ['a limit that is no number', 'GET', '/v1/releases?limit=x', {}, 'request.invalid'],
  ['a parameter too many', 'GET', '/v1/releases?all=1', {}, 'request.invalid'],
  [
    'an idempotency key without end',
    'POST',
    '/v1/releases',
    { body: question, headers: { 'idempotency-key': 'k'.repeat(201) } },
    'request.invalid',
  ],
  ['no such address', 'GET', '/v1/nothing', {}, 'request.not_found'],
  ['a page outside', 'GET', '/../etc/passwd', {}, 'request.not_found'],
  ['a tile outside', 'GET', '/log/tile/..%2f..%2fkeys%2flog.key', {}, 'request.not_found'],
  ['a tile that is not there', 'GET', '/log/tile/0/999', {}, 'request.not_found'],
  ['a leaf that is not there', 'GET', '/v1/log/proof?index=999999', {}, 'request.not_found'],
  ['a leaf that is no number', 'GET', '/v1/log/proof?index=-1', {}, 'request.invalid'],
  ['a use that is not there', 'GET', '/v1/audit/releases/rel_x', {}, 'release.unknown'],
  ['a cursor that is not there', 'GET', '/v1/releases?before=rel_x', {}, 'release.unknown'],
  ['a limit of nothing', 'GET', '/v1/releases?limit=0', {}, 'request.invalid'],
  ['a log that is not there', 'GET', '/v1/log/consistency?from=999999', {}, 'request.not_found'],
  ['a code that is not there', 'GET', '/problems/constructor', {}, 'request.not_found'],
  ['a wrong method', 'PATCH', '/v1/quotes', { body: question }, 'request.method_not_allowed'],
  ['a delete of a release', 'DELETE', '/v1/releases/rel_x', {}, 'request.method_not_allowed'],
  ['a post to me', 'POST', '/v1/me/choices', { body: {} }, 'request.method_not_allowed'],
]

it.each(wrong)('%s is a problem with a code, and nothing changes', async (_, method, path, sending, code) => {
  const before = await everything(house)
  const received = await http.send(method, path, { key, ...sending })
  const problem = JSON.parse(received.text)
  expect(received.type).toMatch(/^application\/problem\+json/)
  expect(problem).toMatchObject({ code, status: received.status, type: `/problems/${code}` })
  expect(received.status).toBe(refusals[code as keyof typeof refusals][0])
  expect(problem.instance).toBe(received.headers.get('request-id'))
  expect(await everything(house)).toEqual(before)
  expect(house.incidents).toEqual([])
})

const stewards: [string, string, string, unknown, string][] = [
  ['NUL in a buyer’s name', 'POST', '/v1/buyers', { id: 'gamma', name: 'a\u0000b' }, 'request.invalid'],
  [
    'half a surrogate pair in a label',
    'POST',
    '/v1/keys',
    '{"role":"steward","subject":"s","label":"\\ud83d"}',
    'request.invalid',
  ],
  ['NUL in a key of a map', 'POST', '/v1/choices', { events: [{ 'a\u0000': 1 }] }, 'request.invalid'],
  [
    'evidence that nests 100,000 deep',
    'POST',
    '/v1/choices',
    `{"events":[{"evidence":${'['.repeat(100_000)}${']'.repeat(100_000)}}]}`,
    'request.invalid',
  ],
  ['a choice without a person', 'POST', '/v1/choices', { events: [{ id: 'x' }] }, 'consent.record_invalid'],
  ['an unknown person', 'GET', '/v1/persons/%F0%9F%98%80/choices', undefined, 'person.unknown'],
  ['an unknown person’s limits', 'PUT', '/v1/persons/nobody/limits', { class: 'low' }, 'person.unknown'],
  ['no limit at all', 'PUT', '/v1/persons/p0000/limits', {}, 'request.invalid'],
  ['a negative amount', 'POST', '/v1/buyers/alpha/funds', { amount: '-5', reference: 'r' }, 'market.amount_invalid'],
  [
    'the same reference with another amount',
    'POST',
    '/v1/buyers/alpha/funds',
    { amount: '5', reference: 'fund-alpha' },
    'request.idempotency_conflict',
  ],
  ['a rate off the ladder', 'POST', '/v1/periods', { rate: '7' }, 'request.invalid'],
]

it.each(stewards)('of the steward: %s is refused, and nothing changes', async (_, method, path, body, code) => {
  const before = await everything(house)
  const received = await http.send(method, path, { key: http.steward, body })
  expect(JSON.parse(received.text)).toMatchObject({ code })
  expect(await everything(house)).toEqual(before)
  expect(house.incidents).toEqual([])
})

it('HEAD answers like GET without a body, OPTIONS says what there is', async () => {
  const head = await http.send('HEAD', '/v1/products')
  expect([head.status, head.text]).toEqual([200, ''])
  expect((await http.send('HEAD', '/v1/balance')).status).toBe(401)
  expect((await http.send('HEAD', '/v1/balance', { key })).status).toBe(200)
  const options = await http.send('OPTIONS', '/v1/releases')
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS, POST'])
  const patched = await http.send('PATCH', '/v1/releases', { body: {} })
  expect(patched.headers.get('allow')).toBe('GET, HEAD, OPTIONS, POST')
})
