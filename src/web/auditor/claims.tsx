import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Claim, Claims } from '../../house/views/audit.ts'
import { call } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useLanguage, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Failure, Loaded, Message } from '../ui/states.tsx'
import { Tag } from '../ui/value.tsx'
import { useClaims } from './api.ts'
import styles from './auditor.module.css'
import { germanClaims } from './claim-words.ts'
import { Shell } from './shell.tsx'
import { SinceLastVisit } from './since-last-visit.tsx'

/** Which promises are made, and do they hold? */
export function ClaimsScreen() {
  const words = useText(text)
  const query = useClaims()
  return (
    <Shell>
      <Page title={words.title} lead={words.lead}>
        <Loaded query={query}>{(claims) => <ClaimList claims={claims} />}</Loaded>
        <Sheet title={words.ownTitle}>
          <p>{words.own}</p>
          <div className="u-row">
            <Link to="/verify/log">{words.toLog}</Link>
            <Link to="/verify/receipt">{words.toReceipt}</Link>
          </div>
          <SinceLastVisit />
        </Sheet>
        <Sheet title={words.lawTitle}>
          <p>{words.law}</p>
          <p>{words.always}</p>
          <p>
            <a href={ftc} rel="noreferrer">
              {words.ftc}
            </a>
          </p>
        </Sheet>
      </Page>
    </Shell>
  )
}

const ftc = 'https://www.ftc.gov/policy/advocacy-research/tech-at-ftc/2024/11/data-clean-rooms-separating-fact-fiction'

function ClaimList({ claims }: { readonly claims: Claims }) {
  const words = useText(text)
  const format = useFormat()
  const client = useQueryClient()
  const run = useMutation({
    mutationFn: (_before: string | undefined) => call<Claims>('/v1/audit/claims/run', { method: 'POST', body: {} }),
    onSuccess: (fresh) => client.setQueryData(['claims'], fresh),
  })
  // A run that was asked for too early answers with the last one.
  const early = run.isSuccess && run.data.ranAt === run.variables
  return (
    <Sheet title={summary(claims, words)}>
      <div className="u-row">
        <Button loading={run.isPending} onClick={() => run.mutate(claims.ranAt)}>
          {claims.ranAt === undefined ? words.run : words.again}
        </Button>
        <span className="u-soft" role="status">
          {claims.ranAt === undefined
            ? words.never
            : `${words.ran(format.time(claims.ranAt, true))} ${
                claims.nextRunFrom === undefined ? '' : words.next(format.time(claims.nextRunFrom, true))
              }`}
          {early ? ` ${words.same}` : ''}
        </span>
      </div>
      {run.isError ? <Failure cause={run.error} /> : null}
      <ol className={styles.claims} aria-label={words.title}>
        {claims.claims.map((claim) => (
          <ClaimRow key={claim.number} claim={claim} />
        ))}
      </ol>
      <Message title={words.partlyTitle}>
        <p>{words.partly}</p>
      </Message>
    </Sheet>
  )
}

function ClaimRow({ claim }: { readonly claim: Claim }) {
  const words = useText(text)
  const { language } = useLanguage()
  const said = (language === 'de' ? germanClaims[claim.number] : undefined) ?? claim
  const tone = claim.result === 'holds' ? 'good' : claim.result === 'fails' ? 'stop' : 'rough'
  return (
    <li>
      <strong>
        {claim.number}. {said.words}
      </strong>
      <div>
        <p className="u-small">{said.how}</p>
        {said.beyond === undefined ? null : (
          <p className="u-small">
            <em>{words.beyond}</em> {said.beyond}
          </p>
        )}
      </div>
      <div className={styles.result}>
        <Tag tone={tone}>{words.results[claim.result]}</Tag>
        <Scope claim={claim} />
      </div>
    </li>
  )
}

/** What the result covers. */
function Scope({ claim }: { readonly claim: Claim }) {
  const words = useText(text)
  const format = useFormat()
  const { releases, entries, batches } = claim.counts ?? {}
  const said =
    releases !== undefined
      ? words.overReleases(format.number(releases), releases)
      : entries !== undefined
        ? words.overEntries(format.number(entries), format.number(batches ?? 0))
        : claim.scope === undefined
          ? undefined
          : words.overSettings
  return said === undefined ? null : <span className="u-small u-soft">{said}</span>
}

function summary({ claims, ranAt }: Claims, words: (typeof text)['en']): string {
  const failing = claims.filter((claim) => claim.result === 'fails').length
  const holding = claims.filter((claim) => claim.result === 'holds').length
  if (ranAt === undefined) return words.notYet(claims.length)
  return failing > 0 ? words.someFail(failing, claims.length) : words.allHold(holding, claims.length)
}

