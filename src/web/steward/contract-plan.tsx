import { Button } from '@mantine/core'
import { texts, useLanguage, useText } from '../i18n/language.tsx'
import { Sheet } from '../ui/page.tsx'
import { DataTable } from '../ui/table.tsx'
import { Tag } from '../ui/value.tsx'
import type { Planned } from './api.ts'

/** What a text would change for noise and price, and the one step that puts it in force. The sentences are the plan's own, in English. */
export function Plan({
  planned,
  pending,
  onApply,
}: {
  readonly planned: Planned
  readonly pending: boolean
  readonly onApply: () => void
}) {
  const words = useText(text)
  const { language } = useLanguage()
  const name = `${planned.product} ${planned.version}`
  return (
    <Sheet title={words.title(name)}>
      {planned.changes.length === 0 ? (
        <p>{words.nothing}</p>
      ) : (
        <DataTable
          caption={words.caption}
          rows={planned.changes}
          keyOf={(one, at) => `${one.kind} ${one.subject} ${at}`}
          columns={[
            { title: words.subject, cell: (one) => <code>{one.subject}</code> },
            {
              title: words.change,
              cell: (one) => <span lang={language === 'en' ? undefined : 'en'}>{one.words}</span>,
            },
            {
              title: words.factor,
              right: true,
              cell: (one) =>
                one.factor === undefined
                  ? '–'
                  : `${one.kind === 'price' ? words.price : words.noise} × ${one.factor.replace(/\/1$/, '')}`,
            },
            {
              title: words.earlier,
              cell: (one) =>
                one.breaking ? <Tag tone="rough">{words.breaking}</Tag> : <Tag tone="quiet">{words.stays}</Tag>,
            },
          ]}
        />
      )}
      <p>
        {planned.breaking ? `${words.isBreaking} ` : ''}
        {words.means}
      </p>
      <div>
        <Button loading={pending} onClick={onApply}>
          {words.apply(name)}
        </Button>
      </div>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: (name: string) => `What ${name} changes`,
    nothing: 'Nothing for noise or price: it means the same as the contract in force.',
    caption: 'Changes against the contract in force, those that touch earlier questions first',
    subject: 'What',
    change: 'Change',
    factor: 'Factor',
    noise: 'noise',
    price: 'price',
    earlier: 'Earlier questions',
    breaking: 'may be refused or mean something else',
    stays: 'as before',
    isBreaking: 'Questions that were answered before may be refused from now on, or mean something else.',
    means:
      'Once it is in force, every further question is answered under it, its hash stands in the public log, and it cannot be taken back: only a later version replaces it.',
    apply: (name: string) => `Put ${name} in force`,
  },
  de: {
    title: (name: string) => `Was ${name} ändert`,
    nothing: 'Nichts für Rauschen oder Preis: Er bedeutet dasselbe wie der geltende Vertrag.',
    caption: 'Änderungen gegenüber dem geltenden Vertrag, zuerst die, die frühere Fragen berühren',
    subject: 'Was',
    change: 'Änderung (im Wortlaut des Plans, englisch)',
    factor: 'Faktor',
    noise: 'Rauschen',
    price: 'Preis',
    earlier: 'Frühere Fragen',
    breaking: 'evtl. abgelehnt oder anders gemeint',
    stays: 'wie bisher',
    isBreaking: 'Fragen, die bisher beantwortet wurden, können von da an abgelehnt werden oder etwas anderes bedeuten.',
    means:
      'Sobald er in Kraft ist, wird jede weitere Frage nach ihm beantwortet, sein Hash steht im öffentlichen Protokoll, und er kann nicht zurückgenommen werden: Nur eine spätere Version ersetzt ihn.',
    apply: (name: string) => `${name} in Kraft setzen`,
  },
})
