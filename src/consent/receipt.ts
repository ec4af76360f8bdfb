import type { Json } from '../base/canonical.ts'
import { instantText } from '../base/instant.ts'
import type { ConsentEvent, ConsentStatus } from './event.ts'
import { findPurpose } from './purposes.ts'

/** First member of every consent receipt; docs/receipt.md describes it, src/verify checks it. */
export const consentReceiptFormat = 'usufruct-consent-receipt/v1'
/** What a slot of a batch commits to: SHA256(domain || salt || canonical record). */
export const consentDomain = 'usufruct/consent/v1'

/** States of the Data Privacy Vocabulary (https://w3id.org/dpv). */
const dpvState: Readonly<Record<ConsentStatus, string>> = {
  given: 'https://w3id.org/dpv#ConsentGiven',
  refused: 'https://w3id.org/dpv#ConsentRefused',
  withdrawn: 'https://w3id.org/dpv#ConsentWithdrawn',
  revoked: 'https://w3id.org/dpv#ConsentRevoked',
  expired: 'https://w3id.org/dpv#ConsentExpired',
}

/**
 * One act as a consent receipt: the fields of ISO/IEC TS 27560:2023 with terms of DPV 2. Depends on the act, the notice that was shown and the
 * house alone, so that it can be committed to once and read for ever.
 */
export function consentRecord(
  event: ConsentEvent,
  shown: { readonly hash: string; readonly language: string } | undefined,
  house: { readonly name: string; readonly origin: string },
): Json {
  const purpose = findPurpose(event.purpose)
  return {
    schema_version: 'ISO/IEC TS 27560:2023',
    record_id: event.recordId,
    receipt_id: event.id,
    pii_principal_id: event.person,
    pii_controller: { name: house.name, log: house.origin },
    privacy_notice: event.notice && {
      id: event.notice.id,
      version: event.notice.version,
      language: event.notice.language ?? shown?.language,
      hash: event.notice.hash ?? shown?.hash,
    },
    purpose: {
      id: event.purpose,
      title: purpose?.title,
      description: purpose?.words,
      dpv: purpose?.dpv,
      lawful_basis: 'https://w3id.org/dpv/legal/eu/gdpr#A6-1-a',
    },
    event: {
      event_time: instantText(event.at),
      event_state: dpvState[event.status],
      status: event.status,
      entity_id: event.entity,
      valid_until: event.validUntil === undefined ? undefined : instantText(event.validUntil),
      evidence: event.evidence,
    },
  }
}
