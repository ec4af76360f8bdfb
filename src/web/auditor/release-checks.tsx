import { useQuery } from '@tanstack/react-query'
import type { AuditedRelease } from '../../house/views/audit.ts'
import {
  Broken,
  type ObjectValue,
  Unreadable,
  verifyCheckpoint,
  verifyInclusionProof,
  writeJson,
} from '../../verify/index.ts'
import { readProof } from '../../verify/proof.ts'
import { texts, useText } from '../i18n/language.tsx'
import { type Check, Checks } from '../ui/checks.tsx'
import { Code, Details, Sheet } from '../ui/page.tsx'
import { Loaded } from '../ui/states.tsx'
import { useLogKey } from './api.ts'
import styles from './auditor.module.css'
import { arithmetic } from './check/whole-log.ts'

/** The numbers of the leaf, worked out again here. */
export function ReleaseArithmetic({ leaf }: { readonly leaf: ObjectValue }) {
  const words = useText(text)
  const checks = arithmetic.map(([name, follows]): Check => {
    try {
      return { name, holds: true, words: follows(leaf) }
    } catch (cause) {
      if (cause instanceof Broken || cause instanceof Unreadable) return { name, holds: false, words: cause.message }
      throw cause
    }
  })
  return (
    <Sheet title={words.title}>
      <p>{words.what}</p>
      <Checks checks={checks} label={words.title} />
      <Details summary={words.formulas}>
        <Formulas leaf={leaf} />
      </Details>
    </Sheet>
  )
}

/** The published relations with this release's numbers in them. */
function Formulas({ leaf }: { readonly leaf: ObjectValue }) {
  const words = useText(text)
  const { tariff, shares } = leaf as Readonly<Record<string, Readonly<Record<string, string>>>>
  const line = (name: string): string => `${leaf[name] as string}`
  const { postedRate, multiplier, peoplesShare, floorPerMilliRho } = tariff ?? {}
  return (
    <>
      <p className="u-small">{words.units}</p>
      <p className={styles.formula}>{`rate ${line('rate')} = ⌊${postedRate} · ${multiplier}⌋`}</p>
      <p className={styles.formula}>
        {`pool ${line('pool')} = ⌈${line('upperBound')} · ${line('rate')} · ${line('nano')} / 10⁶⌉`}
      </p>
      <p className={styles.formula}>
        {`price ${line('price')} = ${line('fee')} + ⌈max(${line('upperBound')} · ${line('rate')} · ${line('nano')} / 10⁶ / (${peoplesShare}), ${floorPerMilliRho} · ${multiplier} · ${line('nano')} / 10⁶)⌉`}
      </p>
      <p className={styles.formula}>
        {`price ${line('price')} = ${line('pool')} + ${shares?.steward} + ${shares?.operator} + ${shares?.reserve}`}
      </p>
    </>
  )
}

/** That exactly this leaf is in the log, checked as the screen opens. */
export function ReleaseProof({ release }: { readonly release: AuditedRelease }) {
  const words = useText(text)
  const key = useLogKey()
  const checks = useQuery({
    queryKey: ['proved', release.release, release.proof, key.data],
    enabled: key.isSuccess,
    queryFn: () => prove(release, key.data as string),
    networkMode: 'always',
  })
  return (
    <Sheet title={words.proofTitle}>
      <p>{words.proofWhat}</p>
      <Loaded query={key}>
        {() => <Loaded query={checks}>{(found) => <Checks checks={found} label={words.proofTitle} />}</Loaded>}
      </Loaded>
      <Details summary={words.proofText}>
        <Code>{release.proof}</Code>
      </Details>
    </Sheet>
  )
}

async function prove({ leaf, index, proof }: AuditedRelease, key: string): Promise<readonly Check[]> {
  const read = readProof(proof)
  if (typeof read === 'string')
    return [{ name: 'proof', holds: false, words: `The proof is not well formed: ${read}.` }]
  const signed = await verifyCheckpoint(read.checkpoint, key)
  if (!signed.ok)
    return [{ name: 'checkpoint', holds: false, words: `The checkpoint does not verify: ${signed.words}.` }]
  const path = proof.slice(0, proof.indexOf('\n\n')).split('\n').slice(2)
  const text = writeJson(leaf as unknown as ObjectValue)
  const holds =
    `${read.index}` === index &&
    (await verifyInclusionProof({ leaf: text, index: read.index, tree: signed, proof: path }))
  return [
    {
      name: 'checkpoint',
      holds: true,
      words: `The log ${signed.origin} signed a checkpoint over ${signed.size} entries.`,
    },
    {
      name: 'inclusion',
      holds,
      words: holds
        ? `The release, exactly as stated here, is entry ${index} of the log.`
        : 'The log does not hold this release as it is stated here.',
    },
  ]
}

const text = texts({
  en: {
    title: 'The arithmetic, done again here',
    what: 'Your browser has computed noise, price and pay from the public numbers alone.',
    formulas: 'The calculation with its numbers',
    units: 'Money in millionths, privacy loss in billionths of rho; ⌊ ⌋ rounds down, ⌈ ⌉ rounds up.',
    proofTitle: 'In the log',
    proofWhat: 'Your browser has gone the way from this entry to the root that the log signed.',
    proofText: 'The proof',
  },
  de: {
    title: 'Hier noch einmal nachgerechnet',
    what: 'Ihr Browser hat Rauschen, Preis und Vergütung allein aus den öffentlichen Zahlen errechnet.',
    formulas: 'Die Rechnung mit ihren Zahlen',
    units: 'Geld in Millionsteln, Privatheitsverlust in Milliardsteln rho; ⌊ ⌋ rundet ab, ⌈ ⌉ rundet auf.',
    proofTitle: 'Im Protokoll',
    proofWhat:
      'Ihr Browser ist den Weg von diesem Eintrag zu der Wurzel gegangen, die das Protokoll unterschrieben hat.',
    proofText: 'Der Beweis',
  },
})
