import type { Json } from '../../base/canonical.ts'
import { amountText } from '../../money/amount.ts'
import type { BuyerEntry } from '../../release/ports.ts'

export const buyerJson = (buyer: BuyerEntry): Json => ({
  id: buyer.id,
  name: buyer.name,
  purposes: buyer.purposes,
  prepaid: amountText(buyer.prepaid),
  pending: amountText(buyer.pending),
})
