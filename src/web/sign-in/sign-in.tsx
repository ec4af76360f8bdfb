import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { call } from '../api/client.ts'
import type { Session } from '../api/session.ts'
import { texts, useText } from '../i18n/language.tsx'
import { useDemo } from '../ui/demo-notice.tsx'
import { Frame } from '../ui/frame.tsx'
import { Page, Sheet } from '../ui/page.tsx'
import { Failure } from '../ui/states.tsx'

const homes = { person: '/me', buyer: '/buy', steward: '/steward' } as const

/** Staff and buyers sign in with a password; customers with the link that the house sends them. */
export function SignIn() {
  const words = useText(text)
  const { next } = useSearch({ from: '/sign-in' })
  const client = useQueryClient()
  const navigate = useNavigate()
  const demo = useDemo().data
  const [login, setLogin] = useState('')
  const [password, setPassword] = useState('')
  const signIn = useMutation({
    mutationFn: () => call<Session>('/v1/session', { method: 'POST', body: { login, password } }),
    onSuccess: async (session) => {
      client.setQueryData(['session'], session)
      await navigate({ to: next ?? homes[session.role] })
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <Frame portal={words.title} home="/" narrow>
      <Page title={words.title} lead={words.lead}>
        <Sheet>
          <form className="u-stack" onSubmit={submit}>
            <TextInput
              label={words.login}
              name="login"
              autoComplete="username"
              required
              value={login}
              onChange={(event) => setLogin(event.currentTarget.value)}
              w="100%"
              maw={380}
            />
            <PasswordInput
              label={words.password}
              name="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
              visibilityToggleButtonProps={{ 'aria-label': words.show }}
              w="100%"
              maw={380}
            />
            <Button type="submit" loading={signIn.isPending}>
              {words.go}
            </Button>
            {signIn.isError ? <Failure cause={signIn.error} /> : null}
          </form>
        </Sheet>
        {demo === null || demo === undefined ? null : (
          <Sheet title={words.demo}>
            <ul className="u-list">
              {demo.logins.map((one) => (
                <li key={one.login} className="u-row">
                  <span>{one.who}</span>
                  <button
                    type="button"
                    className="u-link"
                    onClick={() => {
                      setLogin(one.login)
                      setPassword(one.password)
                    }}
                  >
                    {words.fill(one.login)}
                  </button>
                </li>
              ))}
            </ul>
          </Sheet>
        )}
      </Page>
    </Frame>
  )
}

const text = texts({
  en: {
    title: 'Sign in',
    lead: 'For stewards and buyers. Customers use the link that they were sent.',
    login: 'Login',
    password: 'Password',
    show: 'Show or hide the password',
    go: 'Sign in',
    demo: 'Accounts of this made-up world',
    fill: (login: string) => `use ${login}`,
  },
  de: {
    title: 'Anmelden',
    lead: 'Für Verantwortliche und Käufer. Kundinnen und Kunden nutzen den Link, den sie erhalten haben.',
    login: 'Anmeldename',
    password: 'Passwort',
    show: 'Passwort zeigen oder verbergen',
    go: 'Anmelden',
    demo: 'Konten dieser erfundenen Welt',
    fill: (login: string) => `${login} verwenden`,
  },
})
