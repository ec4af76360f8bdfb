/**
 * Who may use what: one row for every operation of the document. `own` and `foreign` are paths of an object of the caller's and of somebody
 * else's; a route without such objects has one path. Expected statuses in the order: no key, wrong key, person, buyer, steward.
 */
export interface Row {
  readonly path: string
  readonly body?: unknown
  readonly access: 'public' | readonly ('person' | 'buyer' | 'steward')[]
  /** Of a route with objects: the same route with somebody else's object, and who gets 404 there. */
  readonly foreign?: { readonly path: string; readonly hiddenFrom: readonly ('person' | 'buyer')[] }
}

export interface Objects {
  readonly release: string
  readonly foreignRelease: string
  readonly quote: string
  readonly foreignQuote: string
  readonly key: string
  readonly tile: string
}

const wish = { product: 'visits', purpose: 'product-statistics', sql: 'SELECT nonsense FROM visits' }

/** Bodies are wrong on purpose, or change nothing: the matrix asks who is let in, and counts what was written. */
export const matrix = (objects: Objects): Readonly<Record<string, Row>> => ({
  'get /v1/products': { path: '/v1/products', access: 'public' },
  'get /v1/products/{product}': { path: '/v1/products/visits', access: 'public' },
  'get /problems/{code}': { path: '/problems/query.empty', access: 'public' },
  'get /v1/notices': { path: '/v1/notices', access: 'public' },
  'get /v1/period': { path: '/v1/period', access: 'public' },
  'get /healthz': { path: '/healthz', access: 'public' },
  'get /log/checkpoint': { path: '/log/checkpoint', access: 'public' },
  'get /log/tile/{*}': { path: `/log/${objects.tile}`, access: 'public' },
  'get /v1/log/leaves': { path: '/v1/log/leaves', access: 'public' },
  'get /v1/log/leaves/{index}/proof': { path: '/v1/log/leaves/0/proof', access: 'public' },
  'get /v1/log/consistency': { path: '/v1/log/consistency?from=1', access: 'public' },
  'get /v1/log/key': { path: '/v1/log/key', access: 'public' },
  'post /v1/quotes': { path: '/v1/quotes', body: wish, access: ['buyer'] },
  'get /v1/quotes/{id}': {
    path: `/v1/quotes/${objects.quote}`,
    access: ['buyer', 'steward'],
    foreign: { path: `/v1/quotes/${objects.foreignQuote}`, hiddenFrom: ['buyer'] },
  },
  'post /v1/releases': { path: '/v1/releases', body: wish, access: ['buyer'] },
  'get /v1/releases': { path: '/v1/releases', access: ['buyer', 'steward'] },
  'get /v1/releases/{id}': {
    path: `/v1/releases/${objects.release}`,
    access: ['buyer', 'steward'],
    foreign: { path: `/v1/releases/${objects.foreignRelease}`, hiddenFrom: ['buyer'] },
  },
  'get /v1/releases/{id}/receipt': {
    path: `/v1/releases/${objects.release}/receipt`,
    access: ['buyer', 'steward'],
    foreign: { path: `/v1/releases/${objects.foreignRelease}/receipt`, hiddenFrom: ['buyer'] },
  },
  'get /v1/balance': { path: '/v1/balance', access: ['buyer'] },
  'get /v1/me/choices': { path: '/v1/me/choices', access: ['person'] },
  'put /v1/me/choices/{purpose}': { path: '/v1/me/choices/nonsense', body: { choice: 'yes' }, access: ['person'] },
  'put /v1/me/limits': { path: '/v1/me/limits', body: { lifeRho: 'nonsense' }, access: ['person'] },
  'get /v1/me/statement': { path: '/v1/me/statement', access: ['person'] },
  'post /v1/choices': { path: '/v1/choices', body: { events: [{}] }, access: ['steward'] },
  'get /v1/persons/{person}/choices': { path: '/v1/persons/p0001/choices', access: ['steward'] },
  'get /v1/persons/{person}/statement': { path: '/v1/persons/p0001/statement', access: ['steward'] },
  'put /v1/persons/{person}/limits': {
    path: '/v1/persons/p0001/limits',
    body: { lifeRho: 'nonsense' },
    access: ['steward'],
  },
  'post /v1/periods': { path: '/v1/periods', body: { rate: 'nonsense' }, access: ['steward'] },
  'post /v1/periods/close': { path: '/v1/periods/close', body: 'no JSON', access: ['steward'] },
  'get /v1/buyers': { path: '/v1/buyers', access: ['steward'] },
  'post /v1/buyers': { path: '/v1/buyers', body: { id: 'alpha', name: 'again' }, access: ['steward'] },
  'post /v1/buyers/{id}/approvals': {
    path: '/v1/buyers/nobody/approvals',
    body: { purpose: 'product-statistics' },
    access: ['steward'],
  },
  'post /v1/buyers/{id}/funds': {
    path: '/v1/buyers/alpha/funds',
    body: { amount: 'nonsense', reference: 'r' },
    access: ['steward'],
  },
  'get /v1/keys': { path: '/v1/keys', access: ['steward'] },
  'post /v1/keys': { path: '/v1/keys', body: { role: 'buyer', subject: 'nobody' }, access: ['steward'] },
  'delete /v1/keys/{id}': { path: '/v1/keys/nothing', access: ['steward'] },
})
