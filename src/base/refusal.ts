/**
 * A refusal is an answer, not an error: a frozen value with a stable code, part of the contract with the caller.
 * Everything in it depends on public facts and on the caller's own input only.
 */
export interface Refusal {
  readonly kind: 'refusal'
  readonly code: RefusalCode
  /** What is wrong, in domain words, quoting the caller's own input where that helps. */
  readonly message: string
  /** What to write or do instead. */
  readonly hint?: string | undefined
  /** Where in the SQL text or file. */
  readonly position?: Position | undefined
  /** Rules that decided, for refusals by law. */
  readonly reasons?: readonly Reason[] | undefined
  /** Seconds after which it is worth trying again, for refusals of too many tries. */
  readonly retryAfter?: number | undefined
}

/** A place in a text: 0-based UTF-16 offset, and 1-based line and column (column counts UTF-16 units). */
export interface Position {
  readonly offset: number
  readonly line: number
  readonly column: number
}

/** One rule's part in a decision. */
export interface Reason {
  readonly rule: string
  /** law: a statute; house: the steward's own rule pack; person: the person's own choice. */
  readonly layer: 'law' | 'house' | 'person'
  readonly citation: string
  readonly text: string
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal }

export const accept = <T>(value: T): Outcome<T> => ({ ok: true, value })

/** Makes a refused outcome. */
export function refuse(
  code: RefusalCode,
  message: string,
  more: { hint?: string; position?: Position; reasons?: readonly Reason[]; retryAfter?: number } = {},
): { readonly ok: false; readonly refusal: Refusal } {
  return { ok: false, refusal: Object.freeze({ kind: 'refusal', code, message, ...more }) }
}

/** The value of an outcome that cannot be a refusal here; a refusal throws it wrapped, to be caught by a door. */
export function expectAccepted<T>(outcome: Outcome<T>): T {
  if (outcome.ok) return outcome.value
  throw new Refused(outcome.refusal)
}

/** Carries a refusal through code that throws; doors unwrap it. */
export class Refused extends Error {
  override readonly name = 'Refused'
  readonly refusal: Refusal
  constructor(refusal: Refusal) {
    super(refusal.message)
    this.refusal = refusal
  }
}

/** Position of an offset in a text. */
export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, Math.max(0, Math.min(offset, text.length)))
  const line = before.split('\n').length
  return { offset: before.length, line, column: before.length - (before.lastIndexOf('\n') + 1) + 1 }
}

