import { Link, useParams } from '@tanstack/react-router'
import type { AuditedRelease } from '../../house/views/audit.ts'
import { deltaText, epsilonText, statedDelta } from '../../privacy/accounting.ts'
import type { LeafOf } from '../../tlog/leaves.ts'
import { type ObjectValue, writeJson } from '../../verify/index.ts'
import { useFormat } from '../i18n/format.ts'
import { texts, useLanguage, useText } from '../i18n/language.tsx'
import { Code, Details, Facts, Figures, Page, Sheet } from '../ui/page.tsx'
import { Loaded, Message } from '../ui/states.tsx'
import { useRelease } from './api.ts'
import styles from './auditor.module.css'
import { LeafFacts } from './leaf-words.tsx'
import { money, purposeTitle, rho } from './numbers.ts'
import { ReleaseArithmetic, ReleaseProof } from './release-checks.tsx'
import { ReleaseNoise } from './release-noise.tsx'
import { ReleaseReceipt } from './release-receipt.tsx'
import { ReleaseSplit } from './release-split.tsx'
import { Shell } from './shell.tsx'

/** Was this answer lawful and paid? */
export function ReleaseScreen() {
  const words = useText(text)
  const { id } = useParams({ from: '/verify/releases/$id' })
  return (
    <Shell>
      <Page
        title={words.title}
        lead={words.lead}
        actions={
          <Link to="/verify/log" search={{ kind: 'release' }}>
            {words.all}
          </Link>
        }
      >
        <Loaded query={useRelease(id)}>
          {(release) =>
            release.leaf.kind === 'release' ? (
              <Release key={id} release={release} leaf={release.leaf} />
            ) : (
              <Sheet title={words.burned}>
                <LeafFacts leaf={release.leaf} />
                <Link to="/verify/log/$index" params={{ index: release.index }}>
                  {words.entry}
                </Link>
              </Sheet>
            )
          }
        </Loaded>
      </Page>
    </Shell>
  )
}

function Release({ release, leaf }: { readonly release: AuditedRelease; readonly leaf: LeafOf<'release'> }) {
  const words = useText(text)
  const format = useFormat()
  const { language } = useLanguage()
  const { currency } = release
  const share = Number((BigInt(leaf.pool) * 10_000n) / (BigInt(leaf.price) || 1n)) / 10_000
  return (
    <>
      <Figures
        items={[
          { label: words.price, value: money(leaf.price, format, currency, 2), note: words.paidBy },
          {
            label: words.pool,
            value: money(leaf.pool, format, currency, 2),
            note: words.ofPrice(format.percent(share)),
          },
          {
            label: words.rho,
            value: rho(leaf.nano, format),
            note: words.epsilon(
              format.number(epsilonOf(leaf)),
              format.number(deltaText(statedDelta(BigInt(leaf.delta)))),
            ),
          },
          { label: words.bound, value: words.atMost(format.number(leaf.upperBound)), note: words.boundNote },
        ]}
      />
      <Sheet title={words.whatTitle}>
        <p>{words.what}</p>
        <Facts
          items={[
            [words.release, <code key="id">{leaf.id}</code>],
            [words.purpose, purposeTitle(leaf.purpose, language)],
            [words.product, words.version(leaf.product, leaf.contract)],
            [
              words.contract,
              <Link key="contract" to="/verify/log" search={{ kind: 'contract', q: leaf.contractHash }}>
                <span className={styles.hash}>{leaf.contractHash}</span>
              </Link>,
            ],
            [words.period, periodOf(release, words, format.day)],
            [words.at, format.time(leaf.chargedAt, true)],
            [
              words.packs,
              leaf.packs.map((pack) => (
                <div key={pack.id}>
                  {pack.id} <span className={`${styles.hash} u-soft`}>{pack.hash}</span>
                </div>
              )),
            ],
            [words.code, leaf.code],
            [
              words.commitments,
              <div key="hashes">
                {words.question} <span className={styles.hash}>{leaf.planHash}</span>
                <br />
                {words.answer} <span className={styles.hash}>{leaf.result}</span>
              </div>,
            ],
          ]}
        />
        <Message>{words.hidden}</Message>
      </Sheet>
      <ReleaseSplit leaf={leaf} currency={currency} />
      <ReleaseNoise leaf={leaf} />
      <ReleaseArithmetic leaf={leaf as unknown as ObjectValue} />
      <ReleaseProof release={release} />
      <ReleaseReceipt id={leaf.id} />
      <Sheet title={words.rawTitle}>
        <Details summary={words.raw(format.number(release.index))}>
          <Code>{writeJson(leaf as unknown as ObjectValue)}</Code>
        </Details>
        <Link to="/verify/log/$index" params={{ index: release.index }}>
          {words.entry}
        </Link>
      </Sheet>
    </>
  )
}

