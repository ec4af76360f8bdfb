// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are pieces of sources

import { boundedMutations } from './bounded.ts'
import { boundsMutations } from './bounds.ts'
import { measureMutations } from './measures.ts'

/** One deliberate mistake in the sources, and the test that must fail when it is made. */
export interface Mutation {
  readonly name: string
  /** What would be wrong in the world. */
  readonly breaks: string
  /** Below src/. */
  readonly file: string
  /** Stands in the file exactly once. */
  readonly edits: readonly { readonly find: string; readonly replace: string }[]
  /** Below test/. */
  readonly test: string
  /** The title of the test that must fail. */
  readonly title: string
}

const books = 'store/postgres-conformance.test.ts'
const guard = 'store/postgres-guard.test.ts'
const histories = 'simulation/histories-postgres.test.ts'
const kept = 'simulation/kept-histories.test.ts'
const way = 'simulation/whole-way.test.ts'
const time = 'release/time.test.ts'
const alike = 'in random histories the durable books answer exactly as the books in memory'
const verifies =
  'in random histories with crashes every receipt verifies, and with any bit flipped it does not: books in memory'

export const mutations: readonly Mutation[] = [
  ...boundsMutations,
  {
    name: 'moved without settling first',
    breaks: 'Whoever leaves or changes choices loses what was earned.',
    file: 'store/postgres/cohorts.ts',
    edits: [{ find: 'owed = moved.owed + coalesce(f.ca - moved.a, 0), spent', replace: 'owed = moved.owed, spent' }],
    test: histories,
    title: alike,
  },
  {
    name: 'the snapshot at joining, a = A, is forgotten',
    breaks: 'Whoever joins is paid for all releases of the cohort before.',
    file: 'store/postgres/cohorts.ts',
    edits: [{ find: 'cohort = f.to_cohort, a = coalesce(f.ta, 0),', replace: 'cohort = f.to_cohort, a = 0,' }],
    test: histories,
    title: alike,
  },
  {
    name: 'the mask shows the exhausted',
    breaks: 'People are read who are not charged.',
    file: 'store/postgres/cohorts.ts',
    edits: [{ find: '`case when ${of}.exhausted then 0 else ${of}.profile end`', replace: '`${of}.profile`' }],
    test: books,
    title: 'ordinary releases fill the window limit less the house share, and not one more',
  },
  {
    name: 'windows a day too short',
    breaks: 'In some span of 30 times 24 hours more than the limit is spent.',
    file: 'store/postgres/limits.ts',
    edits: [{ find: 'from: tx.day - window.days }', replace: 'from: tx.day - window.days + 1 }' }],
    test: books,
    title: 'a window of 30 days covers 31 calendar days',
  },
  {
    name: 'a person’s own limit for life ignored',
    breaks: 'A promise to one person is broken.',
    file: 'store/postgres/limits.ts',
    edits: [{ find: 'least(p.life_nano, ${perClass(limits.life.nano)})', replace: '${perClass(limits.life.nano)}' }],
    test: books,
    title: 'a person may set a lower limit for life, and lift it again',
  },
  {
    name: 'the house share given to ordinary releases',
    breaks: 'No loss is left for head counts.',
    file: 'store/postgres/limits.ts',
    edits: [{ find: 'const share = limits.houseShare', replace: 'const share = 0n' }],
    test: books,
    title: 'ordinary releases fill the window limit less the house share, and not one more',
  },
  {
    name: 'pay rounded down to whole micro-units',
    breaks: 'Small pay is lost at each release.',
    file: 'store/postgres/charge.ts',
    edits: [
      { find: '[rate * nano, nano, delta],', replace: '[((rate * nano) / 1_000_000n) * 1_000_000n, nano, delta],' },
    ],
    test: histories,
    title: alike,
  },
  {
    name: 'nobody is moved out before the charge',
    breaks: 'Limits are passed.',
    file: 'store/postgres/charge.ts',
    edits: [{ find: '    await exhaust(tx, request, purpose)\n', replace: '' }],
    test: books,
    title: 'a release that is too large moves a person out though a smaller one would fit',
  },
  {
    name: 'readmission by the thresholds of the day of leaving',
    breaks: 'Whose limits have grown back stays out.',
    file: 'store/postgres/roll.ts',
    edits: [
      {
        find: '  if (waiting === 0) return\n  await refreshThresholds(tx)\n',
        replace: '  if (waiting === 0) return\n',
      },
    ],
    test: books,
    title: 'the part of a window that has passed is free again day by day',
  },
  {
    name: 'exhaustion outlasts the limits of who has no cohort',
    breaks: 'Somebody is said to have reached a limit that has grown back.',
    file: 'store/postgres/roll.ts',
    edits: [{ find: 'and free.cohort is null and', replace: 'and false and' }],
    test: kept,
    title: 'is told by the durable books as by the books in memory',
  },
  {
    name: 'a withdrawal waits for the next opening',
    breaks: 'Somebody who withdrew is still read.',
    file: 'store/postgres/choices.ts',
    edits: [{ find: 'if (leaving.size > 0) {', replace: 'if (leaving.size < 0) {' }],
    test: books,
    title: 'a withdrawal and a new yes in one list leave at once and join with the next period',
  },
  {
    name: 'the hold is not voided when a release burns',
    breaks: 'A buyer pays for nothing.',
    file: 'store/postgres/releases.ts',
    edits: [{ find: '      { from: pending(id), to: prepaid(release.buyer), amount: release.price },\n', replace: '' }],
    test: books,
    title: 'a burned release gives the buyer the price back, and the steward pays the people',
  },
  {
    name: 'a burned release answers as a memo',
    breaks: 'The same question fails for ever.',
    file: 'store/postgres/releases.ts',
    edits: [{ find: "`s.memo_key = $1 and s.state <> 'burned'`", replace: '`s.memo_key = $1`' }],
    test: books,
    title: 'a burned release answers nothing: the same question is a new release',
  },
  {
    name: 'an idempotency key taken for any request',
    breaks: 'A buyer gets the answer to another question.',
    file: 'store/postgres/charge.ts',
    edits: [
      {
        find: 'if (used !== undefined && used.requestHash !== request.idempotency?.requestHash)',
        replace: "if (used !== undefined && used.requestHash === '')",
      },
    ],
    test: books,
    title: 'the same idempotency key gives the same release back, whatever has become of it',
  },
  {
    name: 'the trigger that keeps entries dropped',
    breaks: 'Entries can be changed without a trace.',
    file: 'store/postgres/schema-1.ts',
    edits: [
      {
        find: 'for each statement execute function usufruct.refuse_change();`',
        replace: 'for each statement when (false) execute function usufruct.refuse_change();`',
      },
    ],
    test: guard,
    title: 'are neither changed nor removed, not even with all rights: a trigger refuses',
  },
  {
    name: 'the application may change entries',
    breaks: 'One of two guards of the entries is gone.',
    file: 'store/postgres/schema-1.ts',
    edits: [
      { find: 'grant select, insert on ${entryTables1', replace: 'grant select, insert, update on ${entryTables1' },
    ],
    test: guard,
    title: 'are only read and appended by the role of the application, which holds no other right on them',
  },
  {
    name: 'a retry waits for the next period',
    breaks: 'A buyer whose connection broke at the end of a period cannot get the answer that was paid.',
    file: 'release/answer.ts',
    edits: [{ find: '  if (earlier.value) return serve(earlier.value, world)\n', replace: '' }],
    test: 'suite/doors.test.ts',
    title: 'library, HTTP and command line say the same, to the byte, over books in memory',
  },
  {
    name: 'the memo ignores the period',
    breaks: 'An old answer is served when the cohort and the price are new.',
    file: 'release/way/market.ts',
    edits: [{ find: '    period: question.period.id,\n    packs: packs(),\n', replace: '    packs: packs(),\n' }],
    test: way,
    title: verifies,
  },
  {
    name: 'the mask is not brought up to the charge',
    breaks: 'Withdrawals and exhausted limits do not reach the engine.',
    file: 'release/way/run.ts',
    edits: [{ find: '  await bringUp(data, question.charged.release.sequence, world)\n', replace: '' }],
    test: way,
    title: verifies,
  },
  {
    name: 'charged after the engine has run',
    breaks: 'The people read are those before the charge, and an answer may be computed that nobody was charged for.',
    file: 'release/answer.ts',
    edits: [
      {
        find: '  const funded = await charge(priced, acceptance, world)\n',
        replace: `    const ahead = { ...priced, charged: { release: { sequence: await world.books.sequence() } } } as never
    const early = await engine(await rewrite(ahead, world), world)
    const funded = await charge(priced, acceptance, world)
    Object.assign(world, { early: early.rows })
`,
      },
      {
        find: '    const exact = await engine(bounded, world, signal)\n',
        replace: '    const exact = { ...bounded, rows: (world as never as { early: never }).early } as never\n',
      },
    ],
    test: way,
    title: verifies,
  },
  {
    name: 'a restart forgets what was charged',
    breaks: 'A buyer’s money stays held for ever.',
    file: 'release/recover.ts',
    edits: [{ find: "one.state === 'charged' && one.buyer !== 'house'", replace: "one.state === 'burned'" }],
    test: way,
    title: verifies,
  },
  {
    name: 'sigma² times 0.81',
    breaks: 'An answer tells more about each person than is charged.',
    file: 'privacy/budget.ts',
    edits: [
      {
        find: 'rational(sensitivitySquared * nanoPerRho, 2n * nano)',
        replace: 'rational(81n * sensitivitySquared * nanoPerRho, 200n * nano)',
      },
    ],
    test: 'privacy/audit.test.ts',
    title: 'tells the two worlds apart exactly as well as rho says',
  },
  {
    name: 'a person in several groups counted as in one',
    breaks: 'The noise is too small by the root of the number of groups.',
    file: 'privacy/sensitivity.ts',
    edits: [
      {
        find: "{ part: 'persons', sensitivitySquared: measure.maxGroups }",
        replace: "{ part: 'persons', sensitivitySquared: 1n }",
      },
    ],
    test: 'privacy/sensitivity.test.ts',
    title: 'persons: 1 in each of at most maxGroups groups, so √maxGroups and not 1',
  },
  {
    name: 'no noise where the engine returned nothing',
    breaks: 'An answer shows which groups are empty.',
    file: 'privacy/noise.ts',
    edits: [
      {
        find: '(values?.[channel] ?? 0n) + sample()',
        replace: '(values === undefined ? 0n : (values[channel] ?? 0n) + sample())',
      },
    ],
    test: 'privacy/noise.test.ts',
    title: 'is put on every cell of the public domain and every channel, also where the engine returned nothing',
  },
  {
    name: 'a person in every cell whose conditions are met',
    breaks: 'Pooled counts tell more about each person than is charged.',
    file: 'query/print/duckdb.ts',
    edits: [
      {
        find: '`COUNT(*) FILTER (WHERE ${own[0]} = ${vector})`',
        replace: '`COUNT(*) FILTER (WHERE ${own[0]} & ${vector} = ${vector})`',
      },
    ],
    test: 'query/disjoint.test.ts',
    title: 'sums of cells are the counts that would have been asked alone, and one person moves one cell by one',
  },
  {
    name: 'cells forgotten whose conditions do not exclude each other',
    breaks: 'Pooled counts miss people.',
    file: 'query/parse/reachable.ts',
    edits: [{ find: '    for (const other of vectors) all.add(one | other)\n', replace: '' }],
    test: 'query/disjoint.test.ts',
    title: 'also where a person has several rows: what they meet together',
  },
  {
    name: 'attributes under a row’s condition taken for the person’s',
    breaks: 'Somebody is in two groups, and the noise is that of one.',
    file: 'query/parse/groups.ts',
    edits: [
      {
        find: "(join?.type !== 'left' || others.every(isSteady))",
        replace: '(join?.type !== undefined || others.every(isSteady))',
      },
    ],
    test: 'query/disjoint.test.ts',
    title: 'and not where rows may differ in whether they have the attributes',
  },
  {
    name: 'the threshold of open groups one lower',
    breaks: 'Somebody alone in a group is shown more often than delta says.',
    file: 'privacy/interval.ts',
    edits: [{ find: '  return 1n + shown\n', replace: '  return shown\n' }],
    test: 'privacy/threshold.test.ts',
    title: 'someone alone in as many groups as count is seen in no more than delta of the releases',
  },
  {
    name: 'the tail of the continuous law',
    breaks: 'At some scales the threshold is one too low.',
    file: 'privacy/interval.ts',
    edits: [
      {
        find: 'return roundUp(sumFrom(Number(q), 2 * s2, 1) / normaliser(s2))',
        replace: 'return normalTail(Number(q) / Math.sqrt(s2))',
      },
    ],
    test: 'privacy/interval.test.ts',
    title: 'is the least with which all groups of one lone person stay hidden but for delta',
  },
  {
    name: 'noise for groups in which nobody counts',
    breaks: 'A group may appear because of rows of people who do not count in it.',
    file: 'privacy/noise.ts',
    edits: [{ find: '      if (people <= 0n) return []\n', replace: '' }],
    test: 'privacy/threshold.test.ts',
    title: 'a group in which nobody counts never appears, and costs no draw',
  },
  {
    name: 'the noise that chose a group is used again',
    breaks: 'The difference of two numbers of a group is exact.',
    file: 'privacy/noise.ts',
    edits: [
      {
        find: '(at === place ? noisy : (bounded[at] as bigint) + sample())',
        replace: '(at === place ? noisy : (bounded[at] as bigint) + noisy - (values[place] as bigint) + 0n * sample())',
      },
    ],
    test: 'privacy/threshold.test.ts',
    title: 'the count that chose is the count that is shown, and no other number has its noise',
  },
  {
    name: 'keys in whatever spelling they were written',
    breaks: 'One person counts twice in what is one group to everybody who reads it.',
    file: 'query/print/keys.ts',
    edits: [{ find: '`nfc_normalize(${printed})`', replace: '`(${printed})`' }],
    test: 'query/open.test.ts',
    title: 'one text in two spellings is one group; an empty text, a missing one and "null" are three',
  },
  {
    name: 'open groups without delta in the charge',
    breaks: 'The chance of showing somebody alone adds up without a limit.',
    file: 'release/way/privacy.ts',
    edits: [{ find: 'noise.value.selection?.delta ?? 0n', replace: 'noise.value.selection ? 0n : 0n' }],
    test: 'suite/open-groups.test.ts',
    title: 'is refused in public when the public ledger is full, and does not touch questions without it',
  },
  {
    name: 'the public limits of delta not asked',
    breaks: 'People drop out of answers silently before anybody is told that the limit is near.',
    file: 'store/postgres/charge.ts',
    edits: [{ find: 'if (await deltaUsedUp(tx, request)) return', replace: 'if (request.delta < 0n) return' }],
    test: books,
    title: 'delta is held against the windows and the life of the house, by N^ too, where there is any',
  },
  {
    name: 'the pool rounded down',
    breaks: 'The pool does not cover what people are owed.',
    file: 'money/tariff.ts',
    edits: [
      {
        find: '  ceilDiv(upperBound * rate * nano, nanoPerMilliRho)\n',
        replace: '  (upperBound * rate * nano) / nanoPerMilliRho\n',
      },
    ],
    test: 'money/money.test.ts',
    title: 'cover what everybody up to the published bound is owed',
  },
  {
    name: 'the verifier takes any spelling of a receipt',
    breaks: 'A changed receipt passes for the original.',
    file: 'verify/checks.ts',
    edits: [
      { find: 'if (text !== canonical && text !== `${canonical}\\n`)', replace: 'if (text.length < canonical.length)' },
    ],
    test: 'verify/receipt.test.ts',
    title: 'may lack its last newline and nothing else',
  },
  {
    name: 'a person with two members of a column counted twice',
    breaks: 'Stored sums by one column give other integers than the rows.',
    file: 'query/print/grain.ts',
    edits: [{ find: 'if (grain.one) return [measure.filter', replace: 'if (grain) return [measure.filter' }],
    test: 'query/plan.test.ts',
    title:
      'give the integers of the rules written out a second time, and so does the statement that the engine may take instead',
  },
  {
    name: 'stored sums by one column read for conditions on two',
    breaks: 'Rows are counted that the question leaves out.',
    file: 'query/plan/grain.ts',
    edits: [
      {
        find: 'if (column.alias !== rows.alias || !storedRecords(rows.table).groups.includes(place)) return false',
        replace: 'if (column.alias !== rows.alias) return false',
      },
    ],
    test: 'query/plan.test.ts',
    title: 'reads stored sums by one column where keys and conditions read that column and the person’s own',
  },
  ...boundedMutations,
  ...measureMutations,
  {
    name: 'the wait for the tick left out',
    breaks: 'How long the engine took tells something of the data.',
    file: 'release/answer.ts',
    edits: [{ find: '  await untilTheTick(began, funded.rules, world)\n', replace: '' }],
    test: time,
    title: 'until the tick neither the books nor the log show what became of it',
  },
  {
    name: 'the turn is not held: the next one counts from its asking',
    breaks: 'Who waits behind another question sees at which tick that one left.',
    file: 'release/leave.ts',
    edits: [{ find: '  world.left.at = tick\n', replace: '' }],
    test: time,
    title: 'who waits for the turn behind another question learns nothing from it: the turn is held to the tick',
  },
  {
    name: 'a deadline says that it was one',
    breaks: 'The buyer learns of a failure that depends on the data of which kind it was.',
    file: 'release/answer.ts',
    edits: [
      {
        find: '    world.incident(id, cause)\n',
        replace:
          "    world.incident(id, cause)\n    if (cause instanceof Error && cause.message.includes('plan class')) throw cause\n",
      },
    ],
    test: time,
    title: 'an engine that fails and one that passes the deadline give the same bytes over HTTP, at a tick',
  },
  {
    name: 'the next turn begins while the late one still computes',
    breaks: 'The mask moves under a statement that is still running.',
    file: 'release/answer.ts',
    edits: [{ find: '  await world.left.working\n', replace: '' }],
    test: time,
    title: 'an engine that fails and one that passes the deadline give the same bytes over HTTP, at a tick',
  },
  {
    name: 'a block that begins at once',
    breaks: 'Within a period a refusal depends on what failed for the data.',
    file: 'release/answer-rules.ts',
    edits: [{ find: 'block.path === path && block.since < periodOpenedAt', replace: 'block.path === path' }],
    test: time,
    title: 'a class of plans is blocked from the next period on, never within one',
  },
]
