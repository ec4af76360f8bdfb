import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Message } from '../ui/states.tsx'
import type { Growth } from './check/growth.ts'

/** What two checkpoints say of each other, in words. */
export function GrowthWords({ growth }: { readonly growth: Growth }) {
  const words = useText(text)
  const format = useFormat()
  switch (growth.found) {
    case 'same':
      return <Message tone="good" live title={words.same(format.number(growth.size))} />
    case 'grew':
      return (
        <Message tone="good" live title={words.grew(format.number(growth.from), format.number(growth.to))}>
          <p>{words.grewWhy}</p>
        </Message>
      )
    case 'split':
      return (
        <Message tone="stop" live title={words.split(format.number(growth.size))}>
          <p>{words.splitWhy}</p>
        </Message>
      )
    case 'rewritten':
      return (
        <Message tone="stop" live title={words.rewritten}>
          <p>{words.splitWhy}</p>
        </Message>
      )
    case 'not signed':
      return (
        <Message tone="stop" live title={words.unsigned}>
          <p lang="en">{growth.words}</p>
        </Message>
      )
  }
}

const text = texts({
  en: {
    same: (size: string) => `Both are the same log of ${size} entries`,
    grew: (from: string, to: string) => `The log only grew, from ${from} to ${to} entries`,
    grewWhy: 'Both signatures hold, and the proof was checked in this page.',
    split: (size: string) => `Two different logs of ${size} entries, both signed`,
    splitWhy: 'Both are signed by the same key, so the log itself is the proof against its house. Keep both.',
    rewritten: 'The newer log does not begin with the older one',
    unsigned: 'This is not a checkpoint that the log signed',
  },
  de: {
    same: (size: string) => `Beide sind dasselbe Protokoll mit ${size} Einträgen`,
    grew: (from: string, to: string) => `Es wurde nur angefügt, von ${from} auf ${to} Einträge`,
    grewWhy: 'Beide Unterschriften stimmen, und der Beweis wurde in dieser Seite geprüft.',
    split: (size: string) => `Zwei verschiedene Protokolle mit ${size} Einträgen, beide unterschrieben`,
    splitWhy:
      'Beide sind mit demselben Schlüssel unterschrieben; damit ist das Protokoll selbst der Beweis gegen sein Haus. Bewahren Sie beide auf.',
    rewritten: 'Das neuere Protokoll beginnt nicht mit dem älteren',
    unsigned: 'Das ist kein Stand, den das Protokoll unterschrieben hat',
  },
})
