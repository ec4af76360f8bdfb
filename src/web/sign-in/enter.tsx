import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '../api/client.ts'
import type { Session } from '../api/session.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Frame } from '../ui/frame.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Failure, Message } from '../ui/states.tsx'

/**
 * The page behind a customer's one-time link. The token stands after the #, which browsers do not send; only the button, a POST, consumes it, so a
 * mail scanner that opens links signs nobody in.
 */
export function Enter() {
  const words = useText(text)
  const client = useQueryClient()
  const navigate = useNavigate()
  const [token] = useState(() => location.hash.slice(1))
  const enter = useMutation({
    mutationFn: () => call<Session>('/v1/session/link', { method: 'POST', body: { token } }),
    onSuccess: async (session) => {
      client.setQueryData(['session'], session)
      await navigate({ to: '/me', replace: true })
    },
  })
  return (
    <Frame portal={words.title} home="/" narrow>
      <Page title={words.title} lead={words.lead}>
        <Sheet>
          {token === '' ? (
            <Message tone="rough" title={words.noToken}>
              <p>{words.noTokenWhy}</p>
            </Message>
          ) : (
            <Button size="md" loading={enter.isPending} onClick={() => enter.mutate()} style={{ justifySelf: 'start' }}>
              {words.go}
            </Button>
          )}
          {enter.isError ? <Failure cause={enter.error} /> : null}
        </Sheet>
      </Page>
    </Frame>
  )
}

const text = texts({
  en: {
    title: 'My data',
    lead: 'This link signs you in once, on this device. You can sign out at any time.',
    go: 'Open my page',
    noToken: 'The link is not whole',
    noTokenWhy: 'Open it again from the message that you were sent, or ask for a new one.',
  },
  de: {
    title: 'Meine Daten',
    lead: 'Dieser Link meldet Sie einmal an, auf diesem Gerät. Sie können sich jederzeit abmelden.',
    go: 'Meine Seite öffnen',
    noToken: 'Der Link ist nicht vollständig',
    noTokenWhy: 'Öffnen Sie ihn noch einmal aus der Nachricht, die Sie erhielten, oder fordern Sie einen neuen an.',
  },
})
