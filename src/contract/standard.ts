import { Ajv2019, type ErrorObject, type ValidateFunction } from 'ajv/dist/2019.js'
import addFormats from 'ajv-formats'
import type { Report } from './finding.ts'
import { field, type Part, type Place, plain, quote, textOf } from './part.ts'
import schema30 from './schema/odcs-json-schema-v3.0.2.json' with { type: 'json' }
import schema31 from './schema/odcs-json-schema-v3.1.0.json' with { type: 'json' }

/** The versions of the Open Data Contract Standard that are read. */
export type Standard = '3.0' | '3.1' | '3.2'

/** The version that a contract declares. Undefined, with a finding, when it is not one that is read: what its keys mean is then not known. */
export function standardOf(root: Part, report: Report): Standard | undefined {
  const declared = field(root, 'apiVersion')
  const version = textOf(declared) ?? ''
  if (/^v3\.0\.\d{1,3}$/.test(version)) return '3.0'
  if (version === 'v3.1.0') return '3.1'
  if (version === 'v3.2.0') return '3.2'
  const what = declared
    ? `The version ${quote(declared)} of the standard is not read.`
    : 'The contract names no version of the standard.'
  report(
    'contract.api_version',
    declared?.at ?? root.at,
    what,
    'Write `apiVersion: v3.1.0`; v3.0.x and v3.2.0 are read too.',
  )
  return undefined
}

/**
 * Reports every violation of the standard's JSON Schema at its line. 3.0.x is held against the schema of 3.0.2. 3.2.0 is held against the
 * one of 3.1.0: what only 3.2.0 knows becomes a warning.
 */
export function checkStandard(root: Part, standard: Standard, report: Report): void {
  const data = plain(root)
  // 3.2.0 and later patches of 3.0 differ from the schema at hand in the version text itself, and 3.2.0 no longer requires a status.
  Object.assign(data as object, { apiVersion: standard === '3.0' ? 'v3.0.2' : 'v3.1.0' })
  if (standard === '3.2' && !Object.hasOwn(data as object, 'status'))
    Object.assign(data as object, { status: 'active' })
  const validate = validator(standard)
  if (validate(data)) return
  for (const error of telling(validate.errors ?? [])) {
    const { at, part } = locate(root, error)
    const newer = standard === '3.2' && (unknownKey(error) !== undefined || error.instancePath.startsWith('/servers'))
    report(newer ? 'contract.standard_newer' : 'contract.standard', at, sentence(error, part), remedy(error))
  }
}

const compiled = new Map<unknown, ValidateFunction>()

/** Compiling takes a tenth of a second: done once, when first needed. */
function validator(standard: Standard): ValidateFunction {
  const schema = standard === '3.0' ? schema30 : schema31
  const known = compiled.get(schema)
  if (known) return known
  const ajv = new Ajv2019({ allErrors: true, strict: false, logger: false })
  addFormats.default(ajv)
  const validate = ajv.compile(schema)
  compiled.set(schema, validate)
  return validate
}

/** Errors that say something: not "must match then", not the branches of an alternative that was not meant. */
function telling(errors: readonly ErrorObject[]): readonly ErrorObject[] {
  const isChoice = ({ keyword }: ErrorObject): boolean => keyword === 'oneOf' || keyword === 'anyOf'
  const choices = new Set(errors.filter(isChoice).map(({ instancePath }) => instancePath))
  const definite = errors.filter(({ keyword }) => keyword !== 'if' && keyword !== 'unevaluatedProperties')
  const failing = new Set(definite.map(({ instancePath }) => instancePath))
  // Containers of something that failed.
  const around = new Set([...failing].flatMap(containers))
  return errors.filter((error) => {
    const at = error.instancePath
    if (error.keyword === 'if') return false
    // A known key counts as unevaluated whenever a subschema of its object failed: that failure says it better.
    if (error.keyword === 'unevaluatedProperties')
      return !(knownKeys.has(unknownKey(error) ?? '') && (failing.has(at) || around.has(at)))
    if (isChoice(error)) return !around.has(at)
    return !(choices.has(at) && branchKeywords.has(error.keyword))
  })
}

const branchKeywords: ReadonlySet<string> = new Set(['type', 'pattern', 'required', 'not'])

function containers(path: string): readonly string[] {
  const found: string[] = []
  for (let end = path.lastIndexOf('/'); end >= 0; end = path.lastIndexOf('/', end - 1)) {
    found.push(path.slice(0, end))
    if (end === 0) break
  }
  return found
}

/** Every key that the standard names anywhere. */
const knownKeys: ReadonlySet<string> = (() => {
  const keys = new Set<string>()
  const walk = (schema: unknown): void => {
    if (typeof schema !== 'object' || schema === null) return
    for (const [name, inner] of Object.entries(schema)) {
      if (name === 'properties') for (const key of Object.keys(inner as object)) keys.add(key)
      walk(inner)
    }
  }
  walk(schema30)
  walk(schema31)
  return keys
})()

function unknownKey({ keyword, params }: ErrorObject): string | undefined {
  if (keyword === 'additionalProperties') return params.additionalProperty as string
  return keyword === 'unevaluatedProperties' ? (params.unevaluatedProperty as string) : undefined
}

/** The part that a JSON pointer names, or as much of the way as exists; for an unknown key the key itself. */
function locate(root: Part, error: ErrorObject): { readonly at: Place; readonly part: Part } {
  let part = root
  for (const step of error.instancePath.split('/').slice(1)) {
    const key = step.replaceAll('~1', '/').replaceAll('~0', '~')
    const next = part.kind === 'list' ? part.items[Number(key)] : field(part, key)
    if (next === undefined) break
    part = next
  }
  const key = unknownKey(error)
  const entry = key !== undefined && part.kind === 'map' ? part.entries.get(key) : undefined
  return entry ? { at: entry.key, part } : { at: part.at, part }
}

function sentence(error: ErrorObject, part: Part): string {
  const { keyword, params, message } = error
  const key = unknownKey(error)
  if (key !== undefined) return `The standard knows no key ${cut(key)} here.`
  if (keyword === 'required') return `The key ${String(params.missingProperty)} is missing.`
  if (keyword === 'enum') return `${quote(part)} is not one of ${(params.allowedValues as unknown[]).join(', ')}.`
  if (keyword === 'type') return `${quote(part)} is not of the type ${String(params.type)}.`
  if (error.schemaPath.includes('DataQualityOperators'))
    return 'A quality rule has exactly one operator, for example `mustBe: 0`.'
  if (keyword === 'oneOf' || keyword === 'anyOf')
    return `${quote(part)} fits none, or several, of the forms that the standard gives.`
  return `${quote(part)} ${message ?? 'does not fit'}.`
}

function remedy(error: ErrorObject): string {
  if (unknownKey(error) !== undefined) return 'Remove it, or move it into customProperties.'
  if (error.schemaPath.includes('DataQualityOperators')) return 'Add `mustBe: 0`, or another one.'
  if (error.keyword === 'required') return `Add ${String(error.params.missingProperty)}.`
  if (error.keyword === 'type' && error.params.type === 'string') return 'Put it in quotes.'
  return 'See the Open Data Contract Standard for this key.'
}

const cut = (text: string): string => (text.length > 60 ? `${text.slice(0, 57).toWellFormed()}...` : text)
