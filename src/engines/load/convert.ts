import { parseRational } from '../../base/rational.ts'
import type { Column } from '../../contract/catalogue.ts'
import { maxKeyBytes } from '../../query/query.ts'
import { literal, name } from '../duckdb/sql.ts'

/**
 * Our own rules of reading a value, as SQL, so that neither the engine's guesses nor its leniency ("1_000", "1e3", rounding) decide.
 * Integers and decimals become whole grid units, exactly or not at all.
 */

/** How a source's value stands in the staging table: its text, or a binary floating point number. */
export type RawKind = 'text' | 'double'

/** Why a row was left out. One reason a row: the first in the order of columns. */
export type Reason =
  | 'no_person'
  | 'unknown_person'
  | 'missing'
  | 'wrong_type'
  | 'off_grid'
  | 'out_of_range'
  | 'outside_domain'
  | 'too_long'
  | 'duplicate_key'
  | 'unreadable_row'

export interface Conversion {
  /** Step 1, from the raw value: the text without what does not count. */
  readonly clean: string
  /** Step 2, from `clean`: the stored value, NULL where there is none. */
  readonly typed: string
  /** Step 3, from all of them: the reason why this value cannot stay, NULL when it can. */
  readonly problem: string
}

/** SQL of one column; `raw`, `clean` and `typed` are the names under which the steps find each other. */
export function conversionOf(
  column: Column,
  kind: RawKind,
  names: { readonly raw: string; readonly clean: string; readonly typed: string },
  required: boolean,
): Conversion {
  const { raw, clean, typed } = names
  const { value, why } =
    kind === 'double' && isNumber(column) ? fromDouble(column.scale, clean) : fromText(column, clean)
  const problems = [
    required ? `WHEN ${clean} IS NULL THEN 'missing'` : '',
    `WHEN ${clean} IS NOT NULL AND ${typed} IS NULL THEN ${why}`,
    ...boundProblems(column, typed),
    column.domain ? `WHEN ${typed} IS NOT NULL AND ${outsideDomain(column, typed)} THEN 'outside_domain'` : '',
  ]
  return {
    clean: kind === 'double' && isNumber(column) ? raw : cleanText(column, `${raw}::VARCHAR`),
    typed: value,
    problem: `CASE ${problems.filter(Boolean).join(' ')} END`,
  }
}

/** A person's key: NFC text, or the canonical text of an integer, whatever type the contract declares. Kept as text, ordered by its bytes. */
export function personKeyOf(column: Column, kind: RawKind, raw: string): string {
  if (!isNumber(column)) return `nullif(nfc_normalize(${raw}::VARCHAR), '')`
  const clean = kind === 'double' ? raw : cleanText(column, raw)
  const { value } = kind === 'double' ? fromDouble(column.scale, clean) : fromText(column, clean)
  return `(${value})::VARCHAR`
}

/** The engine's type of a stored column. */
export const storedType = (column: Column): string =>
  ({ text: 'VARCHAR', integer: 'BIGINT', decimal: 'BIGINT', boolean: 'BOOLEAN', date: 'DATE', timestamp: 'TIMESTAMP' })[
    column.type
  ]

export const isNumber = (column: Column): boolean => column.type === 'integer' || column.type === 'decimal'

const cleanText = (column: Column, raw: string): string =>
  column.type === 'text'
    ? `nfc_normalize(${raw})`
    : `CASE WHEN starts_with(${raw}, ' ') OR ends_with(${raw}, ' ') THEN nullif(trim(${raw}, ' '), '') ELSE nullif(${raw}, '') END`

function fromText(column: Column, c: string): { readonly value: string; readonly why: string } {
  switch (column.type) {
    case 'text':
      return { value: c, why: 'NULL' }
    case 'integer':
    case 'decimal':
      return numberFromText(column.scale, c)
    case 'boolean':
      return {
        value: `CASE WHEN lower(${c}) IN ('true', 't', '1') THEN true WHEN lower(${c}) IN ('false', 'f', '0') THEN false END`,
        why: `'wrong_type'`,
      }
    case 'date':
      return {
        value: `CASE WHEN ${matches(c, `${day}([ T]00:00(:00(\\.0+)?)?)?${utc}?`)} THEN TRY_CAST(left(${c}, 10) AS DATE) END`,
        why: `'wrong_type'`,
      }
    case 'timestamp':
      return {
        // Without a zone: UTC. With one: converted to UTC. Finer than microseconds only where the rest is zeros.
        value: `CASE WHEN ${matches(c, moment)} THEN TRY_CAST(${c} AS TIMESTAMP)
          WHEN ${matches(c, `${toTheSecond}(Z|[+-][0-9]{2}(:?[0-9]{2})?)`)} THEN timezone('UTC', TRY_CAST(${c} AS TIMESTAMPTZ)) END`,
        why: `'wrong_type'`,
      }
  }
}

