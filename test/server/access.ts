/** One row for every operation of the document: an address, and a body that is wrong on purpose or changes nothing. Who is let in says the table of permissions. */
export interface Row {
  readonly path: string
  readonly body?: unknown
  /** What whoever is let in gets, where it is not 200 and does not depend on the body. */
  readonly status?: number
  /** A key has no session: it is turned away. */
  readonly sessionOnly?: true
  /** The same address with somebody else's object, which looks like nothing to a buyer or a person. */
  readonly foreign?: string
}

export interface Objects {
  readonly release: string
  readonly foreignRelease: string
  readonly quote: string
  readonly foreignQuote: string
  readonly act: string
  readonly foreignAct: string
  readonly tile: string
}

const wish = { product: 'visits', purpose: 'product-statistics', sql: 'SELECT nonsense FROM visits' }

export const matrix = (objects: Objects): Readonly<Record<string, Row>> => ({
  ...everybody(objects),
  ...sessions,
  ...persons(objects),
  ...buyers(objects),
  ...stewards,
})

const everybody = ({ release, tile }: Objects): Readonly<Record<string, Row>> => ({
  'get /v1/products': { path: '/v1/products' },
  'get /v1/products/{product}': { path: '/v1/products/visits' },
  'get /v1/products/{product}/measures': { path: '/v1/products/visits/measures' },
  'post /v1/products/{product}/measures/{measure}': {
    path: '/v1/products/visits/measures/penetration',
    body: { parameters: { events: 'visits' } },
  },
  'get /problems/{code}': { path: '/problems/query.empty' },
  'get /v1/notices': { path: '/v1/notices' },
  'get /v1/notices/{id}/{version}/{language}': { path: '/v1/notices/n/1/en' },
  'post /v1/notices/{id}/events': { path: '/v1/notices/n/events', body: {}, status: 400 },
  'get /v1/period': { path: '/v1/period' },
  'get /v1/answer-rules': { path: '/v1/answer-rules' },
  'get /v1/periods': { path: '/v1/periods' },
  'get /healthz': { path: '/healthz' },
  'get /log/checkpoint': { path: '/log/checkpoint' },
  'get /log/tile/{*}': { path: `/log/${tile}` },
  'get /v1/log/key': { path: '/v1/log/key' },
  'get /v1/log/entries': { path: '/v1/log/entries' },
  'get /v1/log/checkpoints': { path: '/v1/log/checkpoints' },
  'get /v1/log/proof': { path: '/v1/log/proof?index=0' },
  'get /v1/log/consistency': { path: '/v1/log/consistency?from=1' },
  'get /v1/audit/claims': { path: '/v1/audit/claims' },
  'post /v1/audit/claims/run': { path: '/v1/audit/claims/run' },
  'get /v1/audit/releases/{id}': { path: `/v1/audit/releases/${release}` },
})

const sessions: Readonly<Record<string, Row>> = {
  'post /v1/session': { path: '/v1/session', body: {}, status: 400 },
  'post /v1/session/link': { path: '/v1/session/link', body: {}, status: 400 },
  'post /v1/session/link/preview': { path: '/v1/session/link/preview', body: {}, status: 400 },
  'get /v1/session': { path: '/v1/session' },
  'get /v1/sessions': { path: '/v1/sessions', sessionOnly: true },
  'delete /v1/sessions/{id}': { path: '/v1/sessions/ses_nothing', sessionOnly: true, status: 404 },
  'delete /v1/session': { path: '/v1/session', sessionOnly: true },
}

const persons = ({ release, act, foreignAct }: Objects): Readonly<Record<string, Row>> => ({
  'get /v1/me': { path: '/v1/me' },
  'get /v1/me/uses': { path: '/v1/me/uses' },
  'get /v1/me/uses/{id}': { path: `/v1/me/uses/${release}` },
  'get /v1/me/money': { path: '/v1/me/money' },
  'get /v1/me/statement': { path: '/v1/me/statement' },
  'get /v1/me/data': { path: '/v1/me/data' },
  'get /v1/me/limits': { path: '/v1/me/limits' },
  'put /v1/me/limits': { path: '/v1/me/limits', body: { lifeRho: 'nonsense' }, status: 400 },
  'get /v1/me/proof': { path: '/v1/me/proof' },
  'get /v1/me/choices': { path: '/v1/me/choices' },
  'put /v1/me/choices/{purpose}': { path: '/v1/me/choices/nonsense', body: { status: 'maybe' }, status: 400 },
  'post /v1/me/choices/stop-all': { path: '/v1/me/choices/stop-all', body: { all: true }, status: 400 },
  'get /v1/me/choices/{act}/receipt': {
    path: `/v1/me/choices/${act}/receipt`,
    status: 202,
    foreign: `/v1/me/choices/${foreignAct}/receipt`,
  },
})