/** Every refusal code, with its HTTP status and one line for docs/refusals.md (a test holds the two together). */
export const refusals = {
  'query.empty': [400, 'The question has no text.'],
  'query.too_long': [400, 'The question is longer than 64 KiB.'],
  'query.too_deep': [400, 'The question nests or lists more than is read.'],
  'query.unreadable': [400, 'The question is not SQL that can be parsed.'],
  'query.several_statements': [400, 'One question at a time: exactly one statement.'],
  'query.not_select': [400, 'Only SELECT asks a question.'],
  'query.not_aggregate': [400, 'Rows are never shown: an output is neither an aggregate nor a group key.'],
  'query.unknown_table': [400, 'The table is not in the contract.'],
  'query.unknown_column': [400, 'The column is not in the contract, or not offered.'],
  'query.ambiguous_column': [400, 'The column name fits several tables.'],
  'query.not_supported': [400, 'This construct is not answered.'],
  'query.function_not_allowed': [400, 'The function is not on the list of total functions.'],
  'query.type_mismatch': [400, 'The types do not fit.'],
  'query.person_exposed': [400, 'The person key may be counted, never shown, grouped, filtered by value or summed.'],
  'query.restricted_column': [400, 'The contract classifies the column as never selectable.'],
  'query.join_not_on_person': [400, 'Two private tables are joined on the person only.'],
  'query.join_not_declared': [400, 'A public table is joined on a key that the contract declares.'],
  'query.group_key_not_declared': [
    400,
    'Groups need a public, declared domain, or a column whose values the contract lets be groups.',
  ],
  'query.too_many_groups': [400, 'The declared domains make more groups than are answered at once.'],
  'query.path_blocked': [403, 'The house does not answer questions that are computed in this way in this period.'],
  'law.no_rule_permits': [403, 'No rule permits this use.'],
  'law.forbidden': [403, 'A rule forbids this use.'],
  'consent.purpose_unknown': [400, 'The purpose is not in the closed list of the contract.'],
  'consent.notice_not_in_force': [409, 'No notice for this purpose is in force.'],
  'consent.evidence_missing': [400, 'A choice without evidence is not recorded as given.'],
  'consent.record_invalid': [400, 'The consent record lacks a field or holds a wrong one.'],
  'person.unknown': [404, 'No such person.'],
  'privacy.bound_missing': [400, 'No bound for one person is declared for this amount.'],
  'privacy.rho_out_of_range': [400, 'The privacy loss asked for is not a positive amount that can be charged.'],
  'privacy.rho_over_release_cap': [403, 'One release may not cost this much privacy.'],
  'privacy.budget_used_up': [403, 'The public privacy budget for this time is used up.'],
  'privacy.accuracy_not_fixed': [
    400,
    'A width in advance is promised for counts and sums, not for averages and ratios.',
  ],
  'period.not_open': [409, 'No period is open.'],
  'period.already_open': [409, 'A period is open already.'],
  'product.unknown': [404, 'No such data product.'],
  'product.no_data': [409, 'The data product has no loaded data.'],
  'measure.unknown': [404, 'No such measure.'],
  'measure.not_offered': [409, 'The contract declares nothing on which this measure could be asked.'],
  'measure.parameter_unknown': [400, 'The measure has no such parameter.'],
  'measure.parameter_missing': [400, 'A parameter that the measure needs is not given.'],
  'measure.parameter_invalid': [400, 'The value of a parameter is not one that it may have.'],
  'market.quote_unknown': [404, 'No such quote.'],
  'market.quote_expired': [409, 'The quote is no longer valid.'],
  'market.price_over_limit': [409, 'The price is above the maximum that the buyer set.'],
  'market.funds_lacking': [402, 'The prepaid balance does not cover the price.'],
  'market.amount_invalid': [400, 'The amount is not a positive amount of money with at most six decimals.'],
  'buyer.unknown': [404, 'No such buyer.'],
  'buyer.exists': [409, 'A buyer of this name exists.'],
  'buyer.not_approved': [403, 'The buyer is not approved for this purpose.'],
  'request.idempotency_conflict': [409, 'The idempotency key was used with another request.'],
  'request.invalid': [400, 'The request does not have the documented form.'],
  'request.not_found': [404, 'There is nothing at this address.'],
  'request.method_not_allowed': [405, 'This address does not know the method.'],
  'request.not_json': [415, 'The body is not sent as JSON.'],
  'request.too_large': [413, 'The request is larger than is read.'],
  'request.too_many': [429, 'Too many requests in a short time.'],
  'access.key_missing': [401, 'The request carries neither a key nor a session.'],
  'access.key_wrong': [401, 'The key is not known, or was revoked.'],
  'access.session_ended': [401, 'The session is not known, was ended, or is over.'],
  'access.not_permitted': [403, 'The role of the key or session does not permit this.'],
  'access.cross_site': [
    403,
    'What signs in, or carries a session and changes something, must come from our own pages.',
  ],
  'access.sign_in_failed': [401, 'Login and password do not fit.'],
  'access.link_wrong': [401, 'The link is not known, was used, or is over.'],
  'access.too_many_tries': [429, 'Too many tries to sign in; wait as long as Retry-After says.'],
  'login.unknown': [404, 'No such login in use.'],
  'login.exists': [409, 'A login of this name is in use.'],
  'login.password_weak': [400, 'The password is too short, too long, or the login itself.'],
  'session.unknown': [404, 'No such session.'],
  'release.unknown': [404, 'No such release.'],
  'release.not_combinable': [400, 'Nothing can be added to this answer, or the question is another one.'],
  'release.other_snapshot': [409, 'The answer is of another period, load, contract or version of the rules.'],
  'release.failed': [500, 'The release failed. Its privacy charge stays; no money was taken.'],
  'contract.unreadable': [400, 'The contract is not readable YAML.'],
  'contract.invalid': [400, 'The contract does not pass the lint.'],
  'contract.version_exists': [409, 'This version of the contract is applied already with another content.'],
  'load.source_unreadable': [400, 'The source cannot be read.'],
  'load.column_missing': [400, 'The source lacks a declared column.'],
  'load.no_person_rows': [400, 'No row of the source could be accepted.'],
  'key.unknown': [404, 'No such key.'],
  'receipt.unreadable': [400, 'The receipt cannot be read.'],
  'receipt.does_not_verify': [409, 'The receipt does not verify.'],
  'home.exists': [409, 'There is a home already.'],
  'home.missing': [404, 'There is no home here.'],
} as const satisfies Record<string, readonly [status: number, meaning: string]>

export type RefusalCode = keyof typeof refusals
