import { texts, useLanguage, useText } from '../i18n/language.tsx'
import { Sheet } from '../ui/page.tsx'
import { Loading, Message } from '../ui/states.tsx'
import { Tag } from '../ui/value.tsx'
import type { Linted } from './api.ts'

/** Every finding of the lint with its line, reason and remedy; a press on the line goes there. The words are the lint's own, in English. */
export function Findings({
  linted,
  onGoTo,
}: {
  /** Undefined: the text is being looked at. */
  readonly linted: Linted | undefined
  readonly onGoTo: (line: number, column: number) => void
}) {
  const words = useText(text)
  const { language } = useLanguage()
  if (linted === undefined) return <Loading />
  const { findings, valid } = linted
  const errors = findings.filter((one) => one.severity === 'error').length
  const title = words.sum(errors, findings.length - errors)
  if (findings.length === 0)
    return (
      <Message tone="good" title={words.clean} live>
        <p className="u-soft">{words.cleanWhy}</p>
      </Message>
    )
  return (
    <Sheet title={words.title}>
      <p role="status">
        {title} {valid ? words.mayApply : words.mayNotApply}
      </p>
      <ul className="u-list">
        {findings.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: two findings may be equal in everything that is shown
          <li key={`${one.code} ${one.path} ${at}`} className="u-stack" style={{ gap: 4 }}>
            <div className="u-row">
              <Tag tone={one.severity === 'error' ? 'stop' : 'rough'}>{words.severity[one.severity]}</Tag>
              <button type="button" className="u-link" onClick={() => onGoTo(one.line, one.column)}>
                {words.line(one.line)}
              </button>
              <code className="u-soft">{one.code}</code>
            </div>
            <p lang={language === 'en' ? undefined : 'en'}>{one.message}</p>
            <p className="u-soft" lang={language === 'en' ? undefined : 'en'}>
              {one.remedy}
            </p>
          </li>
        ))}
      </ul>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'What the check finds',
    sum: (errors: number, warnings: number) =>
      `${errors} ${errors === 1 ? 'error' : 'errors'}, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}.`,
    mayApply: 'It may be put in force; the warnings say what will not be answered.',
    mayNotApply: 'With an error it cannot be put in force.',
    clean: 'The check finds nothing',
    cleanWhy: 'Every table, bound, price and purpose is declared as it has to be.',
    severity: { error: 'error', warning: 'warning' },
    line: (line: number) => `Line ${line}`,
  },
  de: {
    title: 'Was die Prüfung findet',
    sum: (errors: number, warnings: number) =>
      `${errors} Fehler, ${warnings} ${warnings === 1 ? 'Warnung' : 'Warnungen'} (im Wortlaut der Prüfung, englisch).`,
    mayApply: 'Der Vertrag kann in Kraft gesetzt werden; die Warnungen sagen, was nicht beantwortet wird.',
    mayNotApply: 'Mit einem Fehler kann er nicht in Kraft gesetzt werden.',
    clean: 'Die Prüfung findet nichts',
    cleanWhy: 'Alle Tabellen, Grenzen, Preise und Zwecke sind so angegeben, wie sie sein müssen.',
    severity: { error: 'Fehler', warning: 'Warnung' },
    line: (line: number) => `Zeile ${line}`,
  },
})
