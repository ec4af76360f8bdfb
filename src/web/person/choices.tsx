import { texts, useText } from '../i18n/language.tsx'
import { Page } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { ChoiceCard } from './choice-card.tsx'
import { Limits } from './limits.tsx'
import { useChoices } from './queries.ts'

/** What have I allowed, and since when? */
export function Screen() {
  const words = useText(text)
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={useChoices()}>
        {({ purposes }) =>
          purposes.length === 0 ? (
            <Empty title={words.none}>
              <p>{words.noneWhy}</p>
            </Empty>
          ) : (
            purposes.map((choice) => <ChoiceCard key={choice.purpose} choice={choice} />)
          )
        }
      </Loaded>
      <Limits />
    </Page>
  )
}

const text = texts({
  en: {
    title: 'Choices',
    lead: 'Yes or no, for each use on its own. Each takes one tap, and a no changes nothing else for you.',
    none: 'Nobody may be asked for anything yet',
    noneWhy: 'As soon as there is a use to decide about, it stands here.',
  },
  de: {
    title: 'Entscheidungen',
    lead: 'Ja oder Nein, für jeden Zweck einzeln. Beides braucht ein Tippen, und ein Nein ändert sonst nichts für Sie.',
    none: 'Noch gibt es nichts zu entscheiden',
    noneWhy: 'Sobald es einen Zweck gibt, über den Sie entscheiden können, steht er hier.',
  },
})
