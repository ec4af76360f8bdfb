import { canonical } from '../../base/canonical.ts'
import { formOf, isNumber } from '../expression.ts'
import type { Expression } from '../query.ts'
import type { Reading } from './ast.ts'
import { mayBeMissing } from './groups.ts'

/** Combinations of regions that are tried at most. */
const maxTried = 4_096

type Truth = boolean | null
/** Where a value lies: at the i-th literal that it is compared with (2i + 1), between two of them (even), or missing. */
type Region = number | null
type Literal = bigint | string
type Condition = (regions: ReadonlyMap<string, Region>) => Truth

/** What conditions compare: all literals, and for numbers how far apart two values are at least. */
interface Subject {
  readonly literals: Set<Literal>
  readonly kind: 'ordered' | 'named' | 'truth'
  /** Of numbers, in units of 10^-18. */
  readonly step: bigint | undefined
  readonly missing: boolean
}

/**
 * Which of some conditions one row can meet together: every vector of truths (bit i: condition i is true) that some row might have.
 *
 * Claim. No row has a vector that is not listed. Proof: each condition is a three-valued combination of atoms; each atom reads one subject, and its truth is the
 * same all over each region into which the literals that the subject is compared with cut its values. So a row's vector follows from the regions of its
 * subjects, all combinations of which are tried. What is no such comparison is a subject of its own with the regions true, false and missing. ∎
 * Subjects are tried as if each knew nothing of the others, so more may be listed than can be; undefined when there are too many.
 */
export function reachableVectors(
  conditions: readonly Expression[],
  reading: Reading,
  most: number,
): readonly bigint[] | undefined {
  const subjects = new Map<string, Subject>()
  for (const condition of conditions) collect(condition, subjects, reading)
  const regions = [...subjects].map(([name, subject]) => [name, regionsOf(subject)] as const)
  if (regions.reduce((product, [, list]) => product * list.length, 1) > maxTried) return undefined
  const read = conditions.map((condition) => compile(condition, subjects))
  const found = new Set<bigint>()
  const chosen = new Map<string, Region>()
  const tryAll = (place: number): boolean => {
    const next = regions[place]
    if (next)
      return next[1].every((region) => {
        chosen.set(next[0], region)
        return tryAll(place + 1)
      })
    found.add(read.reduce((bits, is, index) => (is(chosen) === true ? bits | (1n << BigInt(index)) : bits), 0n))
    return found.size <= most + 1
  }
  return tryAll(0) ? [...found] : undefined
}

/** What the rows of one person meet together, when that person may have several rows: the vectors and all their unions. */
export function unions(vectors: readonly bigint[], most: number): readonly bigint[] | undefined {
  const all = new Set(vectors)
  for (const one of all) {
    for (const other of vectors) all.add(one | other)
    if (all.size > most + 1) return undefined
  }
  return [...all]
}

const connectives = ['and', 'or', 'not', 'is_true', 'is_false']
const isConnective = (e: Expression): e is Expression & { kind: 'call' } =>
  e.kind === 'call' && (connectives.includes(e.name) || (e.name === 'is_null' && e.args[0]?.type === 'boolean'))

function collect(condition: Expression, subjects: Map<string, Subject>, reading: Reading): void {
  if (condition.kind === 'literal') return
  if (isConnective(condition)) {
    for (const arg of condition.args) collect(arg, subjects, reading)
    return
  }
  const { name, of, literals } = atomOf(condition)
  const kind =
    of.type === 'boolean'
      ? 'truth'
      : isNumber(of) || of.type === 'date' || of.type === 'timestamp'
        ? 'ordered'
        : 'named'
  const step = isNumber(of) ? 10n ** BigInt(18 - of.scale) : undefined
  const subject = subjects.get(name) ?? { literals: new Set(), kind, step, missing: mayBeMissing(of, reading) }
  for (const literal of literals) subject.literals.add(literal)
  subjects.set(name, subject)
}

interface Atom {
  readonly name: string
  readonly of: Expression
  readonly operator: string
  readonly literals: readonly Literal[]
}

const turned: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=', '=': '=', '<>': '<>' }