const epsilonOf = (leaf: LeafOf<'release'>): string => epsilonText(BigInt(leaf.nano))

function periodOf(release: AuditedRelease, words: (typeof text)['en'], day: (instant: string) => string): string {
  const { period } = release
  return period === undefined ? '–' : words.span(day(period.openedAt), day(period.endsAt))
}

const text = texts({
  en: {
    title: 'One release',
    lead: 'Was this answer lawful, and was it paid?',
    all: 'All releases',
    burned: 'A release that failed after its charge',
    entry: 'Its entry in the log',
    price: 'Price',
    paidBy: 'paid by the buyer, the fixed fee included',
    pool: 'To the people',
    ofPrice: (share: string) => `${share} of the price`,
    rho: 'Privacy loss (rho)',
    epsilon: (epsilon: string, delta: string) => `for each person in it; epsilon ${epsilon} at delta ${delta}`,
    bound: 'People (N^)',
    atMost: (bound: string) => `≤ ${bound}`,
    boundNote: 'a noisy upper bound, published before',
    whatTitle: 'What was asked, and by which rules',
    what: 'The log commits to the question, the rules and the answer. It names no buyer and no person.',
    release: 'Release',
    purpose: 'Purpose that people had agreed to',
    product: 'Data product',
    version: (product: string, contract: string) => `${product}, contract ${contract}`,
    contract: 'Hash of the contract',
    period: 'Period',
    span: (from: string, to: string) => `${from} to ${to}`,
    at: 'Charged',
    packs: 'Rules that judged it',
    code: 'Version of the software',
    commitments: 'Commitments',
    question: 'question',
    answer: 'answer',
    hidden:
      'Question and answer themselves belong to the buyer and to the people in it. With the receipt, below, both are shown and checked.',
    rawTitle: 'The entry itself',
    raw: (index: string) => `Entry ${index}, byte for byte`,
  },
  de: {
    title: 'Eine Auskunft',
    lead: 'War diese Antwort erlaubt, und wurde sie bezahlt?',
    all: 'Alle Auskünfte',
    burned: 'Eine Auskunft, die nach ihrer Belastung scheiterte',
    entry: 'Ihr Eintrag im Protokoll',
    price: 'Preis',
    paidBy: 'vom Käufer bezahlt, mit der festen Gebühr',
    pool: 'An die Menschen',
    ofPrice: (share: string) => `${share} des Preises`,
    rho: 'Privatheitsverlust (rho)',
    epsilon: (epsilon: string, delta: string) => `für jeden Menschen darin; epsilon ${epsilon} bei delta ${delta}`,
    bound: 'Menschen (N^)',
    atMost: (bound: string) => `≤ ${bound}`,
    boundNote: 'eine verrauschte Obergrenze, vorher veröffentlicht',
    whatTitle: 'Was gefragt wurde, und nach welchen Regeln',
    what: 'Das Protokoll legt sich auf Frage, Regeln und Antwort fest. Es nennt keinen Käufer und keinen Menschen.',
    release: 'Auskunft',
    purpose: 'Zweck, in den eingewilligt wurde',
    product: 'Datenprodukt',
    version: (product: string, contract: string) => `${product}, Vertrag ${contract}`,
    contract: 'Hash des Vertrags',
    period: 'Periode',
    span: (from: string, to: string) => `${from} bis ${to}`,
    at: 'Belastet',
    packs: 'Regeln, die darüber entschieden',
    code: 'Version des Programms',
    commitments: 'Festlegungen',
    question: 'Frage',
    answer: 'Antwort',
    hidden:
      'Frage und Antwort selbst gehören dem Käufer und den Menschen, die darin sind. Mit dem Beleg, unten, werden beide gezeigt und geprüft.',
    rawTitle: 'Der Eintrag selbst',
    raw: (index: string) => `Eintrag ${index}, Byte für Byte`,
  },
})
