import type { Json } from '../../base/canonical.ts'

/**
 * A question in words: the asker's own, when the SQL begins with a comment line, and otherwise the plain sentence, which is made from what the question
 * computes and stands beside the asker's words so that they cannot mislead. `canonical` is the plan's canonical text (query/form.ts).
 */
export function questionWords(
  sql: string,
  canonical: string,
): { readonly words: string; readonly by: 'buyer' | 'us'; readonly plain: string } {
  const comment = /^\s*--\s*(\S[^\r\n]*)/.exec(sql)?.[1]?.trim()
  const plain = sentence(canonical)
  return comment ? { words: comment.slice(0, 300), by: 'buyer', plain } : { words: plain, by: 'us', plain }
}

/** What a question computes, taken apart, so that a page can say it in the reader's language. */
export type QuestionParts = {
  readonly measures: readonly { readonly kind: string; readonly column?: string | undefined }[]
  readonly tables: readonly string[]
  readonly groups: readonly string[]
  readonly filtered: boolean
}
export function questionParts(canonical: string): QuestionParts {
  const { derived = [], source, where, groups, measures } = JSON.parse(canonical) as Form
  const branches = derived.flatMap((relation) => relation.branches)
  return {
    measures: measures.map(({ kind, of }) => ({ kind, column: of === undefined ? undefined : columnIn(of) })),
    tables: storedTables(source, derived),
    groups: groups.map((group) => group.name),
    filtered:
      where !== null ||
      measures.some((measure) => measure.filter !== undefined || measure.kind === 'cells') ||
      branches.some((branch) => branch.where !== null || branch.columns.some(isFiltered)),
  }
}

/** The contract's tables that a question reads, also those that its sub-queries read, each once. */
function storedTables(source: Form['source'], derived: readonly Relation[]): readonly string[] {
  const relations = new Map(derived.map((relation) => [relation.name, relation]))
  // A set is walked in the order of what is added meanwhile; each relation once, however often it is read.
  const names = new Set(source.map(({ table }) => table))
  for (const name of names)
    for (const branch of relations.get(name)?.branches ?? []) for (const { table } of branch.source) names.add(table)
  return [...names].filter((name) => !relations.has(name))
}

/** ["aggregate", name, of, distinct, filter]: of one person's rows, only those that the filter names. */
const isFiltered = (feature: Json): boolean =>
  Array.isArray(feature) && feature[0] === 'aggregate' && feature[4] !== null

interface Relation {
  readonly name: string
  readonly branches: readonly {
    readonly source: Form['source']
    readonly where: Json
    readonly columns: readonly Json[]
  }[]
}

interface Form {
  readonly derived?: readonly Relation[]
  readonly source: readonly { readonly table: string; readonly alias: string }[]
  readonly where: Json
  readonly groups: readonly { readonly name: string }[]
  readonly measures: readonly { readonly kind: string; readonly of?: Json; readonly filter?: Json }[]
}

function sentence(canonical: string): string {
  const { measures, tables, groups, filtered } = questionParts(canonical)
  const what = list(measures.map((measure) => measureWords(measure)))
  const from = ` in ${list(tables)}`
  const by = groups.length === 0 ? '' : `, by ${list(groups.map(spaced))}`
  const only = filtered ? ', looking only at what the filter names' : ''
  return `${what.charAt(0).toUpperCase()}${what.slice(1)}${from}${by}${only}?`
}

function measureWords({ kind, column }: QuestionParts['measures'][number]): string {
  if (kind === 'persons' || kind === 'cells') return 'how many people'
  if (kind === 'rows') return 'how many entries'
  const value = column === undefined ? 'a value' : spaced(column)
  const words: Readonly<Record<string, string>> = {
    sum: 'the total of',
    average: 'the average of',
    variance: 'the average and the spread of',
    distribution: 'how people are spread over the values of',
    distinct: 'how many different values there are of',
    bound: 'how large a bound suits what one person adds to the total of',
    mean: "the average of each person's average of",
  }
  return `${words[kind] ?? 'something about'} ${value}`
}

/** The first column that an expression reads. */
function columnIn(form: Json): string | undefined {
  if (!Array.isArray(form)) return undefined
  if (form[0] === 'column') return String(form[2])
  for (const part of form) {
    const found = columnIn(part as Json)
    if (found !== undefined) return found
  }
  return undefined
}

const spaced = (name: string): string => name.replaceAll('_', ' ')
const list = (parts: readonly string[]): string =>
  parts.length < 2 ? (parts[0] ?? 'nothing') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
