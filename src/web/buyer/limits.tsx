import type { LimitView } from '../../house/views/limit.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { DataTable } from '../ui/table.tsx'
import { useWords } from './words.ts'

/** The public limits of privacy loss: how much is used, and when room returns. */
export function LimitTable({ limits }: { readonly limits: readonly LimitView[] }) {
  const words = useText(text)
  const shared = useWords()
  const format = useFormat()
  return (
    <DataTable
      caption={words.caption}
      rows={limits}
      keyOf={(row) => `${row.of} ${row.days}`}
      columns={[
        { title: words.limit, cell: (row) => shared.limit(row.of, row.days) },
        { title: words.may, right: true, cell: (row) => format.number(row.limit) },
        { title: words.used, right: true, cell: (row) => `${format.number(row.used, 0, 6)} (${row.usedPercent})` },
        { title: words.left, right: true, cell: (row) => format.number(row.left, 0, 6) },
        {
          title: words.returns,
          cell: (row) => (row.roomReturnsOn === undefined ? words.never : format.day(row.roomReturnsOn)),
        },
      ]}
    />
  )
}

const text = texts({
  en: {
    caption: 'Privacy loss (rho) that answers may spend, by all buyers together',
    limit: 'Limit',
    may: 'May spend',
    used: 'Used',
    left: 'Left',
    returns: 'Room returns from',
    never: 'nothing returns',
  },
  de: {
    caption: 'Privatheitsverlust (rho), den Antworten ausgeben dürfen, für alle Käufer zusammen',
    limit: 'Grenze',
    may: 'Erlaubt',
    used: 'Verbraucht',
    left: 'Übrig',
    returns: 'Platz kehrt zurück ab',
    never: 'nichts kehrt zurück',
  },
})
