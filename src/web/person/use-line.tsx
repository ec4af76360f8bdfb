import type { Use } from '../../house/views/uses.ts'
import { useFormat } from '../i18n/format.ts'
import { useQuestion } from './question.ts'

/** A use in one line: when, who, what, and what it paid. */
export function UseLine({ use, currency }: { readonly use: Use; readonly currency: string }) {
  const format = useFormat()
  const question = useQuestion()(use)
  return (
    <li>
      <div className="u-row u-small u-soft" style={{ justifyContent: 'space-between' }}>
        <span>
          {format.day(use.at)} · {use.buyer}
        </span>
        <span className="u-number">{format.money(use.earned, currency, 4)}</span>
      </div>
      <p>{question.words}</p>
    </li>
  )
}
