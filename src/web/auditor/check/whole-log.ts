import type { CheckpointView, LogEntryView } from '../../../house/views/audit.ts'
import {
  Broken,
  growTree,
  noiseFollows,
  type ObjectValue,
  payFollows,
  priceFollows,
  Unreadable,
  verifyCheckpoint,
  writeJson,
} from '../../../verify/index.ts'

/** Where the log comes from: pages of entries in order, and every signed checkpoint, the smallest first. */
export interface LogSource {
  readonly key: string
  readonly checkpoints: () => Promise<readonly CheckpointView[]>
  readonly entriesFrom: (index: bigint) => Promise<readonly LogEntryView[]>
}
export interface Progress {
  readonly done: number
  readonly of: number
}
/** What went wrong, where: an entry's index or a checkpoint's size. */
export interface Fault {
  readonly what: 'signature' | 'root' | 'missing' | 'noise' | 'price' | 'pay'
  readonly at: string
  readonly words: string
}
export interface WholeLog {
  readonly entries: number
  readonly releases: number
  readonly checkpoints: number
  readonly root: string
  /** Micro-units over all releases: paid by buyers, and of that to the people. */
  readonly paid: bigint
  readonly pool: bigint
  readonly faults: readonly Fault[]
}

const mostFaults = 20

/**
 * Computes the whole tree in this page from every entry, and holds each checkpoint that was ever signed against it; then the arithmetic of every release.
 * If all roots agree, every entry is included and the log only grew, without one proof from the house.
 */
export async function checkWholeLog(source: LogSource, tell: (progress: Progress) => void): Promise<WholeLog> {
  const faults: Fault[] = []
  const report = (fault: Fault) => {
    if (faults.length < mostFaults) faults.push(fault)
  }
  const signed = await openAll(source, report)
  const last = signed.at(-1)?.size ?? 0n
  const tree = growTree()
  let waiting = 0
  const compare = async () => {
    for (let next = signed[waiting]; next !== undefined && next.size <= tree.size; next = signed[++waiting]) {
      const root = next.size === tree.size ? await tree.root() : undefined
      if (next.size > 0n && root !== next.root)
        report({ what: 'root', at: `${next.size}`, words: `${next.root} ≠ ${root ?? ''}` })
    }
  }
  let [releases, paid, pool] = [0, 0n, 0n]
  await compare()
  while (tree.size < last) {
    const page = await source.entriesFrom(tree.size)
    if (page.length === 0) {
      report({ what: 'missing', at: `${tree.size}`, words: '' })
      break
    }
    for (const { index, leaf } of page) {
      if (tree.size === last) break
      if (index !== `${tree.size}`) report({ what: 'missing', at: `${tree.size}`, words: index })
      await tree.append(writeJson(leaf as ObjectValue))
      await compare()
      if ((leaf as ObjectValue).kind !== 'release') continue
      releases++
      const sums = checkRelease(leaf as ObjectValue, index, report)
      paid += sums.price
      pool += sums.pool
    }
    tell({ done: asCount(tree.size), of: asCount(last) })
  }
  return {
    entries: asCount(tree.size),
    releases,
    checkpoints: signed.length,
    root: (await tree.root()) ?? '',
    paid,
    pool,
    faults,
  }
}

async function openAll(source: LogSource, report: (fault: Fault) => void) {
  const opened = []
  for (const { note, size } of await source.checkpoints()) {
    const verdict = await verifyCheckpoint(note, source.key)
    if (verdict.ok) opened.push(verdict)
    else report({ what: 'signature', at: size, words: verdict.words })
  }
  return opened.sort((a, b) => (a.size < b.size ? -1 : a.size > b.size ? 1 : 0))
}

/** The arithmetic of one release, as the offline verifier does it. */
export const arithmetic = [
  ['noise', noiseFollows],
  ['price', priceFollows],
  ['pay', payFollows],
] as const

function checkRelease(leaf: ObjectValue, index: string, report: (fault: Fault) => void) {
  for (const [what, follows] of arithmetic)
    try {
      follows(leaf)
    } catch (cause) {
      if (!(cause instanceof Broken || cause instanceof Unreadable)) throw cause
      report({ what, at: index, words: cause.message })
    }
  return { price: wholeOf(leaf.price), pool: wholeOf(leaf.pool) }
}

const wholeOf = (value: unknown): bigint => (typeof value === 'string' && /^\d{1,30}$/.test(value) ? BigInt(value) : 0n)
const asCount = (size: bigint): number => Number(size)
