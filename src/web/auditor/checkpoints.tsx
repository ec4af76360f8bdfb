import { Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { type ChangeEvent, useState } from 'react'
import type { CheckpointView } from '../../house/views/audit.ts'
import { verifyCheckpoint } from '../../verify/index.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Details, Page, Sheet } from '../ui/page.tsx'
import { Empty, Failure, Loaded, Message } from '../ui/states.tsx'
import { DataTable } from '../ui/table.tsx'
import { Tag } from '../ui/value.tsx'
import { useCheckpoints, useLogKey } from './api.ts'
import styles from './auditor.module.css'
import { compareNotes } from './check/growth.ts'
import { GrowthWords } from './growth-words.tsx'
import { KeepNewest, KeptCheckpoint } from './kept.tsx'
import { Shell } from './shell.tsx'
import { SinceLastVisit } from './since-last-visit.tsx'

/** Did the log only grow, and does everybody see the same one? */
export function CheckpointsScreen() {
  const words = useText(text)
  const key = useLogKey()
  const list = useCheckpoints()
  return (
    <Shell>
      <Page title={words.title} lead={words.lead}>
        <Sheet title={words.sinceTitle}>
          <SinceLastVisit />
        </Sheet>
        <Loaded query={key}>
          {(logKey) => (
            <Loaded query={list}>
              {({ checkpoints }) =>
                checkpoints.length === 0 ? (
                  <Empty title={words.none}>{words.noneWhy}</Empty>
                ) : (
                  <>
                    <Compare logKey={logKey} checkpoints={checkpoints} />
                    <Sheet title={words.keepTitle}>
                      <p>{words.split}</p>
                      <KeepNewest note={(checkpoints[0] as CheckpointView).note} />
                      <KeptCheckpoint logKey={logKey} newest={(checkpoints[0] as CheckpointView).note} />
                    </Sheet>
                    <History logKey={logKey} checkpoints={checkpoints} />
                  </>
                )
              }
            </Loaded>
          )}
        </Loaded>
      </Page>
    </Shell>
  )
}

interface Known {
  readonly logKey: string
  readonly checkpoints: readonly CheckpointView[]
}

/** Any two of them: the page fetches the proof and checks it. */
function Compare({ logKey, checkpoints }: Known) {
  const words = useText(text)
  const format = useFormat()
  const [older, setOlder] = useState(checkpoints.at(-1)?.size ?? '')
  const [newer, setNewer] = useState(checkpoints[0]?.size ?? '')
  const noteOf = (size: string): string => checkpoints.find((one) => one.size === size)?.note ?? ''
  const compare = useMutation({ mutationFn: () => compareNotes(noteOf(older), noteOf(newer), logKey) })
  const data = checkpoints.map((one) => ({
    value: one.size,
    label: words.option(format.number(one.size), format.time(one.at)),
  }))
  const choose = (set: (size: string) => void) => (event: ChangeEvent<HTMLSelectElement>) => {
    set(event.currentTarget.value)
    compare.reset()
  }
  return (
    <Sheet title={words.compareTitle}>
      <p>{words.compareWhat}</p>
      <div className={styles.search}>
        <NativeSelect label={words.older} data={data} value={older} onChange={choose(setOlder)} />
        <NativeSelect label={words.newer} data={data} value={newer} onChange={choose(setNewer)} />
        <Button loading={compare.isPending} onClick={() => compare.mutate()}>
          {words.compare}
        </Button>
      </div>
      {compare.isError ? <Failure cause={compare.error} /> : null}
      {compare.isSuccess ? <GrowthWords growth={compare.data} /> : null}
    </Sheet>
  )
}

function History({ logKey, checkpoints }: Known) {
  const words = useText(text)
  const format = useFormat()
  const [all, setAll] = useState(false)
  const signed = useQuery({
    queryKey: ['signed', logKey, checkpoints.map((one) => one.size).join()],
    queryFn: () => Promise.all(checkpoints.map(async (one) => isSigned(one, logKey))),
    networkMode: 'always',
  })
  const good = signed.data?.filter((one) => one).length ?? 0
  const shown = all ? checkpoints : checkpoints.slice(0, firstShown)
  return (
    <Sheet title={words.historyTitle}>
      {signed.isSuccess ? (
        <Message
          tone={good === checkpoints.length ? 'good' : 'stop'}
          title={
            good === checkpoints.length
              ? words.allSigned(format.number(good))
              : words.someUnsigned(format.number(checkpoints.length - good))
          }
        />
      ) : null}
      <DataTable
        caption={words.caption}
        rows={shown}
        keyOf={(one) => one.size}
        columns={[
          { title: words.when, cell: (one) => format.time(one.at, true) },
          { title: words.size, right: true, cell: (one) => format.number(one.size) },
          { title: words.root, cell: (one) => <span className={styles.hash}>{one.root}</span> },
          {
            title: words.signature,
            cell: (one) => {
              const holds = signed.data?.[checkpoints.indexOf(one)]
              if (holds === undefined) return null
              return <Tag tone={holds ? 'good' : 'stop'}>{holds ? words.verified : words.unverified}</Tag>
            },
          },
        ]}
      />
      {all || checkpoints.length <= firstShown ? null : (
        <div>
          <Button variant="default" onClick={() => setAll(true)}>
            {words.showAll(format.number(checkpoints.length))}
          </Button>
        </div>
      )}
      <Details summary={words.whatTitle}>
        <p>{words.what}</p>
      </Details>
    </Sheet>
  )
}

const firstShown = 15

/** Signed by the key, and the list says of it what the signed text says. */
async function isSigned({ note, size, root }: CheckpointView, logKey: string): Promise<boolean> {
  const opened = await verifyCheckpoint(note, logKey)
  return opened.ok && `${opened.size}` === size && opened.root === root
}

const text = texts({
  en: {
    title: 'Checkpoints',
    lead: 'Did the log only grow, and does everybody see the same one?',
    sinceTitle: 'Since your last visit',
    none: 'The log has no checkpoint yet',
    noneWhy: 'The first is signed when something happens.',
    compareTitle: 'Compare two checkpoints',
    compareWhat:
      'The newer log must begin with exactly the entries of the older one. This page fetches the proof and checks it.',
    older: 'Older',
    newer: 'Newer',
    compare: 'Check that the log only grew',
    option: (size: string, at: string) => `${size} ${size === '1' ? 'entry' : 'entries'}, ${at}`,
    keepTitle: 'Does everybody see the same log?',
    split:
      'A house that lies could show you one log and somebody else another, each in perfect order: a split view. One page cannot find that out. Two people can: keep a checkpoint, and compare it with one that somebody else got, or that you got from another place.',
    historyTitle: 'All checkpoints',
    allSigned: (count: string) => `All ${count} signatures were verified here`,
    someUnsigned: (count: string) => `${count} checkpoints are not signed by the log`,
    caption: 'Newest first',
    when: 'Signed',
    size: 'Entries',
    root: 'Root',
    signature: 'Signature',
    verified: 'verified',
    unverified: 'not signed',
    showAll: (count: string) => `Show all ${count}`,
    whatTitle: 'What a checkpoint is',
    what: 'Three lines and a signature: the name of the log, how many entries it has, and the root of the tree over all of them. Whoever holds one can prove every entry under it, and any change to one of them.',
  },
  de: {
    title: 'Stände',
    lead: 'Ist das Protokoll nur gewachsen, und sehen alle dasselbe?',
    sinceTitle: 'Seit Ihrem letzten Besuch',
    none: 'Das Protokoll hat noch keinen Stand',
    noneWhy: 'Der erste wird unterschrieben, wenn etwas geschieht.',
    compareTitle: 'Zwei Stände vergleichen',
    compareWhat:
      'Das neuere Protokoll muss mit genau den Einträgen des älteren beginnen. Diese Seite holt den Beweis und prüft ihn.',
    older: 'Älterer',
    newer: 'Neuerer',
    compare: 'Prüfen, dass nur angefügt wurde',
    option: (size: string, at: string) => `${size} ${size === '1' ? 'Eintrag' : 'Einträge'}, ${at}`,
    keepTitle: 'Sehen alle dasselbe Protokoll?',
    split:
      'Ein Haus, das lügt, könnte Ihnen ein Protokoll zeigen und jemand anderem ein anderes, jedes in bester Ordnung: eine gespaltene Sicht. Eine Seite allein findet das nicht heraus. Zwei Menschen können es: Bewahren Sie einen Stand auf, und vergleichen Sie ihn mit dem eines anderen oder mit einem von anderswo.',
    historyTitle: 'Alle Stände',
    allSigned: (count: string) => `Alle ${count} Unterschriften wurden hier geprüft und stimmen`,
    someUnsigned: (count: string) => `${count} Stände sind nicht vom Protokoll unterschrieben`,
    caption: 'Die neuesten zuerst',
    when: 'Unterschrieben',
    size: 'Einträge',
    root: 'Wurzel',
    signature: 'Unterschrift',
    verified: 'stimmt',
    unverified: 'nicht unterschrieben',
    showAll: (count: string) => `Alle ${count} zeigen`,
    whatTitle: 'Was ein Stand ist',
    what: 'Drei Zeilen und eine Unterschrift: der Name des Protokolls, wie viele Einträge es hat, und die Wurzel des Baums über alle. Wer einen hat, kann jeden Eintrag darunter beweisen und jede Änderung an einem davon.',
  },
})
