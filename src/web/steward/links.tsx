import { Button, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Secret } from '../ui/secret.tsx'
import { Failure, Message } from '../ui/states.tsx'
import { useAct } from './api.ts'
import { SetUpSections } from './periods.tsx'

interface Link {
  readonly person: string
  readonly path: string
  readonly expiresAt: string
}

/** A link that signs one customer in, once. */
export function Links() {
  const words = useText(text)
  const format = useFormat()
  const [person, setPerson] = useState('')
  const make = useAct<string, Link>((one) => ({
    path: `/v1/persons/${encodeURIComponent(one)}/link`,
    method: 'POST',
    body: {},
  }))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    make.mutate(person.trim())
  }
  return (
    <Page title={words.title} lead={words.lead}>
      <SetUpSections />
      <Sheet title={words.make}>
        <p>{words.means}</p>
        <form className="u-stack" onSubmit={submit}>
          <TextInput
            label={words.person}
            required
            maxLength={256}
            value={person}
            onChange={(event) => setPerson(event.currentTarget.value)}
            w="100%"
            maw={380}
          />
          <Button type="submit" loading={make.isPending}>
            {words.make}
          </Button>
        </form>
        {make.isError ? <Failure cause={make.error} /> : null}
        {make.isSuccess ? (
          <Message tone="good" title={words.made(make.data.person)} live>
            <p>{words.once(format.time(make.data.expiresAt))}</p>
            <Secret>{`${location.origin}${make.data.path}`}</Secret>
          </Message>
        ) : null}
      </Sheet>
    </Page>
  )
}

const text = texts({
  en: {
    title: 'Sign-in links',
    lead: 'Customers sign in with a link that the house sends to the address it knows.',
    make: 'Make a link',
    means: 'The link works once. An earlier link of the same customer stops working. Send it to the customer alone.',
    person: 'Number of the customer',
    made: (person: string) => `A link for ${person} is made`,
    once: (until: string) => `It is shown now and never again, and works until ${until}.`,
  },
  de: {
    title: 'Anmeldelinks',
    lead: 'Kunden melden sich mit einem Link an, den das Haus an die bekannte Adresse sendet.',
    make: 'Link erstellen',
    means:
      'Der Link gilt einmal. Ein früherer Link desselben Kunden gilt dann nicht mehr. Senden Sie ihn nur an den Kunden.',
    person: 'Nummer des Kunden',
    made: (person: string) => `Ein Link für ${person} ist erstellt`,
    once: (until: string) => `Er wird jetzt gezeigt und nie wieder, und gilt bis ${until}.`,
  },
})
