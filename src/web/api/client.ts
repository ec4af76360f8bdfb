/** An RFC 9457 problem as the server sends it; the screens show its words and keep its code. */
export class Problem extends Error {
  override readonly name = 'Problem'
  readonly status: number
  readonly code: string
  readonly hint: string | undefined
  readonly position: { readonly offset: number; readonly line: number; readonly column: number } | undefined
  readonly reasons: readonly { readonly rule: string; readonly citation: string; readonly text: string }[]
  readonly requestId: string | undefined
  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(typeof body.detail === 'string' ? body.detail : 'the server could not do this')
    this.status = status
    this.code = typeof body.code === 'string' ? body.code : 'program.unreadable_answer'
    this.hint = typeof body.hint === 'string' ? body.hint : undefined
    this.position = body.position as Problem['position']
    this.reasons = Array.isArray(body.reasons) ? (body.reasons as Problem['reasons']) : []
    this.requestId = typeof body.instance === 'string' ? body.instance : undefined
  }
}

/** The server was not reached. */
export class Offline extends Error {
  override readonly name = 'Offline'
}

export interface Request {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal | undefined
}

/** One call of the API with the session's cookie. Throws Problem, or Offline. */
export async function call<T>(path: string, request: Request = {}): Promise<T> {
  const text = await callText(path, request)
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** The same, giving the answer's exact text: a receipt is verified byte for byte. */
export async function callText(
  path: string,
  { method = 'GET', body, headers = {}, signal }: Request = {},
): Promise<string> {
  const response = await fetch(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch((cause: unknown) => {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
    throw new Offline('the server cannot be reached')
  })
  const text = await response.text()
  if (response.ok) return text
  throw new Problem(response.status, readBody(text))
}

function readBody(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}
