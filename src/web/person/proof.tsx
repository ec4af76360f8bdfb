import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { MyProof } from '../../house/views/proof.ts'
import { verifyCheckpoint } from '../../verify/index.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Code, Details, Page, Sheet } from '../ui/page.tsx'
import { Loaded, Message } from '../ui/states.tsx'
import { fingerprint } from './fingerprint.ts'
import styles from './person.module.css'
import { usePurposeWords } from './purpose.ts'
import { useProof } from './queries.ts'
import { type CheckedOrWaiting, checkReceipt, Outcome } from './receipt-check.tsx'

/** Can I check this without trusting them? */
export function Screen() {
  const words = useText(text)
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={useProof()}>
        {(proof) => (
          <>
            <CheckAll proof={proof} />
            <TheLog proof={proof} />
            <Sheet title={words.trust}>
              {words.trustWhy.map((sentence) => (
                <p key={sentence}>{sentence}</p>
              ))}
              <Code>{`usufruct verify receipt.json --key "${proof.logKey}"`}</Code>
            </Sheet>
          </>
        )}
      </Loaded>
    </Page>
  )
}

interface Item {
  readonly id: string
  readonly kind: 'use' | 'choice'
  readonly label: string
  readonly url: string
}

/** Fetches each receipt and checks it here, one after the other; the first that does not hold is said, not hidden. */
function CheckAll({ proof }: { readonly proof: MyProof }) {
  const words = useText(text)
  const format = useFormat()
  const purposes = usePurposeWords()
  const [found, setFound] = useState<Readonly<Record<string, CheckedOrWaiting | 'failed'>>>({})
  const [running, setRunning] = useState(false)
  const items: readonly Item[] = [
    ...proof.choices.map((one) => ({
      id: one.act,
      kind: 'choice' as const,
      label: `${words.choice[one.status] ?? one.status} · ${purposes(one.purpose).title} · ${format.day(one.at)}`,
      url: one.url,
    })),
    ...proof.releases.map((one) => ({
      id: one.release,
      kind: 'use' as const,
      label: `${words.answer} · ${format.day(one.at)}`,
      url: one.url,
    })),
  ]
  const run = async () => {
    setRunning(true)
    setFound({})
    for (const { id, kind, url } of items) {
      const result = await checkReceipt(kind, url, proof.logKey).catch(() => 'failed' as const)
      setFound((before) => ({ ...before, [id]: result }))
    }
    setRunning(false)
  }
  const results = items.flatMap((one) => found[one.id] ?? [])
  const verified = results.filter((one) => one !== 'failed' && 'valid' in one)
  const holding = verified.filter((one) => 'valid' in one && one.valid).length
  const waiting = results.filter((one) => one !== 'failed' && 'pendingUntil' in one).length
  const unreached = results.filter((one) => one === 'failed').length
  return (
    <Sheet title={words.receipts}>
      <p>{words.count(proof.releases.length, proof.choices.length)}</p>
      {items.length === 0 ? null : (
        <Button style={{ justifySelf: 'start' }} loading={running} onClick={() => void run()}>
          {words.check}
        </Button>
      )}
      {running ? (
        <label className="u-small u-soft">
          {words.progress(results.length, items.length)}{' '}
          <progress className={styles.progress} value={results.length} max={items.length} aria-label={words.receipts} />
        </label>
      ) : null}
      {!running && results.length > 0 ? (
        <Message
          tone={holding < verified.length ? 'stop' : unreached > 0 ? 'rough' : 'good'}
          title={words.verdict(holding, verified.length)}
          live
        >
          {waiting > 0 ? <p>{words.waiting(waiting)}</p> : null}
          {unreached > 0 ? <p>{words.unreached(unreached)}</p> : null}
        </Message>
      ) : null}
      {results.length > 0 ? (
        <Details summary={words.each}>
          <ul className="u-list">
            {items
              .filter((one) => found[one.id] !== undefined)
              .map((one) => (
                <ItemOutcome key={one.id} item={one} result={found[one.id] as CheckedOrWaiting | 'failed'} />
              ))}
          </ul>
        </Details>
      ) : null}
    </Sheet>
  )
}

function ItemOutcome({ item, result }: { readonly item: Item; readonly result: CheckedOrWaiting | 'failed' }) {
  const words = useText(text)
  const word =
    result === 'failed'
      ? words.notReached
      : 'valid' in result
        ? result.valid
          ? words.holds
          : words.doesNotHold
        : 'none' in result
          ? words.noReceipt
          : words.pending
  return (
    <li>
      <Details summary={`${item.label}: ${word}`}>
        {result === 'failed' ? <p>{words.notReached}</p> : <Outcome checked={result} name={item.id} />}
      </Details>
    </li>
  )
}

/** The public log: its key with a fingerprint to compare, and the newest signed checkpoint, opened here. */
function TheLog({ proof }: { readonly proof: MyProof }) {
  const words = useText(text)
  const format = useFormat()
  const opened = useQuery({
    queryKey: ['me', 'checkpoint', proof.checkpoint ?? ''],
    queryFn: async () => ({
      print: await fingerprint(proof.logKey),
      verdict:
        proof.checkpoint === undefined
          ? undefined
          : await verifyCheckpoint(proof.checkpoint, proof.logKey, proof.origin),
    }),
  })
  return (
    <Sheet title={words.log}>
      <Loaded query={opened}>
        {({ print, verdict }) => (
          <>
            {verdict === undefined ? (
              <p>{words.noCheckpoint}</p>
            ) : verdict.ok ? (
              <Message tone="good" title={words.signed}>
                <p>{words.signedWhat(verdict.origin, format.number(verdict.size))}</p>
              </Message>
            ) : (
              <Message tone="stop" title={words.notSigned}>
                <p lang="en">{verdict.words}</p>
              </Message>
            )}
            <p>
              {words.print} <code className={styles.key}>{print}</code>
            </p>
            <p className="u-small u-soft">{words.printWhy}</p>
            <Details summary={words.key}>
              <Code>{proof.logKey}</Code>
              {proof.checkpoint === undefined ? null : <Code>{proof.checkpoint}</Code>}
            </Details>
          </>
        )}
      </Loaded>
    </Sheet>
  )
}

