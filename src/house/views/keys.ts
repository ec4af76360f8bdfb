import type { Json } from '../../base/canonical.ts'
import type { KeyEntry } from '../../release/ports.ts'
import { time, timeText } from './time.ts'

export const keyJson = (key: KeyEntry): Json => ({
  id: key.id,
  role: key.role,
  subject: key.subject,
  label: key.label,
  createdAt: timeText(key.createdAt),
  revokedAt: time(key.revokedAt),
})
