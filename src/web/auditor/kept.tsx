import { Button, Textarea } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { texts, useText } from '../i18n/language.tsx'
import { FileDrop } from '../ui/drop.tsx'
import { copyText, saveText } from '../ui/keep.ts'
import { Code, Details } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'
import { compareNotes } from './check/growth.ts'
import { GrowthWords } from './growth-words.tsx'

/** The newest checkpoint to be taken along. */
export function KeepNewest({ note }: { readonly note: string }) {
  const words = useText(text)
  const [told, setTold] = useState('')
  return (
    <>
      <Code>{note.trimEnd()}</Code>
      <div className="u-row">
        <Button variant="default" onClick={() => saveText('checkpoint.txt', note)}>
          {words.save}
        </Button>
        <Button
          variant="default"
          onClick={async () => setTold((await copyText(note)) ? words.copied : words.notCopied)}
        >
          {words.copy}
        </Button>
        <span role="status">{told}</span>
      </div>
    </>
  )
}

/** A checkpoint that somebody kept, held against the newest. */
export function KeptCheckpoint({ logKey, newest }: { readonly logKey: string; readonly newest: string }) {
  const words = useText(text)
  const [kept, setKept] = useState('')
  const compare = useMutation({ mutationFn: (note: string) => compareNotes(note, newest, logKey) })
  return (
    <Details summary={words.compareKept}>
      <FileDrop
        label={words.choose}
        onText={(note) => {
          setKept(note)
          compare.mutate(note)
        }}
      />
      <Textarea
        label={words.paste}
        rows={5}
        value={kept}
        spellCheck={false}
        onChange={(event) => {
          setKept(event.currentTarget.value)
          compare.reset()
        }}
      />
      <div>
        <Button
          variant="default"
          disabled={kept.trim() === ''}
          loading={compare.isPending}
          onClick={() => compare.mutate(withNewline(kept))}
        >
          {words.compare}
        </Button>
      </div>
      {compare.isError ? <Failure cause={compare.error} /> : null}
      {compare.isSuccess ? <GrowthWords growth={compare.data} /> : null}
    </Details>
  )
}

/** A signed note ends with a newline, which a clipboard often loses. */
const withNewline = (note: string): string => `${note.trim()}\n`

const text = texts({
  en: {
    save: 'Save this checkpoint',
    copy: 'Copy it',
    copied: 'Copied.',
    notCopied: 'This browser does not allow copying; select the text instead.',
    compareKept: 'Compare with a checkpoint that was kept',
    choose: 'Choose the checkpoint file',
    paste: 'Or paste the kept checkpoint',
    compare: 'Compare with the newest',
  },
  de: {
    save: 'Diesen Stand sichern',
    copy: 'Kopieren',
    copied: 'Kopiert.',
    notCopied: 'Dieser Browser erlaubt das Kopieren nicht; markieren Sie stattdessen den Text.',
    compareKept: 'Mit einem aufbewahrten Stand vergleichen',
    choose: 'Datei mit dem Stand wählen',
    paste: 'Oder den aufbewahrten Stand einfügen',
    compare: 'Mit dem neuesten vergleichen',
  },
})