const text = texts({
  en: {
    title: 'Claims',
    lead: 'Which promises are made, and do they hold?',
    notYet: (all: number) => `${all} promises, not checked since the server started`,
    allHold: (holding: number, all: number) => `${holding} of ${all} promises were checked and hold`,
    someFail: (failing: number, all: number) => `${failing} of ${all} promises do not hold`,
    run: 'Check them now',
    again: 'Check them again',
    never: 'Nobody has asked yet.',
    ran: (at: string) => `Checked by the server on ${at}.`,
    next: (at: string) => `Again from ${at}: at most once a minute.`,
    same: 'That was too early: this is still the last result.',
    results: { holds: 'holds', fails: 'fails', 'not run yet': 'not run yet', 'not checked here': 'not checked here' },
    beyond: 'Only partly checkable.',
    overReleases: (count: string, releases: number) => `over ${count} ${releases === 1 ? 'release' : 'releases'}`,
    overEntries: (entries: string, batches: string) => `over ${entries} entries, ${batches} batches of choices`,
    overSettings: 'the settings in force',
    partlyTitle: 'What such a run can and cannot show',
    partly:
      'The server checks itself here, over its own books. What is public you can check without it, below. What lies in the books alone needs an auditor on site; where a part of a promise cannot be checked by a run, it says so.',
    ownTitle: 'Check without us',
    own: 'Your browser can compute the whole public log again, verify every signature and redo the arithmetic of every release. It believes nothing that this server says about the result.',
    toLog: 'Check the whole log in this browser',
    toReceipt: 'Check a receipt that you hold',
    lawTitle: 'Software does not remove legal duties',
    law: 'A promise that holds here is a fact about computing, not a legal conclusion. Who sells answers about people still needs a lawful ground, a true notice, and must answer requests. As the US Federal Trade Commission wrote of data clean rooms: most are not private by default, and none takes over the duties of its users.',
    always:
      'Here the protections are always on. No setting turns them off, and every setting that matters stands in the log.',
    ftc: 'Federal Trade Commission, 13 November 2024: Data clean rooms, separating fact from fiction',
  },
  de: {
    title: 'Zusagen',
    lead: 'Was wird zugesagt, und wird es gehalten?',
    notYet: (all: number) => `${all} Zusagen, seit dem Start des Servers nicht geprüft`,
    allHold: (holding: number, all: number) => `${holding} von ${all} Zusagen wurden geprüft und sind gehalten`,
    someFail: (failing: number, all: number) => `${failing} von ${all} Zusagen sind nicht gehalten`,
    run: 'Jetzt prüfen',
    again: 'Noch einmal prüfen',
    never: 'Noch hat niemand danach gefragt.',
    ran: (at: string) => `Vom Server geprüft am ${at}.`,
    next: (at: string) => `Wieder ab ${at}: höchstens einmal in der Minute.`,
    same: 'Das war zu früh: Dies ist noch das letzte Ergebnis.',
    results: {
      holds: 'gehalten',
      fails: 'nicht gehalten',
      'not run yet': 'noch nicht geprüft',
      'not checked here': 'hier nicht geprüft',
    },
    beyond: 'Nur zum Teil prüfbar.',
    overReleases: (count: string, releases: number) => `über ${count} ${releases === 1 ? 'Auskunft' : 'Auskünfte'}`,
    overEntries: (entries: string, batches: string) => `über ${entries} Einträge, ${batches} Bündel von Entscheidungen`,
    overSettings: 'die geltenden Einstellungen',
    partlyTitle: 'Was eine solche Prüfung zeigt und was nicht',
    partly:
      'Hier prüft der Server sich selbst, über seinen eigenen Büchern. Was öffentlich ist, können Sie unten ohne ihn prüfen. Was nur in den Büchern steht, braucht eine Prüferin vor Ort; wo ein Teil einer Zusage sich so nicht prüfen lässt, steht es dabei.',
    ownTitle: 'Ohne uns prüfen',
    own: 'Ihr Browser kann das ganze öffentliche Protokoll neu berechnen, jede Unterschrift prüfen und jede Auskunft nachrechnen. Er glaubt dabei nichts, was dieser Server über das Ergebnis sagt.',
    toLog: 'Das ganze Protokoll in diesem Browser prüfen',
    toReceipt: 'Einen Beleg prüfen, den Sie haben',
    lawTitle: 'Software nimmt niemandem rechtliche Pflichten ab',
    law: 'Eine Zusage, die hier hält, ist eine Aussage über Rechenvorgänge, kein rechtlicher Schluss. Wer Auskünfte über Menschen verkauft, braucht weiterhin eine Rechtsgrundlage und einen wahren Hinweis und muss Anfragen beantworten. Die US-Handelsaufsicht FTC schrieb über „Data Clean Rooms“: Die meisten schützen nicht von sich aus, und keiner übernimmt die Pflichten derer, die ihn benutzen.',
    always:
      'Hier ist der Schutz immer an. Keine Einstellung schaltet ihn ab, und jede Einstellung, auf die es ankommt, steht im Protokoll.',
    ftc: 'Federal Trade Commission, 13. November 2024: Data clean rooms, separating fact from fiction (englisch)',
  },
})
