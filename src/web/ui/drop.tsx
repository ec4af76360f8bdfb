import { Button } from '@mantine/core'
import { type DragEvent, useRef, useState } from 'react'
import { texts, useText } from '../i18n/language.tsx'
import styles from './drop.module.css'

/** Larger files are refused unread: hostile input. */
const most = 64 * 1024 * 1024

/** A file that is read in this page and goes nowhere: chosen, or dropped here. */
export function FileDrop({
  label,
  onText,
}: {
  readonly label: string
  readonly onText: (text: string, name: string) => void
}) {
  const words = useText(text)
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const [problem, setProblem] = useState<string>()
  const read = async (file: File | undefined) => {
    if (file === undefined) return
    setProblem(undefined)
    if (file.size > most) return setProblem(words.large)
    try {
      onText(await file.text(), file.name)
    } catch {
      setProblem(words.unreadable)
    }
  }
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    void read(event.dataTransfer.files[0])
  }
  return (
    // Dropping is a shortcut for a mouse; the button does the same for everybody.
    <section
      className={styles.drop}
      data-over={over}
      aria-label={label}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        hidden
        onChange={(event) => {
          void read(event.currentTarget.files?.[0])
          event.currentTarget.value = ''
        }}
      />
      <Button onClick={() => input.current?.click()}>{label}</Button>
      <span className="u-soft">{words.here}</span>
      {problem === undefined ? null : <span role="alert">{problem}</span>}
    </section>
  )
}

const text = texts({
  en: {
    here: 'or drop it here. It is read in this page and goes nowhere.',
    large: 'The file has more than 64 MB: no receipt is that long.',
    unreadable: 'The file cannot be read.',
  },
  de: {
    here: 'oder hier ablegen. Die Datei wird in dieser Seite gelesen und nirgendwohin geschickt.',
    large: 'Die Datei hat mehr als 64 MB: So lang ist kein Beleg.',
    unreadable: 'Die Datei lässt sich nicht lesen.',
  },
})