const buyers = (objects: Objects): Readonly<Record<string, Row>> => {
  const release = (end: string): Row => ({
    path: `/v1/releases/${objects.release}${end}`,
    foreign: `/v1/releases/${objects.foreignRelease}${end}`,
  })
  return {
    'post /v1/quotes': { path: '/v1/quotes', body: wish, status: 400 },
    'post /v1/quotes/preview': { path: '/v1/quotes/preview', body: wish },
    'post /v1/quotes/explain': { path: '/v1/quotes/explain', body: wish, status: 400 },
    'get /v1/quotes/{id}': { path: `/v1/quotes/${objects.quote}`, foreign: `/v1/quotes/${objects.foreignQuote}` },
    'post /v1/releases': { path: '/v1/releases', body: wish, status: 400 },
    'get /v1/releases': { path: '/v1/releases' },
    'get /v1/releases/{id}': release(''),
    'get /v1/releases/{id}/receipt': release('/receipt'),
    'get /v1/releases/{id}/answer.csv': release('/answer.csv'),
    'get /v1/releases/{id}/answer.json': release('/answer.json'),
    'get /v1/releases/{id}/figures': release('/figures'),
    'get /v1/balance': { path: '/v1/balance' },
    'get /v1/account': { path: '/v1/account' },
    'get /v1/account/keys': { path: '/v1/account/keys' },
    'post /v1/account/keys': { path: '/v1/account/keys', body: { role: 'steward' }, status: 400 },
    'delete /v1/account/keys/{id}': { path: '/v1/account/keys/nothing', status: 404 },
  }
}

const stewards: Readonly<Record<string, Row>> = {
  'post /v1/choices': { path: '/v1/choices', body: { events: [{}] }, status: 400 },
  'get /v1/persons/{person}/choices': { path: '/v1/persons/p0001/choices' },
  'get /v1/persons/{person}/statement': { path: '/v1/persons/p0001/statement' },
  'put /v1/persons/{person}/limits': { path: '/v1/persons/p0001/limits', body: { lifeRho: 'nonsense' }, status: 400 },
  'post /v1/persons/{person}/card': {
    path: '/v1/persons/nobody/card',
    body: { purpose: 'product-statistics' },
    status: 404,
  },
  'post /consent/answer': { path: '/consent/answer', body: {}, status: 400 },
  'post /v1/persons/{person}/link': { path: '/v1/persons/nobody/link', status: 404 },
  'post /v1/periods': { path: '/v1/periods', body: { rate: 'nonsense' }, status: 400 },
  'post /v1/periods/close': { path: '/v1/periods/close', body: 'no JSON', status: 400 },
  'get /v1/buyers': { path: '/v1/buyers' },
  'post /v1/buyers': { path: '/v1/buyers', body: { id: 'alpha', name: 'again' }, status: 409 },
  'post /v1/buyers/{id}/approvals': {
    path: '/v1/buyers/nobody/approvals',
    body: { purpose: 'product-statistics' },
    status: 404,
  },
  'post /v1/buyers/{id}/funds': {
    path: '/v1/buyers/alpha/funds',
    body: { amount: 'nonsense', reference: 'r' },
    status: 400,
  },
  'get /v1/keys': { path: '/v1/keys' },
  'post /v1/keys': { path: '/v1/keys', body: { role: 'buyer', subject: 'nobody' }, status: 404 },
  'delete /v1/keys/{id}': { path: '/v1/keys/nothing', status: 404 },
  'get /v1/contracts': { path: '/v1/contracts' },
  'get /v1/contracts/{product}': { path: '/v1/contracts/visits' },
  'post /v1/contracts': { path: '/v1/contracts', body: { text: 'nonsense: [' }, status: 400 },
  'post /v1/contracts/lint': { path: '/v1/contracts/lint', body: { text: 'nonsense: [' } },
  'post /v1/contracts/plan': { path: '/v1/contracts/plan', body: { text: 'nonsense: [' }, status: 400 },
  'get /v1/loads': { path: '/v1/loads' },
  'get /v1/steward/answers': { path: '/v1/steward/answers' },
  'post /v1/answer-rules': { path: '/v1/answer-rules', body: {}, status: 400 },
  'get /v1/steward/home': { path: '/v1/steward/home' },
  'get /v1/steward/consent': { path: '/v1/steward/consent' },
  'get /v1/steward/refusals': { path: '/v1/steward/refusals' },
  'get /v1/steward/budget': { path: '/v1/steward/budget' },
  'get /v1/steward/money': { path: '/v1/steward/money' },
}