const day = '[0-9]{4}-[0-9]{2}-[0-9]{2}'
const utc = '(Z|\\+00(:?00)?)'
const moment = `${day}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}(\\.[0-9]{1,6}0*)?)?)?`
const toTheSecond = `${day}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{1,6}0*)?`
const matches = (value: string, pattern: string): string => `regexp_full_match(${value}, ${literal(pattern)})`

/** Plain decimal text only. The pattern has established that no digit is lost, so the casts below never round. */
function numberFromText(scale: number, c: string): { readonly value: string; readonly why: string } {
  const number = '[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)'
  const onGrid = `[+-]?([0-9]+(\\.[0-9]{0,${scale}}0*)?|\\.[0-9]{0,${scale}}0*)`
  return {
    value: `CASE WHEN ${matches(c, onGrid)} THEN ${gridUnits(scale, c)} END`,
    why: `(CASE WHEN NOT ${matches(c, number)} THEN 'wrong_type' WHEN NOT ${matches(c, onGrid)} THEN 'off_grid' ELSE 'out_of_range' END)`,
  }
}

/**
 * 64-bit arithmetic where the digits fit into it, 128-bit for the rest, up to both ends of BIGINT. The widths of the factors add up to no more than
 * their product's type holds, so no product overflows.
 */
function gridUnits(scale: number, c: string): string {
  if (scale === 0) return `TRY_CAST(${c} AS BIGINT)`
  const units = (width: number, factor: number): string =>
    `TRY_CAST(TRY_CAST(${c} AS DECIMAL(${width},${scale})) * ${10n ** BigInt(scale)}::DECIMAL(${factor},0) AS BIGINT)`
  const wide = units(28, 10)
  return scale < 9 ? `coalesce(${units(17 - scale, scale + 1)}, ${wide})` : wide
}

/**
 * A binary fraction is hardly ever on a decimal grid: it is taken for the grid point that it stands for when it is off by no more than 1e-9 of
 * itself (and no more than a hundredth of a unit).
 */
function fromDouble(scale: number, c: string): { readonly value: string; readonly why: string } {
  const x = `(${c} * 1e${scale})`
  const near = `abs(${x} - round(${x})) <= least(1e-9 * abs(${x}), 0.01)`
  return {
    value: `CASE WHEN isfinite(${c}) AND ${near} THEN TRY_CAST(round(${x}) AS BIGINT) END`,
    why: `(CASE WHEN NOT isfinite(${c}) THEN 'wrong_type' WHEN NOT ${near} THEN 'off_grid' ELSE 'out_of_range' END)`,
  }
}

function boundProblems(column: Column, typed: string): readonly string[] {
  if (isNumber(column))
    return [
      column.minimum === undefined ? '' : `WHEN ${typed} < ${column.minimum} THEN 'out_of_range'`,
      column.maximum === undefined ? '' : `WHEN ${typed} > ${column.maximum} THEN 'out_of_range'`,
    ]
  if (column.type === 'text' && column.domain) return [`WHEN strlen(${typed}) > ${maxKeyBytes} THEN 'too_long'`]
  return []
}

/** An enumeration is looked up by hash: a list of thousands costs no more than one of two. */
function outsideDomain(column: Column, typed: string): string {
  const members = new Set<string>()
  for (const text of column.domain ?? []) members.add(memberText(column, text))
  if (members.size === 0) return 'true'
  return `TRY_CAST(${typed}::VARCHAR AS ENUM(${[...members].map(literal).join(', ')})) IS NULL`
}

/** A declared group key as the engine prints the stored value. */
function memberText(column: Column, text: string): string {
  if (!isNumber(column)) return text.normalize('NFC')
  const value = parseRational(text)
  const units = value && value.n * 10n ** BigInt(column.scale)
  return units !== undefined && units % (value?.d ?? 1n) === 0n ? (units / (value?.d ?? 1n)).toString() : text
}

/** The source's own values of a row as JSON text, for the quarantine. */
export const rowJson = (columns: readonly Column[], raw: (index: number) => string): string =>
  `to_json(struct_pack(${columns.map((column, i) => `${name(column.name)} := ${raw(i)}::VARCHAR`).join(', ')}))::VARCHAR`
