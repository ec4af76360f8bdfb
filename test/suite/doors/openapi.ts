import { Ajv2020 } from 'ajv/dist/2020.js'

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, unknown>> }>>
}
export interface ApiDocument {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

export interface Received {
  readonly method: string
  readonly path: string
  readonly status: number
  readonly type: string
  readonly text: string
}

const pointerPart = (text: string) =>
  text.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')

/** Validates responses against the served document, and remembers which operations were seen. Undocumented is wrong too. */
export function responseChecker(document: ApiDocument) {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  ajv.addSchema(document, 'api')
  const seen = new Set<string>()
  const templates = Object.keys(document.paths).map((template) => ({
    template,
    form: new RegExp(
      `^${template
        .replace(/[.]/g, '\\.')
        .replace(/\{\*\}/g, '.+')
        .replace(/\{[^}]+\}/g, '[^/]+')}$`,
    ),
  }))
  const check = (received: Received): readonly string[] => {
    const path = received.path.split('?')[0] as string
    const found = templates.find(({ template }) => template === path) ?? templates.find(({ form }) => form.test(path))
    const method = received.method.toLowerCase()
    const operation = found && document.paths[found.template]?.[method]
    const said = `${received.method} ${received.path} ${received.status}`
    if (!found || !operation) return received.status >= 400 ? problemAlone(received) : [`${said}: not in the document`]
    seen.add(`${method} ${found.template}`)
    const key = [`${received.status}`, `${Math.floor(received.status / 100)}XX`].find((one) => operation.responses[one])
    if (key === undefined) return [`${said}: this status is not documented`]
    if (received.status === 204) return received.text === '' ? [] : [`${said}: a body that is not documented`]
    const type = received.type.split(';')[0] as string
    const media = operation.responses[key]?.content?.[type]
    if (media === undefined) return [`${said}: ${type} is not documented`]
    if (!type.endsWith('json')) return []
    const pointer = ['paths', found.template, method, 'responses', key, 'content', type, 'schema']
      .map(pointerPart)
      .join('/')
    const validate = ajv.compile({ $ref: `api#/${pointer}` })
    return validate(JSON.parse(received.text)) ? [] : [`${said}: ${ajv.errorsText(validate.errors)}`]
  }
  /** At an address that is not documented there is still a problem. */
  const problemAlone = (received: Received): readonly string[] => {
    const validate = ajv.compile({ $ref: 'api#/components/schemas/Problem' })
    if (!received.type.startsWith('application/problem+json')) return [`${received.path}: ${received.type}`]
    return validate(JSON.parse(received.text)) ? [] : [`${received.path}: ${ajv.errorsText(validate.errors)}`]
  }
  const operations = Object.entries(document.paths).flatMap(([template, methods]) =>
    Object.keys(methods).map((method) => `${method} ${template}`),
  )
  return { check, unseen: () => operations.filter((operation) => !seen.has(operation)) }
}
