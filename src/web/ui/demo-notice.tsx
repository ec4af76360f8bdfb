import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { call, Problem } from '../api/client.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useText } from '../i18n/language.tsx'

/** What the demo says of itself; the address is there in the demo alone. */
export interface Demo {
  readonly name: string
  readonly now: string
  readonly nextPeriodAt: string
  readonly logins: readonly {
    readonly who: string
    readonly login: string
    readonly password: string
    readonly portal: string
  }[]
  readonly members: readonly { readonly person: string; readonly link: string }[]
}

/** Null outside the demo. */
export function useDemo() {
  return useQuery({
    queryKey: ['demo'],
    queryFn: ({ signal }) =>
      call<Demo>('/v1/demo', { signal }).catch((cause: unknown) => {
        if (cause instanceof Problem) return null
        throw cause
      }),
    staleTime: 30_000,
  })
}

/** In the demo every page says that the people are made up, and the clock can be moved to the next period. */
export function DemoNotice({ className }: { readonly className: string }) {
  const words = useText(text)
  const format = useFormat()
  const client = useQueryClient()
  const demo = useDemo().data
  const next = useMutation({
    mutationFn: () => call('/v1/demo/next-period', { method: 'POST', body: {} }),
    onSuccess: () => client.invalidateQueries(),
  })
  if (!demo) return null
  return (
    <aside className={className} aria-label={words.label}>
      <span>{words.madeUp(demo.name, format.day(demo.now))}</span>
      <Button size="compact-xs" variant="default" loading={next.isPending} onClick={() => next.mutate()}>
        {words.next(format.day(demo.nextPeriodAt))}
      </Button>
    </aside>
  )
}

const text = texts({
  en: {
    label: 'The made-up world',
    madeUp: (name: string, day: string) =>
      `${name} is a made-up world: nobody in it exists, all choices are generated. It is ${day}.`,
    next: (day: string) => `Move the clock to ${day}`,
  },
  de: {
    label: 'Die erfundene Welt',
    madeUp: (name: string, day: string) =>
      `${name} ist eine erfundene Welt: Niemand darin existiert, alle Entscheidungen sind erzeugt. Es ist der ${day}.`,
    next: (day: string) => `Uhr auf den ${day} stellen`,
  },
})
