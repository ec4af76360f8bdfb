import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { texts, useText } from '../i18n/language.tsx'
import { Page } from '../ui/page.tsx'
import { Empty, Failure, Loaded } from '../ui/states.tsx'
import styles from './person.module.css'
import { useHome, useUses } from './queries.ts'
import { UseCard } from './use-card.tsx'

/** Who asked what, why, and what came out? */
export function Screen() {
  const words = useText(text)
  const uses = useUses()
  const currency = useHome().data?.currency ?? ''
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={uses}>
        {({ pages }) => {
          const shown = pages.flatMap((page) => page.uses)
          const total = pages[0]?.total ?? 0
          if (shown.length === 0)
            return (
              <Empty title={words.none}>
                <p>{words.noneWhy}</p>
                <Link to="/me/choices">{words.choices}</Link>
              </Empty>
            )
          return (
            <>
              <ol className={styles.timeline}>
                {shown.map((use) => (
                  <UseCard key={use.release} use={use} currency={currency} />
                ))}
              </ol>
              <div className="u-row">
                <span className="u-soft" role="status">
                  {words.shown(shown.length, total)}
                </span>
                {uses.hasNextPage ? (
                  <Button variant="default" loading={uses.isFetchingNextPage} onClick={() => void uses.fetchNextPage()}>
                    {words.more}
                  </Button>
                ) : null}
              </div>
              {uses.isFetchNextPageError ? <Failure cause={uses.error} /> : null}
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}

const text = texts({
  en: {
    title: 'Uses',
    lead: 'Who asked what and why, what came out, and what it paid you. Newest first.',
    none: 'No answer has included you yet',
    noneWhy: 'When one does, you can read here who asked, what for, and the answer itself.',
    choices: 'My choices',
    shown: (shown: number, total: number) => `${shown} of ${total} shown`,
    more: 'Show earlier ones',
  },
  de: {
    title: 'Nutzungen',
    lead: 'Wer was warum gefragt hat, was herauskam und was es Ihnen eingebracht hat. Neueste zuerst.',
    none: 'Noch hat keine Antwort Sie eingeschlossen',
    noneWhy: 'Sobald eine es tut, lesen Sie hier, wer gefragt hat, wofür, und die Antwort selbst.',
    choices: 'Meine Entscheidungen',
    shown: (shown: number, total: number) => `${shown} von ${total} gezeigt`,
    more: 'Frühere zeigen',
  },
})
