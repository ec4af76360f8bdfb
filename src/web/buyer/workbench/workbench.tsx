import { useSearch } from '@tanstack/react-router'
import type { AccountView } from '../../../house/views/account.ts'
import { texts, useText } from '../../i18n/language.tsx'
import { Page } from '../../ui/page.tsx'
import { Empty, Loaded } from '../../ui/states.tsx'
import { type ProductView, useAccount, useProducts, useRelease } from '../read.ts'
import type { Beginning } from '../routes.tsx'
import { Bench } from './bench.tsx'

/** What will this cost, and how good will it be? */
export function Workbench() {
  const words = useText(text)
  const account = useAccount()
  const products = useProducts()
  const begin: Beginning = useSearch({ strict: false })
  return (
    <Page title={words.title} lead={words.lead}>
      <Loaded query={account}>
        {(mine) => (
          <Loaded query={products}>
            {(all) =>
              begin.like === undefined ? (
                <Begun mine={mine} all={all} begin={begin} />
              ) : (
                <Like id={begin.like} mine={mine} all={all} />
              )
            }
          </Loaded>
        )}
      </Loaded>
    </Page>
  )
}

interface Given {
  readonly mine: AccountView
  readonly all: readonly ProductView[]
}

/** From a question that was asked before. */
function Like({ id, mine, all }: Given & { readonly id: string }) {
  return (
    <Loaded query={useRelease(id)}>
      {(release) => {
        const product = all.find((one) => one.product === release.product)
        return product === undefined ? (
          <Begun mine={mine} all={all} begin={{}} />
        ) : (
          <Bench
            mine={mine}
            products={all}
            begin={{ product, sql: release.sql ?? '', purpose: release.purpose, rho: release.rho }}
          />
        )
      }}
    </Loaded>
  )
}

function Begun({ mine, all, begin }: Given & { readonly begin: Beginning }) {
  const words = useText(text)
  const product =
    all.find((one) => one.product === begin.product) ??
    all.find((one) => one.purposes.some((purpose) => mine.purposes.includes(purpose))) ??
    all[0]
  if (product === undefined)
    return (
      <Empty title={words.none}>
        <p>{words.noneWhy}</p>
      </Empty>
    )
  const { questions } = product.facts
  const start = questions.find((one) => one.id === begin.start) ?? questions[0]
  return (
    <Bench
      key={`${product.product} ${start?.id}`}
      mine={mine}
      products={all}
      begin={{
        product,
        sql: start?.sql ?? '',
        purpose: product.purposes.find((one) => mine.purposes.includes(one)) ?? product.purposes[0] ?? '',
        rho: undefined,
      }}
    />
  )
}

const text = texts({
  en: {
    title: 'Ask a question',
    lead: 'The line under the editor says what it will cost and how good it will be, before anything is asked.',
    none: 'Nothing is offered yet',
    noneWhy: 'As soon as the house applies a contract for a data product, you can ask here.',
  },
  de: {
    title: 'Eine Frage stellen',
    lead: 'Die Zeile unter dem Editor sagt, was es kosten und wie gut es werden wird, bevor etwas gefragt wird.',
    none: 'Noch wird nichts angeboten',
    noneWhy: 'Sobald das Haus den Vertrag eines Datenprodukts in Kraft setzt, können Sie hier fragen.',
  },
})
