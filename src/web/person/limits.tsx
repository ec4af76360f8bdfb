import { Button, NativeSelect } from '@mantine/core'
import { useId, useState } from 'react'
import type { MyLimits } from '../../house/views/my-limits.ts'
import type { LimitClass } from '../../privacy/limits.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Sheet } from '../ui/page.tsx'
import { Failure, Loaded, Message } from '../ui/states.tsx'
import styles from './person.module.css'
import { useLimits, useSetLimits } from './queries.ts'

const classes: readonly LimitClass[] = ['low', 'medium', 'high']

/** How much may be asked about me in all. */
export function Limits() {
  const words = useText(text)
  return (
    <Sheet title={words.title}>
      <p>{words.what}</p>
      <Loaded query={useLimits()}>{(limits) => <Form limits={limits} />}</Loaded>
    </Sheet>
  )
}

function Form({ limits }: { readonly limits: MyLimits }) {
  const words = useText(text)
  const format = useFormat()
  const set = useSetLimits()
  const lifeHint = useId()
  const [life, setLife] = useState<string>(limits.lifeRho === undefined ? '' : limits.lifeRho)
  const own = limits.classes?.[limits.class]
  const lower = lowerLimits(limits)
  return (
    <>
      {/* biome-ignore lint/a11y/useSemanticElements: three buttons that act at once, not fields of a form */}
      <div className={styles.answers} role="group" aria-label={words.title}>
        {classes.map((one) => (
          <button
            key={one}
            type="button"
            className={styles.answer}
            aria-pressed={limits.class === one}
            aria-disabled={set.isPending}
            onClick={() => {
              if (limits.class !== one && !set.isPending) set.mutate({ class: one })
            }}
          >
            <span>{words.classes[one]}</span>
            {limits.class === one ? <span className={styles.mine}>{words.yours}</span> : null}
          </button>
        ))}
      </div>
      {own === undefined ? null : (
        <p className="u-soft u-small">
          {words.numbers(
            own.windows.map((window) => words.window(format.number(window.rho), window.days)),
            format.number(own.lifeRho),
            format.number(limits.spentRho),
          )}
          {limits.spentDelta === '0' ? null : ` ${words.delta(format.number(limits.spentDelta))}`}
        </p>
      )}
      <form
        className="u-row"
        style={{ alignItems: 'end' }}
        onSubmit={(event) => {
          event.preventDefault()
          set.mutate({ lifeRho: life === '' ? null : life })
        }}
      >
        <NativeSelect
          label={words.life}
          aria-describedby={lifeHint}
          value={life}
          onChange={(event) => setLife(event.currentTarget.value)}
          data={[
            { value: '', label: words.noLife },
            ...lower.map((rho) => ({ value: rho, label: words.lifeOf(format.number(rho)) })),
          ]}
        />
        <Button type="submit" variant="default" loading={set.isPending}>
          {words.set}
        </Button>
      </form>
      <p className="u-small u-soft" id={lifeHint}>
        {words.lifeWhat}
      </p>
      {set.isSuccess ? (
        <Message tone="good" title={words.done} live>
          <p>{words.doneWhat}</p>
        </Message>
      ) : null}
      {set.isError ? <Failure cause={set.error} /> : null}
    </>
  )
}

/** What there is to choose from, and what stands already. */
function lowerLimits({ classes, class: limitClass, lifeRho }: MyLimits): readonly string[] {
  const offered = classes?.[limitClass].lower ?? []
  return lifeRho === undefined || offered.includes(lifeRho) ? offered : [lifeRho, ...offered]
}

const text = texts({
  en: {
    title: 'How much may be asked',
    what: 'Each answer that you are counted for gives away a tiny, measured amount of privacy, and is paid by that amount. Once the limit is reached, no further answer includes you until there is room again. A lower limit protects you more and may pay less; a higher one lets more answers include you and may pay more. It changes nothing about which uses you allow.',
    classes: {
      low: 'Low: a fifth of the usual. More protection; fewer answers may include you, so it may pay less.',
      medium: 'Medium: the usual limit.',
      high: 'High: twice the usual. Less protection; more answers may include you, so it may pay more.',
    } as Record<LimitClass, string>,
    yours: 'Your limit',
    window: (rho: string, days: number) => `${rho} in ${days} days`,
    numbers: (windows: readonly string[], life: string, spent: string) =>
      `In numbers (privacy loss rho): at most ${windows.join(', ')}, and ${life} in your life. Used until now: ${spent}.`,
    delta: (spent: string) =>
      `Answers that show groups nobody had listed before also have a delta, limited in the same windows. Used until now: ${spent}.`,
    life: 'A lower limit for life',
    noLife: 'none of my own',
    lifeOf: (rho: string) => `at most ${rho}`,
    lifeWhat: 'Once it is reached, no further answer includes you, whatever you allow. You can take it away again.',
    set: 'Set this limit',
    done: 'Your limits are set',
    doneWhat: 'They hold from the very next answer.',
  },
  de: {
    title: 'Wie viel gefragt werden darf',
    what: 'Jede Antwort, für die Sie gezählt werden, gibt ein winziges, gemessenes Maß an Privatheit preis und wird danach bezahlt. Ist die Grenze erreicht, schließt keine weitere Antwort Sie ein, bis wieder Platz ist. Eine niedrigere Grenze schützt mehr und zahlt vielleicht weniger; mit einer höheren können mehr Antworten Sie einschließen, und sie zahlt vielleicht mehr. An den erlaubten Zwecken ändert sie nichts.',
    classes: {
      low: 'Niedrig: ein Fünftel des Üblichen. Mehr Schutz; weniger Antworten können Sie einschließen, das zahlt vielleicht weniger.',
      medium: 'Mittel: die übliche Grenze.',
      high: 'Hoch: das Doppelte des Üblichen. Weniger Schutz; mehr Antworten können Sie einschließen, das zahlt vielleicht mehr.',
    },
    yours: 'Ihre Grenze',
    window: (rho: string, days: number) => `${rho} in ${days} Tagen`,
    numbers: (windows: readonly string[], life: string, spent: string) =>
      `In Zahlen (Privatheitsverlust Rho): höchstens ${windows.join(', ')} und ${life} im Leben. Bisher verbraucht: ${spent}.`,
    delta: (spent: string) =>
      `Antworten mit Gruppen, die vorher niemand aufgezählt hat, haben auch ein Delta, begrenzt in denselben Fenstern. Bisher verbraucht: ${spent}.`,
    life: 'Eine niedrigere Grenze fürs Leben',
    noLife: 'keine eigene',
    lifeOf: (rho: string) => `höchstens ${rho}`,
    lifeWhat:
      'Ist sie erreicht, schließt keine weitere Antwort Sie ein, was immer Sie erlauben. Sie können sie wieder aufheben.',
    set: 'Grenze setzen',
    done: 'Ihre Grenzen sind gesetzt',
    doneWhat: 'Sie gelten ab der nächsten Antwort.',
  },
})
