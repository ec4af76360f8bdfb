// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of sources
import type { Mutation } from './list.ts'

const fuzz = 'query/fuzz.test.ts'
const plans = 'query/plan.test.ts'
const thresholds = 'privacy/threshold.test.ts'
const law = 'privacy/interval.test.ts'
const moves =
  'moves no channel by more than the plan claims, nor all of them together, and all paths give the same integers'
const reaches = 'reaches nine tenths of the claim for each aggregate on each path, by people made for it'
const hidden = 'is the least with which all groups of one lone person stay hidden but for delta'

/** Of the bounding of a person, of the paths on which nobody is bounded, and of the noise. */
export const boundedMutations: readonly Mutation[] = [
  {
    name: 'groups beyond the bound are kept',
    breaks: 'Who is in many groups changes all of them, and the noise covers a few.',
    file: 'query/print/bounding.ts',
    edits: [
      {
        find: '`(CASE WHEN q${j} <= ${huge(most(measure))} THEN ${column} ELSE 0 END)`',
        replace: '`(CASE WHEN q${j} >= 0 THEN ${column} ELSE 0 END)`',
      },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'clamped after people are added up instead of before',
    breaks: 'One person can take the place of everybody, and the answer is no count any more.',
    file: 'query/print/duckdb.ts',
    edits: [
      { find: '`CAST(LEAST(n${j}, ${huge(measure.maxRows)}) AS HUGEINT)`', replace: '`CAST(n${j} AS HUGEINT)`' },
      {
        find: "if (measure.kind !== 'distribution') return own.map((channel) => `SUM(${channel})`)",
        replace:
          "if (measure.kind === 'rows') return own.map((channel) => `LEAST(SUM(${channel}), ${huge(measure.maxRows)})`)\n    if (measure.kind !== 'distribution') return own.map((channel) => `SUM(${channel})`)",
      },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'rows added up without a clamp',
    breaks: 'Who has many rows changes a count by all of them.',
    file: 'query/print/duckdb.ts',
    edits: [{ find: '`CAST(LEAST(n${j}, ${huge(measure.maxRows)}) AS HUGEINT)`', replace: '`CAST(n${j} AS HUGEINT)`' }],
    test: fuzz,
    title: moves,
  },
  {
    name: 'a sum scaled by too small a root',
    breaks: 'Somebody far above the bound of a sum moves it by more than the bound.',
    file: 'query/print/bounding.ts',
    edits: [
      {
        find: '// ${ceiling(`q${j}`, `r${j}`)}))`',
        replace: '// GREATEST(${ceiling(`q${j}`, `r${j}`)} - 1, 1)))`',
      },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'everybody is taken for light',
    breaks: 'No bound acts in questions with groups.',
    file: 'query/print/bounding.ts',
    edits: [{ find: "${under.join(' AND ')} AS light", replace: "${under.join(' OR ')} OR TRUE AS light" }],
    test: fuzz,
    title: moves,
  },
  {
    name: 'heavy people forgotten on the flat path',
    breaks: 'Nobody is bounded where the rows are read once.',
    file: 'query/print/flat.ts',
    edits: [
      {
        find: "const heavy = `NOT (${[...new Set(proved)].join(' AND ')})`",
        replace: "const heavy = `NOT (${[...new Set(proved)].join(' OR ')} OR TRUE)`",
      },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'heavy by every measure only',
    breaks: 'Who is above one bound and below another is bounded by neither.',
    file: 'query/print/flat.ts',
    edits: [
      {
        find: "const heavy = `NOT (${[...new Set(proved)].join(' AND ')})`",
        replace: "const heavy = `NOT (${[...new Set(proved)].join(' OR ')})`",
      },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'a certificate one above the bound',
    breaks: 'Who is one row above the bound is not bounded.',
    file: 'query/plan/certificate.ts',
    edits: [
      {
        find: "{ product: ['rows'], atMost: maxRows },",
        replace: "{ product: ['rows'], atMost: maxRows + 1n },",
      },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'a filter that can grow a record: a product counted as its first factor',
    breaks: 'A stored record says nothing about amount times quantity, and proves it none the less.',
    file: 'query/dominate.ts',
    edits: [
      {
        find: 'times(of(0), largest(intervalOf(args[1] as Expression, catalogue))) ??',
        replace: 'of(0) ??',
      },
    ],
    test: plans,
    title: 'takes a product for its first factor times the most that the other can be',
  },
  {
    name: 'a join that can match two rows',
    breaks: 'Rows are multiplied, and the stored record counts them once.',
    file: 'query/plan/known.ts',
    edits: [
      {
        find: "if (rows.length > 1) return 'rows of two private tables are multiplied by each other'",
        replace: '',
      },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'a public table joined on anything',
    breaks: 'A row meets several rows of a public table.',
    file: 'query/plan/known.ts',
    edits: [
      {
        find: 'table.primaryKey.length === 1 && table.primaryKey[0] === own.column && !isPerson(other, otherTable)',
        replace: '!isPerson(other, otherTable)',
      },
    ],
    test: plans,
    title: 'proves nothing about rows that are multiplied, nor about anything that it does not know',
  },
  {
    name: 'records of another version are taken',
    breaks: 'Numbers of other rules prove what they do not say.',
    file: 'engines/duckdb/format.ts',
    edits: [{ find: '`${recordsVersion} ${sourceHash}`', replace: '`usufruct-records/0 ${sourceHash}`' }],
    test: 'engines/records.test.ts',
    title: 'count for nothing in a file that does not say they are of its load',
  },
  {
    name: 'records of another contract are taken',
    breaks: 'Bounds of one contract are proved by numbers that another contract let in.',
    file: 'release/way/run.ts',
    edits: [{ find: '.recordsOf()) === catalogue.hash', replace: '.recordsOf()) !== undefined' }],
    test: 'release/rewrite.test.ts',
    title: 'reads stored records of the very contract that the question goes by, and of no other',
  },
  {
    name: 'stored sums of absolute amounts taken for sums',
    breaks: 'An answer from stored records is another than the one from the rows.',
    file: 'query/print/records.ts',
    edits: [{ find: '`${column(`t${place}`)} AS s${j}`', replace: '`${column(`a${place}`)} AS s${j}`' }],
    test: fuzz,
    title: moves,
  },
  {
    name: 'more different values than count',
    breaks: 'Who has many values changes a count of values by all of them.',
    file: 'query/print/duckdb.ts',
    edits: [
      {
        find: 'WHERE nr <= ${measure.maxValues}${grouping}',
        replace: 'WHERE nr <= ${measure.maxValues + 1n}${grouping}',
      },
    ],
    test: fuzz,
    title: reaches,
  },
  {
    name: 'a distribution’s sensitivity that of one bin',
    breaks: 'The noise of all quantiles is too small by the length of a column of the root.',
    file: 'privacy/sensitivity.ts',
    edits: [
      { find: 'measure.maxGroups * squared(rootColumn(measure.bins))', replace: 'measure.maxGroups * 2n ** 40n' },
    ],
    test: fuzz,
    title: moves,
  },
  {
    name: 'the bins themselves released, not the root of their prefix sums',
    breaks: 'The noise is a million times larger than what it hides, and quantiles are read off nothing.',
    file: 'privacy/noise.ts',
    edits: [{ find: "part === 'distribution' ? timesRoot(roots.get(width) ?? [], own) : own", replace: 'own' }],
    test: 'privacy/audit-way.test.ts',
    title: 'by a distribution (two-level) tells the worlds apart as well as rho says',
  },
  {
    name: 'the centre of squares forgotten in the bound',
    breaks: 'The noise of a variance is half of what it must be where squares are not centred.',
    file: 'query/moments.ts',
    edits: [{ find: '(halfRange * halfRange) / 2n', replace: '(halfRange * halfRange) / 4n' }],
    test: fuzz,
    title: moves,
  },
  {
    name: 'the same noise on every group',
    breaks: 'The difference of two groups shows exactly.',
    file: 'privacy/noise.ts',
    edits: [
      {
        find: 'const sample = discreteGaussian(sigma2, bytes)\n    return Array.from',
        replace:
          'const fresh = discreteGaussian(sigma2, bytes)()\n    const sample = () => fresh\n    return Array.from',
      },
    ],
    test: 'privacy/noise.test.ts',
    title: 'is fresh for every number: no cell and no channel repeats the noise of another',
  },
  {
    name: 'ties of a window numbered as the engine finds them',
    breaks: 'The exact integers depend on the order of rows in the file.',
    file: 'query/print/derived.ts',
    edits: [{ find: 'numbering ? [...asked, ...carried] : asked', replace: 'numbering ? asked : [...asked]' }],
    test: 'engines/metamorphic.test.ts',
    title: 'are the same whatever the order of rows, the file and the threads, on every path',
  },
  {
    name: 'a second noise on the count that chose',
    breaks: 'A count that was paid once is shown twice.',
    file: 'privacy/noise.ts',
    edits: [
      {
        find: '(at === place ? noisy : (bounded[at] as bigint) + sample())',
        replace: '(at < 0 ? noisy : (bounded[at] as bigint) + sample())',
      },
    ],
    test: thresholds,
    title: 'shown counts are exactly those of at least the threshold',
  },
  {
    name: 'the noise of the count on every number of the group',
    breaks: 'The difference of two numbers of a group shows exactly.',
    file: 'privacy/noise.ts',
    edits: [
      {
        find: '(at === place ? noisy : (bounded[at] as bigint) + sample())',
        replace:
          '(at === place ? noisy : (bounded[at] as bigint) + (sample() * 0n + noisy - (values[place] as bigint)))',
      },
    ],
    test: thresholds,
    title: 'the count that chose is the count that is shown, and no other number has its noise',
  },
  {
    name: 'groups in which nobody counts may appear',
    breaks: 'Which groups others are in shows without any delta.',
    file: 'privacy/noise.ts',
    edits: [{ find: 'if (people <= 0n) return []', replace: 'if (people < 0n) return []' }],
    test: thresholds,
    title: 'a group in which nobody counts never appears, and costs no draw',
  },
  {
    name: 'the true count compared with the threshold',
    breaks: 'Whether a group is above the threshold is told without noise.',
    file: 'privacy/noise.ts',
    edits: [{ find: 'return noisy >= selection.threshold ?', replace: 'return people >= selection.threshold ?' }],
    test: thresholds,
    title: 'shown counts are exactly those of at least the threshold',
  },
  {
    name: 'a threshold one too low',
    breaks: 'A group of one lone person appears more often than delta says.',
    file: 'privacy/interval.ts',
    edits: [{ find: '  return 1n + shown\n', replace: '  return shown\n' }],
    test: law,
    title: hidden,
  },
  {
    name: 'the tail of the continuous law',
    breaks: 'A threshold is one too low where the discrete law has more in its tail.',
    file: 'privacy/interval.ts',
    edits: [
      {
        find: 'return roundUp(sumFrom(Number(q), 2 * s2, 1) / normaliser(s2))',
        replace: 'return roundUp(normalTail(Number(q) / Math.sqrt(s2)))',
      },
    ],
    test: law,
    title: hidden,
  },
  {
    name: 'what was spent comes back to who withdraws',
    breaks: 'Limits are passed by leaving and joining again.',
    file: 'store/postgres/cohorts.ts',
    edits: [
      {
        find: 'spent = moved.spent + coalesce(f.cb - moved.b, 0),',
        replace: 'spent = case when f.to_cohort is null then 0 else moved.spent + coalesce(f.cb - moved.b, 0) end,',
      },
    ],
    test: 'simulation/histories-postgres.test.ts',
    title: 'in random histories the durable books answer exactly as the books in memory',
  },
]