/** A comparison of one thing with literals, or the condition itself as something of its own. */
function atomOf(condition: Expression): Atom {
  const itself = { name: canonical(formOf(condition)), of: condition, operator: 'true', literals: [] }
  if (condition.kind !== 'call') return itself
  const { args, name } = condition
  if (name === 'is_null') return { ...named(args[0] as Expression), operator: name, literals: [] }
  const backwards = args[0]?.kind === 'literal' && args.length === 2
  const [of, ...others] = (backwards ? [args[1], args[0]] : args) as readonly Expression[]
  const operator = backwards ? (turned[name] ?? '') : name
  if (!of || of.kind === 'literal' || !(operator in turned || operator === 'between' || operator === 'in'))
    return itself
  // Texts are compared by their bytes: only which they are is told apart here, not their order.
  if (of.type === 'text' && !['=', '<>', 'in'].includes(operator)) return itself
  const literals = others.map(literalOf)
  return literals.includes(undefined) ? itself : { ...named(of), operator, literals: literals as Literal[] }
}

function named(value: Expression): { readonly name: string; readonly of: Expression } {
  const of = value.kind === 'call' && value.name === 'rescale' ? (value.args[0] as Expression) : value
  return { name: canonical(formOf(of)), of }
}

function literalOf(value: Expression): Literal | undefined {
  if (value.kind !== 'literal' || value.value === null) return undefined
  return isNumber(value) ? BigInt(value.value) * 10n ** BigInt(18 - value.scale) : value.value
}

const inOrder = (literals: Iterable<Literal>): readonly Literal[] =>
  [...literals].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))

function regionsOf(subject: Subject): readonly Region[] {
  const missing = subject.missing ? [null] : []
  if (subject.kind === 'truth') return [1, 0, ...missing]
  const literals = inOrder(subject.literals)
  if (subject.kind === 'named') return [0, ...literals.map((_, index) => 2 * index + 1), ...missing]
  const all = Array.from({ length: 2 * literals.length + 1 }, (_, region) => region)
  return [...all.filter((region) => holdsAny(region, literals, subject.step)), ...missing]
}

/** False for a region in which no number of the grid lies. */
function holdsAny(region: number, literals: readonly Literal[], step: bigint | undefined): boolean {
  if (step === undefined) return true
  const index = Math.floor(region / 2)
  const [here, before] = [literals[index] as bigint | undefined, literals[index - 1] as bigint | undefined]
  if (region % 2 === 1) return (here as bigint) % step === 0n
  if (here === undefined || before === undefined) return true
  const next = before - (((before % step) + step) % step) + step
  return next < here
}

function compile(condition: Expression, subjects: ReadonlyMap<string, Subject>): Condition {
  if (condition.kind === 'literal') {
    const value = condition.value === null ? null : condition.value === 'true'
    return () => value
  }
  if (isConnective(condition)) return connected(condition, subjects)
  const { name, operator, literals } = atomOf(condition)
  if (operator === 'is_null') return (regions) => regions.get(name) === null
  const subject = subjects.get(name) as Subject
  const known = inOrder(subject.literals)
  const places = literals.map((literal) =>
    subject.kind === 'truth' ? (literal === 'true' ? 1 : 0) : 2 * known.indexOf(literal) + 1,
  )
  return (regions) => {
    const region = regions.get(name) ?? null
    return region === null ? null : holds(operator, region, places)
  }
}

function holds(operator: string, region: number, [a = 0, b = 0, ...more]: readonly number[]): boolean {
  switch (operator) {
    case 'true':
      return region === 1
    case '=':
      return region === a
    case '<>':
      return region !== a
    case '<':
      return region < a
    case '<=':
      return region <= a
    case '>':
      return region > a
    case '>=':
      return region >= a
    case 'between':
      return region >= a && region <= b
    default:
      return [a, b, ...more].includes(region)
  }
}

function connected(condition: Expression & { kind: 'call' }, subjects: ReadonlyMap<string, Subject>): Condition {
  const parts = condition.args.map((arg) => compile(arg, subjects))
  const [only] = parts as [Condition]
  switch (condition.name) {
    case 'not':
      return (regions) => {
        const truth = only(regions)
        return truth === null ? null : !truth
      }
    case 'is_null':
      return (regions) => only(regions) === null
    case 'is_true':
      return (regions) => only(regions) === true
    case 'is_false':
      return (regions) => only(regions) === false
    default: {
      const deciding = condition.name === 'or'
      return (regions) => {
        const truths = parts.map((part) => part(regions))
        return truths.includes(deciding) ? deciding : truths.includes(null) ? null : !deciding
      }
    }
  }
}
