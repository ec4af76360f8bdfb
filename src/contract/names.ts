import type { Report } from './finding.ts'
import { field, type Part, quote, textOf } from './part.ts'

const identifier = /^[a-z][a-z0-9_]{0,62}$/
const productName = /^[a-z][a-z0-9_-]{0,62}$/

/** Names that bounded SQL, the engines or the product itself use. */
const reserved = /^(usufruct(_.*)?|pg_.*|information_schema|t\d+)$/

/** Reserved key words of PostgreSQL 18 (appendix C): readable as names only in double quotes. */
const keywords: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create current_catalog current_date
  current_role current_time current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign from grant
  group having in initially intersect into lateral leading limit localtime localtimestamp not null offset on only or order placing primary references
  returning select session_user some symmetric system_user table then to trailing true union unique user using variadic when where window with`.split(
    /\s+/,
  ),
)

/**
 * The name of a table or column, as buyers write it in SQL: lower case, at most 63 characters, not beginning with an underscore.
 * Undefined, with a finding, when it cannot be one; undefined without a finding when it is missing (the standard's schema reports that).
 */
export function readName(element: Part, what: 'table' | 'column', report: Report): string | undefined {
  const part = field(element, 'name')
  const name = textOf(part)
  if (part === undefined || name === undefined) return undefined
  if (!identifier.test(name)) {
    const remedy = 'Name it in lower case: a letter, then letters, digits or _, at most 63 in all.'
    report('contract.name', part.at, `${quote(part)} cannot be the name of a ${what}.`, remedy)
    return undefined
  }
  if (reserved.test(name)) {
    report('contract.name', part.at, `The name ${name} is reserved.`, `Choose another name for this ${what}.`)
    return undefined
  }
  if (keywords.has(name))
    report(
      'contract.name_keyword',
      part.at,
      `${name} is a key word of SQL.`,
      `Rename the ${what}, or tell buyers to write "${name}".`,
    )
  return name
}

/** The short name by which the product is asked for: the last segment of the contract's id. */
export function readProduct(root: Part, report: Report): string | undefined {
  const part = field(root, 'id')
  const id = textOf(part)
  if (part === undefined || id === undefined) return undefined
  const product = id.split(/[:/#]/).at(-1) ?? ''
  if (productName.test(product)) return product
  const remedy =
    'End the id in a name of lower-case letters, digits, - and _, for example urn:usufruct:north-coop:baskets.'
  report('contract.id', part.at, `The id ${quote(part)} does not end in a product name.`, remedy)
  return undefined
}

/** A name as a question writes it: key words in double quotes. */
export const sqlName = (name: string): string => (keywords.has(name) ? `"${name}"` : name)
