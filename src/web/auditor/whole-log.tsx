import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { CheckpointView } from '../../house/views/audit.ts'
import { amountText } from '../../money/amount.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { type Line, Lines } from '../ui/checks.tsx'
import { Code, Details, Sheet } from '../ui/page.tsx'
import { Failure, Loaded } from '../ui/states.tsx'
import { readCheckpoints, readEntries, useCurrency, useLogKey } from './api.ts'
import styles from './auditor.module.css'
import { checkWholeLog, type Progress, type WholeLog } from './check/whole-log.ts'

/** The whole log, computed again in this page. */
export function WholeLogSheet() {
  const words = useText(text)
  const key = useLogKey()
  return (
    <Sheet title={words.title}>
      <p>{words.what}</p>
      <Loaded query={key}>{(logKey) => <Run logKey={logKey} />}</Loaded>
    </Sheet>
  )
}

function Run({ logKey }: { readonly logKey: string }) {
  const words = useText(text)
  const format = useFormat()
  const [progress, setProgress] = useState<Progress>()
  const run = useMutation({
    mutationFn: () =>
      checkWholeLog(
        {
          key: logKey,
          checkpoints: allCheckpoints,
          entriesFrom: async (index) => (await readEntries({ from: `${index}`, limit: '200' })).entries,
        },
        setProgress,
      ),
    onMutate: () => setProgress(undefined),
  })
  return (
    <>
      <div className="u-row">
        <Button loading={run.isPending} onClick={() => run.mutate()}>
          {run.isSuccess ? words.again : words.run}
        </Button>
        <span className="u-soft" role="status">
          {run.isPending && progress !== undefined
            ? words.progress(format.number(progress.done), format.number(progress.of))
            : ''}
        </span>
      </div>
      {run.isPending ? (
        <progress
          className={styles.progress}
          aria-label={words.bar}
          value={progress?.done ?? 0}
          max={progress?.of ?? 1}
        />
      ) : null}
      {run.isError ? <Failure cause={run.error} retry={() => run.mutate()} /> : null}
      {run.isSuccess ? <Result found={run.data} /> : null}
    </>
  )
}

async function allCheckpoints(): Promise<readonly CheckpointView[]> {
  const all: CheckpointView[] = []
  let page = await readCheckpoints()
  all.push(...page.checkpoints)
  while (page.next !== undefined) {
    page = await readCheckpoints(page.next)
    all.push(...page.checkpoints)
  }
  return all
}

function Result({ found }: { readonly found: WholeLog }) {
  const words = useText(text)
  const format = useFormat()
  const currency = useCurrency()
  const sum = (amount: bigint) =>
    currency === undefined ? format.number(amountText(amount), 2, 2) : format.money(amountText(amount), currency)
  const fails = (...what: readonly string[]) => found.faults.some((fault) => what.includes(fault.what))
  const [entries, releases, checkpoints] = [found.entries, found.releases, found.checkpoints].map((count) =>
    format.number(count),
  ) as [string, string, string]
  const lines: readonly Line[] = [
    {
      key: 'signature',
      title: words.signature,
      holds: checkpoints === '0' ? undefined : !fails('signature'),
      words: fails('signature') ? words.signatureFails : words.signatureHolds(checkpoints),
    },
    {
      key: 'root',
      title: words.root,
      holds: !fails('root', 'missing'),
      words: fails('root', 'missing') ? words.rootFails : words.rootHolds(entries, checkpoints),
    },
    {
      key: 'noise',
      title: words.noise,
      holds: !fails('noise'),
      words: fails('noise') ? words.noiseFails : words.noiseHolds(releases),
    },
    {
      key: 'price',
      title: words.price,
      holds: !fails('price', 'pay'),
      words: fails('price', 'pay') ? words.priceFails : words.priceHolds(sum(found.paid), sum(found.pool)),
    },
  ]
  return (
    <div role="status">
      <Lines lines={lines} label={words.title} />
      {found.faults.length === 0 ? (
        <p className="u-small u-soft">
          {words.computed} <span className={styles.hash}>{found.root}</span>
        </p>
      ) : (
        <Details summary={words.faults}>
          <Code>{found.faults.map((fault) => `${fault.what} ${fault.at}: ${fault.words}`).join('\n')}</Code>
        </Details>
      )}
    </div>
  )
}

const text = texts({
  en: {
    title: 'Check the whole log in this browser',
    what: 'It reads every entry, computes the tree again, holds it against everything that was ever signed, and does the arithmetic of every release once more. No proof of the server is believed.',
    run: 'Check it all',
    again: 'Check it all again',
    bar: 'Entries checked',
    progress: (done: string, of: string) => `${done} of ${of} entries`,
    signature: 'Signatures',
    signatureHolds: (count: string) => `All ${count} checkpoints are signed with the key of the log.`,
    signatureFails: 'A checkpoint is not signed with the key of the log.',
    root: 'Entries',
    rootHolds: (entries: string, count: string) =>
      `${entries} entries give exactly the root of each of the ${count} checkpoints: all are in the log, and it only ever grew.`,
    rootFails: 'The entries that the server shows are not those that the log signed.',
    noise: 'Noise',
    noiseHolds: (releases: string) => `In all ${releases} releases the noise follows from the privacy charge.`,
    noiseFails: 'In a release the noise does not follow from the privacy charge.',
    price: 'Money',
    priceHolds: (paid: string, pool: string) =>
      `Every price and every share follows from the published tariff: buyers paid ${paid}, of that ${pool} went to the people.`,
    priceFails: 'The money of a release does not follow from the tariff.',
    computed: 'Root computed here:',
    faults: 'What was found, and where',
  },
  de: {
    title: 'Das ganze Protokoll in diesem Browser prüfen',
    what: 'Er liest jeden Eintrag, berechnet den Baum neu, hält ihn gegen alles, was je unterschrieben wurde, und rechnet jede Auskunft noch einmal nach. Kein Beweis des Servers wird geglaubt.',
    run: 'Alles prüfen',
    again: 'Alles noch einmal prüfen',
    bar: 'Geprüfte Einträge',
    progress: (done: string, of: string) => `${done} von ${of} Einträgen`,
    signature: 'Unterschriften',
    signatureHolds: (count: string) => `Alle ${count} Stände sind mit dem Schlüssel des Protokolls unterschrieben.`,
    signatureFails: 'Ein Stand ist nicht mit dem Schlüssel des Protokolls unterschrieben.',
    root: 'Einträge',
    rootHolds: (entries: string, count: string) =>
      `${entries} Einträge ergeben genau die Wurzel jedes der ${count} Stände: Alle sind im Protokoll, und es ist immer nur gewachsen.`,
    rootFails: 'Die Einträge, die der Server zeigt, sind nicht die, die das Protokoll unterschrieben hat.',
    noise: 'Rauschen',
    noiseHolds: (releases: string) =>
      `In allen ${releases} Auskünften folgt das Rauschen aus dem belasteten Privatheitsverlust.`,
    noiseFails: 'In einer Auskunft folgt das Rauschen nicht aus dem belasteten Privatheitsverlust.',
    price: 'Geld',
    priceHolds: (paid: string, pool: string) =>
      `Jeder Preis und jeder Anteil folgt aus dem veröffentlichten Tarif: Käufer zahlten ${paid}, davon gingen ${pool} an die Menschen.`,
    priceFails: 'Das Geld einer Auskunft folgt nicht aus dem Tarif.',
    computed: 'Hier berechnete Wurzel:',
    faults: 'Was gefunden wurde und wo',
  },
})
