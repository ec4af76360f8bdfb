import { Tabs } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { call } from '../api/client.ts'
import { texts, useText } from '../i18n/language.tsx'
import { Code, Page, Sheet } from '../ui/page.tsx'
import { Empty, Loaded } from '../ui/states.tsx'
import { useAccount, useProducts } from './read.ts'
import { snippets, tools } from './snippets.ts'

/** How do I use my own tool? */
export function Connect() {
  const words = useText(text)
  const account = useAccount()
  const products = useProducts()
  const key = useQuery({
    queryKey: ['log', 'key'],
    queryFn: ({ signal }) => call<{ readonly key: string }>('/v1/log/key', { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Page title={words.title} lead={words.lead}>
      <Sheet title={words.first}>
        <p>
          {words.makeKey} <Link to="/buy/keys">{words.keys}</Link>
        </p>
        <Code>{'export USUFRUCT_KEY=ubk_…'}</Code>
      </Sheet>
      <Loaded query={account}>
        {(mine) => (
          <Loaded query={products}>
            {(all) => (
              <Loaded query={key}>
                {(log) => {
                  const product = all.find((one) => one.purposes.some((purpose) => mine.purposes.includes(purpose)))
                  const purpose = product?.purposes.find((one) => mine.purposes.includes(one))
                  const [question] = product?.facts.questions ?? []
                  if (product === undefined || purpose === undefined || question === undefined)
                    return (
                      <Empty title={words.none}>
                        <p>{words.noneWhy}</p>
                      </Empty>
                    )
                  const [tier] = product.facts.people.find((one) => one.purpose === purpose)?.tiers ?? []
                  const example = {
                    origin: location.origin,
                    product: product.product,
                    purpose,
                    sql: question.sql,
                    maxPrice: tier?.price ?? '0.00',
                    logKey: log.key,
                  }
                  return (
                    <Sheet title={words.second}>
                      <p>{words.same}</p>
                      <Tabs defaultValue="curl">
                        <Tabs.List>
                          {tools.map((tool) => (
                            <Tabs.Tab key={tool} value={tool}>
                              {words.tools[tool]}
                            </Tabs.Tab>
                          ))}
                        </Tabs.List>
                        {tools.map((tool) => (
                          <Tabs.Panel key={tool} value={tool} pt="md" data-tool={tool} className="u-stack">
                            <p className="u-small u-soft">{words.what[tool]}</p>
                            <div>
                              <Code>{snippets[tool](example)}</Code>
                            </div>
                          </Tabs.Panel>
                        ))}
                      </Tabs>
                    </Sheet>
                  )
                }}
              </Loaded>
            )}
          </Loaded>
        )}
      </Loaded>
      <Sheet title={words.third}>
        <p>
          {words.everything} <a href="/openapi.json">{words.openapi}</a>
        </p>
      </Sheet>
    </Page>
  )
}

const text = texts({
  en: {
    title: 'Connect your own tool',
    lead: 'Ask from a program: the same quotes, the same prices, the same receipts.',
    first: '1. A key',
    makeKey: 'Make a key, and give it to your program by its environment, not in its text.',
    keys: 'Keys',
    second: '2. A question',
    same: 'maxPrice is the most that you pay. Under the same Idempotency-Key the same question is never paid twice, also after a lost connection.',
    tools: { curl: 'curl', node: 'Node', python: 'Python', usufruct: 'usufruct' },
    what: {
      curl: 'Writes the receipt, which holds the answer, to receipt.json, and lists the newest answer.',
      node: 'Prints each row with its intervals.',
      python: 'Prints each row with its intervals.',
      usufruct: 'Checks a receipt on your own machine, without any connection.',
    },
    third: '3. Everything else',
    everything: 'Quotes, answers, receipts, balance and keys are described in',
    openapi: 'the OpenAPI document',
    none: 'You are not approved for any product yet',
    noneWhy: 'As soon as the house approves you for a purpose, programs to copy stand here.',
  },
  de: {
    title: 'Eigenes Werkzeug anbinden',
    lead: 'Aus einem Programm fragen: dieselben Angebote, dieselben Preise, dieselben Quittungen.',
    first: '1. Ein Schlüssel',
    makeKey: 'Legen Sie einen Schlüssel an, und geben Sie ihn Ihrem Programm über die Umgebung, nicht im Text.',
    keys: 'Schlüssel',
    second: '2. Eine Frage',
    same: 'maxPrice ist das Höchste, was Sie zahlen. Unter demselben Idempotency-Key wird dieselbe Frage nie zweimal bezahlt, auch nach einer abgerissenen Verbindung.',
    tools: { curl: 'curl', node: 'Node', python: 'Python', usufruct: 'usufruct' },
    what: {
      curl: 'Schreibt die Quittung, die die Antwort enthält, nach receipt.json und zeigt die neueste Antwort.',
      node: 'Zeigt jede Zeile mit ihren Intervallen.',
      python: 'Zeigt jede Zeile mit ihren Intervallen.',
      usufruct: 'Prüft eine Quittung auf Ihrem eigenen Rechner, ohne jede Verbindung.',
    },
    third: '3. Alles Weitere',
    everything: 'Angebote, Antworten, Quittungen, Guthaben und Schlüssel beschreibt',
    openapi: 'das OpenAPI-Dokument',
    none: 'Sie sind noch für kein Produkt zugelassen',
    noneWhy: 'Sobald das Haus Sie für einen Zweck zulässt, stehen hier Programme zum Kopieren.',
  },
})
