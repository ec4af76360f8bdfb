import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Code, Details } from '../ui/page.tsx'
import { Loaded, Message } from '../ui/states.tsx'
import { useLogKey, useNewest } from './api.ts'
import { compareNotes, type Growth } from './check/growth.ts'
import { forget, type Remembered, recall, remember } from './check/remembered.ts'

type Since =
  | { readonly found: 'first'; readonly kept: boolean; readonly size: string }
  | { readonly found: 'empty' }
  | { readonly found: 'other key'; readonly before: Remembered }
  | { readonly found: 'compared'; readonly before: Remembered; readonly growth: Growth; readonly newest: string }

/** This browser remembers the last checkpoint that it checked, and proves at each visit that the log only grew since. */
export function SinceLastVisit() {
  const key = useLogKey()
  const newest = useNewest()
  if (!key.isSuccess) return <Loaded query={key}>{() => null}</Loaded>
  return (
    <Loaded query={newest}>
      {({ checkpoints: [point] }) =>
        point === undefined ? <Told since={{ found: 'empty' }} /> : <Compare logKey={key.data} {...point} />
      }
    </Loaded>
  )
}

function Compare({
  logKey,
  note,
  size,
  at,
}: {
  readonly logKey: string
  readonly note: string
  readonly size: string
  readonly at: string
}) {
  const client = useQueryClient()
  const since = useQuery({
    queryKey: ['since', logKey, note],
    queryFn: () => lookBack(logKey, note, size, at),
    // Once a visit: afterwards the newest is what is remembered.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const restart = () => {
    forget()
    void client.invalidateQueries({ queryKey: ['since'] })
  }
  return <Loaded query={since}>{(found) => <Told since={found} restart={restart} />}</Loaded>
}

async function lookBack(key: string, note: string, size: string, at: string): Promise<Since> {
  const before = recall()
  if (before !== undefined && before.key !== key) return { found: 'other key', before }
  // The first checkpoint is held against itself: its signature counts all the same.
  const growth = await compareNotes(before?.note ?? note, note, key)
  const good = growth.found === 'same' || growth.found === 'grew'
  const kept = good && remember({ key, note: newerOf(before, note, size), at })
  if (before === undefined && good) return { found: 'first', kept, size }
  return { found: 'compared', before: before ?? { key, note, at }, growth, newest: note }
}

/** A server that shows an older checkpoint than before does not make this browser forget the newer one. */
function newerOf(before: Remembered | undefined, note: string, size: string): string {
  const known = before?.note.split('\n')[1]
  return before !== undefined && known !== undefined && BigInt(known) > BigInt(size) ? before.note : note
}

function Told({ since, restart }: { readonly since: Since; readonly restart?: () => void }) {
  const words = useText(text)
  const format = useFormat()
  if (since.found === 'empty') return <Message>{words.empty}</Message>
  if (since.found === 'first')
    return (
      <Message title={since.kept ? words.first : words.forbidden} live>
        <p>{words.firstWhy(format.number(since.size))}</p>
      </Message>
    )
  const again =
    restart === undefined ? null : (
      <Button variant="default" size="xs" onClick={restart}>
        {words.restart}
      </Button>
    )
  if (since.found === 'other key')
    return (
      <Message tone="stop" title={words.otherKey} live>
        <p>{words.otherKeyWhy(format.time(since.before.at))}</p>
        <Code>{since.before.key}</Code>
        {again}
      </Message>
    )
  const { growth, before, newest } = since
  if (growth.found === 'same')
    return (
      <Message tone="good" title={words.same} live>
        <p>{words.sameWhy(format.number(growth.size), format.time(before.at))}</p>
      </Message>
    )
  if (growth.found === 'grew')
    return (
      <Message tone="good" title={words.grew} live>
        <p>{words.grewWhy(format.number(growth.from), format.number(growth.to))}</p>
      </Message>
    )
  return (
    <Message tone="stop" title={growth.found === 'not signed' ? words.unsigned : words.broken} live>
      <p>{growth.found === 'not signed' ? growth.words : words.brokenWhy}</p>
      <Details summary={words.evidence}>
        <Code>{before.note}</Code>
        <Code>{newest}</Code>
      </Details>
      {again}
    </Message>
  )
}

const text = texts({
  en: {
    empty: 'The log has no signed checkpoint yet.',
    first: 'This browser now remembers the log',
    forbidden: 'This browser keeps nothing, so it cannot remember the log',
    firstWhy: (size: string) =>
      `It checked the signature of the newest checkpoint, over ${size} entries. At your next visit it proves that the log only grew since.`,
    same: 'Nothing was added since you were last here',
    sameWhy: (size: string, at: string) => `The log still has the ${size} entries of ${at}, with the same root.`,
    grew: 'Since you were last here the log only grew',
    grewWhy: (from: string, to: string) =>
      `From ${from} to ${to} entries: this browser checked the proof, and nothing before was changed or taken out.`,
    otherKey: 'The log has another key than at your last visit',
    otherKeyWhy: (at: string) =>
      `On ${at} this browser saw the key below. A log does not change its key without saying so: ask the house, and compare with others.`,
    unsigned: 'The checkpoint is not signed by the log',
    broken: 'The log was changed, or you are shown another one',
    brokenWhy:
      'The checkpoint that this browser remembers and the newest one do not belong to one history. Both notes below are evidence: keep them.',
    evidence: 'Both checkpoints',
    restart: 'Forget it and begin anew',
  },
  de: {
    empty: 'Das Protokoll hat noch keinen unterschriebenen Stand.',
    first: 'Dieser Browser merkt sich nun das Protokoll',
    forbidden: 'Dieser Browser behält nichts; er kann sich das Protokoll nicht merken',
    firstWhy: (size: string) =>
      `Er hat die Unterschrift unter dem neuesten Stand über ${size} Einträge geprüft. Bei Ihrem nächsten Besuch beweist er, dass seither nur angefügt wurde.`,
    same: 'Seit Ihrem letzten Besuch kam nichts hinzu',
    sameWhy: (size: string, at: string) =>
      `Das Protokoll hat noch die ${size} Einträge vom ${at}, mit derselben Wurzel.`,
    grew: 'Seit Ihrem letzten Besuch wurde nur angefügt',
    grewWhy: (from: string, to: string) =>
      `Von ${from} auf ${to} Einträge: Dieser Browser hat den Beweis geprüft; nichts Früheres wurde verändert oder entfernt.`,
    otherKey: 'Das Protokoll hat einen anderen Schlüssel als bei Ihrem letzten Besuch',
    otherKeyWhy: (at: string) =>
      `Am ${at} sah dieser Browser den Schlüssel unten. Ein Protokoll wechselt seinen Schlüssel nicht, ohne es zu sagen: Fragen Sie nach, und vergleichen Sie mit anderen.`,
    unsigned: 'Der Stand ist nicht vom Protokoll unterschrieben',
    broken: 'Das Protokoll wurde verändert, oder Ihnen wird ein anderes gezeigt',
    brokenWhy:
      'Der gemerkte und der neueste Stand gehören nicht zu einer Geschichte. Beide Texte unten sind Beweismittel: Bewahren Sie sie auf.',
    evidence: 'Beide Stände',
    restart: 'Vergessen und neu beginnen',
  },
})
