import { Button } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Failure, Message } from '../ui/states.tsx'
import { useStopAll } from './queries.ts'

/** One tap ends every use, and the page says the second in which it did. Nobody is asked whether they are sure. */
export function StopAll({ any }: { readonly any: boolean }) {
  const words = useText(text)
  const format = useFormat()
  const stop = useStopAll()
  const said = useRef<HTMLDivElement>(null)
  // The button that was pressed is gone: who uses a keyboard or a screen reader goes on with what it did.
  useEffect(() => {
    if (stop.isSuccess) said.current?.focus()
  }, [stop.isSuccess])
  if (stop.isSuccess)
    return (
      <div ref={said} tabIndex={-1}>
        <Message tone="good" title={words.stopped(format.time(stop.data.tookEffectAt, true))} live>
          <p>{words.after}</p>
        </Message>
      </div>
    )
  return (
    <>
      {any ? (
        <div className="u-row">
          <Button size="md" variant="default" loading={stop.isPending} onClick={() => stop.mutate()}>
            {words.stop}
          </Button>
          <span className="u-soft u-small">{words.what}</span>
        </div>
      ) : null}
      {stop.isError ? <Failure cause={stop.error} /> : null}
    </>
  )
}

const text = texts({
  en: {
    stop: 'Stop all uses',
    what: 'At once, for every purpose. What you earned stays yours.',
    stopped: (time: string) => `Stopped: ${time}`,
    after:
      'No answer from this second on includes you. Answers given before cannot be taken back; what you earned stays yours.',
  },
  de: {
    stop: 'Alle Nutzungen beenden',
    what: 'Sofort, für jeden Zweck. Was Sie verdient haben, bleibt Ihres.',
    stopped: (time: string) => `Beendet: ${time}`,
    after:
      'Von dieser Sekunde an schließt keine Antwort Sie ein. Frühere Antworten lassen sich nicht zurückholen; was Sie verdient haben, bleibt Ihres.',
  },
})
