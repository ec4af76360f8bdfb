import type { MyAct } from '../../house/views/my-choices.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { ReceiptCheck } from './receipt-check.tsx'

/** What was answered, newest first, each with its receipt. */
export function ChoiceHistory({ acts }: { readonly acts: readonly MyAct[] }) {
  const words = useText(text)
  const format = useFormat()
  return (
    <ul className="u-list">
      {acts.map((act) => (
        <li key={act.id} className="u-stack">
          <p>
            <strong>{words.status[act.status] ?? act.status}</strong> {format.time(act.at, true)}
            <span className="u-soft u-small">
              {' '}
              · {words.entity[act.entity] ?? act.entity}
              {act.notice === undefined ? '' : ` · ${words.text(act.notice.id, act.notice.version)}`}
            </span>
          </p>
          <p className="u-small u-soft">
            {act.tookEffectAt === undefined ? words.waits : words.effect(format.time(act.tookEffectAt, true))}
          </p>
          <ReceiptCheck kind="choice" url={act.receipt} name={act.id} />
        </li>
      ))}
    </ul>
  )
}

const text = texts({
  en: {
    status: {
      given: 'Yes',
      refused: 'No',
      withdrawn: 'Yes taken back',
      revoked: 'Revoked',
      expired: 'Expired',
    } as Readonly<Record<string, string>>,
    entity: { person: 'by yourself', staff: 'by staff, for you', house: 'by the house', law: 'by law' } as Readonly<
      Record<string, string>
    >,
    text: (id: string, version: string) => `text ${id}, version ${version}`,
    waits: 'Not yet in effect.',
    effect: (time: string) => `Took effect: ${time}`,
  },
  de: {
    status: {
      given: 'Ja',
      refused: 'Nein',
      withdrawn: 'Ja zurückgenommen',
      revoked: 'Widerrufen',
      expired: 'Abgelaufen',
    },
    entity: {
      person: 'von Ihnen selbst',
      staff: 'durch das Personal, für Sie',
      house: 'durch das Haus',
      law: 'kraft Gesetzes',
    },
    text: (id: string, version: string) => `Text ${id}, Version ${version}`,
    waits: 'Noch nicht wirksam.',
    effect: (time: string) => `Wirksam: ${time}`,
  },
})
