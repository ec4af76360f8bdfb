import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import type { LogEntryView } from '../../house/views/audit.ts'
import type { Leaf } from '../../tlog/leaves.ts'
import { type ObjectValue, verifyCheckpoint, verifyInclusionProof, writeJson } from '../../verify/index.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { type Line, Lines } from '../ui/checks.tsx'
import { Code, Details, Page, Sheet } from '../ui/page.tsx'
import { Empty, Failure, Loaded } from '../ui/states.tsx'
import { readInclusion, useEntry, useLogKey } from './api.ts'
import { LeafFacts, useKindName, useLeafSentence } from './leaf-words.tsx'
import { Shell } from './shell.tsx'

/** What does this entry say, and is it in the log? */
export function EntryScreen() {
  const words = useText(text)
  const format = useFormat()
  const { index } = useParams({ from: '/verify/log/$index' })
  const known = /^(0|[1-9][0-9]{0,17})$/.test(index)
  return (
    <Shell>
      <Page
        title={words.title(known ? format.number(index) : index.slice(0, 40))}
        lead={words.lead}
        actions={<Link to="/verify/log">{words.back}</Link>}
      >
        {known ? <Entry index={index} /> : <Empty title={words.none}>{words.noneWhy}</Empty>}
      </Page>
    </Shell>
  )
}

function Entry({ index }: { readonly index: string }) {
  const words = useText(text)
  const nameOf = useKindName()
  const sentenceOf = useLeafSentence()
  return (
    <Loaded query={useEntry(index)}>
      {(entry) =>
        entry === null ? (
          <Empty title={words.none}>{words.noneWhy}</Empty>
        ) : (
          <>
            <Sheet title={nameOf(entry.kind)}>
              <p>{sentenceOf(entry.leaf as Leaf)}.</p>
              <LeafFacts leaf={entry.leaf as Leaf} />
              <Details summary={words.raw}>
                <Code>{writeJson(entry.leaf as ObjectValue)}</Code>
              </Details>
            </Sheet>
            <Prove key={index} entry={entry} />
          </>
        )
      }
    </Loaded>
  )
}

/** Fetches the proof and checks it here; the server's word is not taken. */
function Prove({ entry }: { readonly entry: LogEntryView }) {
  const words = useText(text)
  const format = useFormat()
  const key = useLogKey()
  const proof = useMutation({
    mutationFn: async (logKey: string) => {
      const { path, checkpoint = '' } = await readInclusion(entry.index)
      const signed = await verifyCheckpoint(checkpoint, logKey)
      if (!signed.ok) return { signed, included: undefined, path, checkpoint }
      const leaf = writeJson(entry.leaf as ObjectValue)
      const included = await verifyInclusionProof({ leaf, index: BigInt(entry.index), tree: signed, proof: path })
      return { signed, included, path, checkpoint }
    },
  })
  const lines = (found: NonNullable<typeof proof.data>): readonly Line[] => [
    {
      key: 'checkpoint',
      title: words.checkpoint,
      holds: found.signed.ok,
      words: found.signed.ok ? words.signed(found.signed.origin, format.number(found.signed.size)) : found.signed.words,
    },
    {
      key: 'inclusion',
      title: words.inclusion,
      holds: found.included,
      words:
        found.included === undefined
          ? words.notReached
          : found.included
            ? words.included(format.number(found.path.length))
            : words.notIncluded,
    },
  ]
  return (
    <Sheet title={words.proveTitle}>
      <p>{words.proveWhat}</p>
      <Loaded query={key}>
        {(logKey) => (
          <div>
            <Button loading={proof.isPending} onClick={() => proof.mutate(logKey)}>
              {words.prove}
            </Button>
          </div>
        )}
      </Loaded>
      {proof.isError ? <Failure cause={proof.error} /> : null}
      {proof.isSuccess ? (
        <div role="status">
          <Lines lines={lines(proof.data)} label={words.proveTitle} />
          <Details summary={words.proofText}>
            <Code>{[...proof.data.path, '', proof.data.checkpoint].join('\n')}</Code>
          </Details>
        </div>
      ) : null}
    </Sheet>
  )
}

const text = texts({
  en: {
    title: (index: string) => `Entry ${index}`,
    lead: 'What does this entry say, and is it in the log?',
    back: 'Back to the log',
    none: 'There is no such entry',
    noneWhy: 'Entries are numbered from 0. The log shows how many there are.',
    raw: 'The entry, byte for byte',
    proveTitle: 'Proof',
    proveWhat: 'This page fetches the hashes beside the way from this entry to the root, and checks the way itself.',
    prove: 'Prove this entry here',
    checkpoint: 'Signature of the log',
    signed: (origin: string, size: string) => `${origin} signed a checkpoint over ${size} entries.`,
    inclusion: 'In the log',
    included: (hashes: string) =>
      `With ${hashes} hashes beside it, this entry, exactly as above, gives the signed root.`,
    notIncluded: 'This entry, as above, does not give the signed root: the log does not hold it so.',
    notReached: 'Without a signed checkpoint there is nothing to prove it against.',
    proofText: 'The proof and the checkpoint',
  },
  de: {
    title: (index: string) => `Eintrag ${index}`,
    lead: 'Was sagt dieser Eintrag, und steht er im Protokoll?',
    back: 'Zurück zum Protokoll',
    none: 'Diesen Eintrag gibt es nicht',
    noneWhy: 'Einträge sind von 0 an gezählt. Das Protokoll zeigt, wie viele es sind.',
    raw: 'Der Eintrag, Byte für Byte',
    proveTitle: 'Beweis',
    proveWhat: 'Diese Seite holt die Hashes neben dem Weg von diesem Eintrag zur Wurzel und geht den Weg selbst nach.',
    prove: 'Diesen Eintrag hier beweisen',
    checkpoint: 'Unterschrift des Protokolls',
    signed: (origin: string, size: string) => `${origin} hat einen Stand über ${size} Einträge unterschrieben.`,
    inclusion: 'Im Protokoll',
    included: (hashes: string) =>
      `Mit ${hashes} Hashes daneben ergibt dieser Eintrag, genau wie oben, die unterschriebene Wurzel.`,
    notIncluded:
      'Dieser Eintrag, wie er oben steht, ergibt nicht die unterschriebene Wurzel: So enthält ihn das Protokoll nicht.',
    notReached: 'Ohne unterschriebenen Stand gibt es nichts, wogegen er zu beweisen wäre.',
    proofText: 'Der Beweis und der Stand',
  },
})