const text = texts({
  en: {
    title: 'Proof',
    lead: 'Every answer that included you and every choice of yours has a receipt. They are checked here, in this browser.',
    receipts: 'Receipts',
    count: (answers: number, choices: number) =>
      `${answers} ${answers === 1 ? 'answer' : 'answers'} and ${choices} ${choices === 1 ? 'choice' : 'choices'} of yours can be checked.`,
    check: 'Check all of them here',
    progress: (done: number, all: number) => `${done} of ${all}`,
    verdict: (holding: number, all: number) =>
      holding === all ? `All ${all} receipts hold` : `${all - holding} of ${all} receipts do not hold`,
    waiting: (count: number) =>
      `${count} ${count === 1 ? 'choice waits' : 'choices wait'} for the next batch of the log; what you chose holds already.`,
    unreached: (count: number) => `${count} could not be fetched. Try again.`,
    each: 'Each receipt',
    answer: 'Answer',
    choice: {
      given: 'Yes',
      refused: 'No',
      withdrawn: 'Yes taken back',
      revoked: 'Revoked',
      expired: 'Expired',
    } as Readonly<Record<string, string>>,
    holds: 'holds',
    doesNotHold: 'does not hold',
    pending: 'not ready yet',
    noReceipt: 'nothing came out, no receipt',
    notReached: 'could not be fetched',
    log: 'The public log',
    noCheckpoint: 'The log has no checkpoint yet.',
    signed: 'The newest checkpoint is signed by the log’s key',
    signedWhat: (origin: string, size: string) => `The log ${origin} has ${size} entries.`,
    notSigned: 'The newest checkpoint does not verify',
    print: 'Fingerprint of the log’s key:',
    printWhy:
      'Compare it with the one printed elsewhere, for example on a letter or in the shop. If it differs, you are shown another log than everybody else.',
    key: 'The key and the checkpoint in full',
    trust: 'Without trusting us',
    trustWhy: [
      'A receipt is checked by signatures and hashes, not by asking us. But the code of this page came from the same server as the receipts: a dishonest server could send a page that says yes to everything.',
      'Whoever wants to rule that out keeps the receipts as files and checks them with the offline verifier, taken from somewhere else: it needs no network and shares no code with the house.',
    ],
  },
  de: {
    title: 'Beweise',
    lead: 'Jede Antwort, die Sie einschloss, und jede Ihrer Entscheidungen hat einen Beleg. Geprüft wird hier, in diesem Browser.',
    receipts: 'Belege',
    count: (answers: number, choices: number) =>
      `${answers} ${answers === 1 ? 'Antwort' : 'Antworten'} und ${choices} Ihrer Entscheidungen lassen sich prüfen.`,
    check: 'Alle hier prüfen',
    progress: (done: number, all: number) => `${done} von ${all}`,
    verdict: (holding: number, all: number) =>
      holding === all ? `Alle ${all} Belege stimmen` : `${all - holding} von ${all} Belegen stimmen nicht`,
    waiting: (count: number) =>
      `${count} ${count === 1 ? 'Entscheidung wartet' : 'Entscheidungen warten'} auf den nächsten Stapel des Logs; was Sie entschieden haben, gilt bereits.`,
    unreached: (count: number) => `${count} ließen sich nicht abrufen. Versuchen Sie es noch einmal.`,
    each: 'Jeder Beleg',
    answer: 'Antwort',
    choice: {
      given: 'Ja',
      refused: 'Nein',
      withdrawn: 'Ja zurückgenommen',
      revoked: 'Widerrufen',
      expired: 'Abgelaufen',
    },
    holds: 'stimmt',
    doesNotHold: 'stimmt nicht',
    pending: 'noch nicht fertig',
    noReceipt: 'nichts kam heraus, kein Beleg',
    notReached: 'nicht abrufbar',
    log: 'Das öffentliche Log',
    noCheckpoint: 'Das Log hat noch keinen Kontrollpunkt.',
    signed: 'Der neueste Kontrollpunkt ist mit dem Schlüssel des Logs unterschrieben',
    signedWhat: (origin: string, size: string) => `Das Log ${origin} hat ${size} Einträge.`,
    notSigned: 'Der neueste Kontrollpunkt stimmt nicht',
    print: 'Fingerabdruck des Log-Schlüssels:',
    printWhy:
      'Vergleichen Sie ihn mit dem, der anderswo gedruckt steht, etwa auf einem Brief oder im Laden. Weicht er ab, wird Ihnen ein anderes Log gezeigt als allen anderen.',
    key: 'Schlüssel und Kontrollpunkt im Wortlaut',
    trust: 'Ohne uns zu vertrauen',
    trustWhy: [
      'Ein Beleg wird durch Unterschriften und Hashes geprüft, nicht indem man uns fragt. Aber der Code dieser Seite kam vom selben Server wie die Belege: Ein unehrlicher Server könnte eine Seite schicken, die zu allem Ja sagt.',
      'Wer das ausschließen will, behält die Belege als Dateien und prüft sie mit dem Offline-Prüfer, den er anderswoher hat: Er braucht kein Netz und teilt keinen Code mit dem Haus.',
    ],
  },
})
