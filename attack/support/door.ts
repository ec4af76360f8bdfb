/** HTTP as the attacker has it: a key, an address, nothing else. */
export interface Reply {
  readonly status: number
  readonly text: string
  readonly headers: Readonly<Record<string, string>>
  /** The body, if it is JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: an attacker looks at whatever came
  readonly json: any
  readonly milliseconds: number
}
export interface Ask {
  readonly sql: string
  readonly rho?: string
  readonly key?: string
  readonly maxPrice?: string
  readonly quote?: string
}
export interface Door {
  get(path: string): Promise<Reply>
  put(path: string, body: object): Promise<Reply>
  post(path: string, body: object, headers?: Readonly<Record<string, string>>): Promise<Reply>
  /** Buys an answer. */
  ask(question: Ask): Promise<Reply>
  quote(question: Ask): Promise<Reply>
}

export function doorOf(url: string, secret: string | undefined, where: { product: string; purpose: string }): Door {
  const send = async (method: string, path: string, body?: object, more: Readonly<Record<string, string>> = {}) => {
    const started = process.hrtime.bigint()
    const reply = await fetch(`${url}${path}`, {
      method,
      headers: {
        ...(secret === undefined ? {} : { authorization: `Bearer ${secret}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...more,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await reply.text()
    const milliseconds = Number(process.hrtime.bigint() - started) / 1e6
    let json: unknown
    try {
      json = JSON.parse(text)
    } catch {
      json = undefined
    }
    return { status: reply.status, text, headers: Object.fromEntries(reply.headers), json, milliseconds }
  }
  const post: Door['post'] = (path, body, headers) => send('POST', path, body, headers)
  return {
    get: (path) => send('GET', path),
    put: (path, body) => send('PUT', path, body),
    post,
    ask: ({ key, ...wish }) =>
      post('/v1/releases', { ...where, ...wish }, key === undefined ? {} : { 'idempotency-key': key }),
    quote: ({ sql, rho }) => post('/v1/quotes', { ...where, sql, ...(rho === undefined ? {} : { rho }) }),
  }
}

/** The value of an output in the first row of a receipt's answer, in whole units. */
export const numberIn = (reply: Reply, column = 0, row = 0): number =>
  Number(reply.json?.answer?.rows?.[row]?.[column]?.value ?? Number.NaN)
