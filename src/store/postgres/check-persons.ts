import { picoPerMicro } from '../../base/units.ts'
import type { Limits } from '../../release/ports.ts'
import type { Findings } from './check.ts'
import type { Charge } from './check-releases.ts'
import { readSettings } from './house.ts'
import { classes, ofClass } from './limits.ts'
import { balanceOf } from './money.ts'
import type { Sql } from './session.ts'

/**
 * Persons, from the entries alone: each one's stints and charges are added up one by one, and every limit is held against every single charge. People with the
 * same history (the same cohorts between the same charges) are the same to this, so each distinct history is added up once.
 */
export async function checkPersons(sql: Sql, charges: readonly Charge[], findings: Findings): Promise<void> {
  const settings = await readSettings(sql)
  if (settings === undefined) return
  const cohorts = new Map((await sql.rows<Cohort>('select * from cohort')).map((row) => [row.no, row]))
  checkCohorts(charges, [...cohorts.values()], findings)

  const progress = await sql.row<{ rolled_on: number | null }>('select rolled_on from progress')
  const today = progress?.rolled_on ?? 0
  const histories = new Map<string, History>()
  const pay: string[] = []
  const limits: string[] = []
  const thresholds: string[] = []
  let persons = 0
  let owed = 0n
  await sql.run(`declare histories no scroll cursor for ${historiesText}`)
  for (;;) {
    const rows = await sql.rows<PersonRow>('fetch 20000 from histories', [])
    if (rows.length === 0) break
    for (const row of rows) {
      persons++
      const key = `${row.stints}|${row.limits ?? ''}|${row.class}|${row.life_nano ?? ''}`
      const history = histories.get(key) ?? addUp(row, charges, cohorts, settings.limits, today)
      histories.set(key, history)
      owed += row.owed
      if (row.owed !== history.pay || row.spent !== history.nano || row.spent_delta !== history.delta)
        pay.push(`person ${row.person}`)
      if (history.passed !== undefined) limits.push(`person ${row.person}, ${history.passed}`)
      if (row.left_b > history.left.nano || row.left_d > history.left.delta) thresholds.push(`person ${row.person}`)
    }
  }
  await sql.run('close histories')
  findings.note('what a person is owed and has spent is the sum over the releases of the own stints', persons, pay)
  findings.note('no window and no life limit of a person was ever passed', persons, limits)
  findings.note('no stored threshold permits more than the limits', persons, thresholds)
  const pool = (await balanceOf(sql, 'pool')) * picoPerMicro
  const unallocated = pool - owed
  findings.note(
    `the people's pool (${pool}) is what is owed to persons (${owed}) and what is not allocated (${unallocated}), in pico-units`,
    persons,
    pool === owed + unallocated ? [] : ['does not add up'],
  )
}

interface Cohort {
  readonly no: number
  readonly profile: number
  readonly class: number
  readonly exhausted: boolean
  readonly created: bigint
  readonly a: bigint
  readonly b: bigint
  readonly d: bigint
}

interface PersonRow {
  readonly person: number
  /** "cohort:first-last" of each stint, as places in the list of charges. */
  readonly stints: string | null
  /** "first:class:life" of each choice of limits: it holds from that place in the list of charges on. */
  readonly limits: string | null
  readonly class: number
  readonly life_nano: bigint | null
  readonly owed: bigint
  readonly spent: bigint
  readonly spent_delta: bigint
  /** What the stored thresholds leave. */
  readonly left_b: bigint
  readonly left_d: bigint
}

const place = (sequence: string): string =>
  `case when cardinality(n.sequences) = 0 then 0 else width_bucket(${sequence}, n.sequences) end`
const historiesText = `
  with n as materialized (select coalesce(array_agg(sequence order by sequence), '{}') as sequences from charge),
  stint as (
    select e.person, string_agg(e.cohort || ':' || ${place('e.sequence')} || '-' || coalesce(${place('e.until')}, cardinality(n.sequences)), ',' order by e.sequence) as stints
    from (select person, sequence, cohort, lead(sequence) over (partition by person order by sequence) as until from membership_event) e, n
    where e.cohort is not null group by e.person
  ), chosen as (
    select e.person, string_agg(${place('e.sequence')} || ':' || e.class || ':' || coalesce(e.life_nano::text, ''), ',' order by e.sequence) as limits
    from limits_event e, n group by e.person
  )
  select m.person, s.stints, l.limits, p.class, p.life_nano,
    m.owed + coalesce(c.a - m.a, 0) as owed, m.spent + coalesce(c.b - m.b, 0) as spent, m.spent_delta + coalesce(c.d - m.d, 0) as spent_delta,
    m.exhausts_b - coalesce(c.b, 0) as left_b, m.exhausts_d - coalesce(c.d, 0) as left_d
  from member m join person p on p.no = m.person left join cohort c on c.no = m.cohort
  left join stint s on s.person = m.person left join chosen l on l.person = m.person`

interface History {
  readonly pay: bigint
  readonly nano: bigint
  readonly delta: bigint
  /** What is left for ordinary releases today. */
  readonly left: { readonly nano: bigint; readonly delta: bigint }
  /** The first charge that passed a limit. */
  readonly passed: string | undefined
}

const touches = (charge: Charge, cohort: Cohort): boolean =>
  charge.purpose === null || (!cohort.exhausted && ((cohort.profile >> charge.purpose) & 1) === 1)

function addUp(
  row: PersonRow,
  charges: readonly Charge[],
  cohorts: ReadonlyMap<number, Cohort>,
  limits: Limits,
  today: number,
): History {
  const own: { readonly charge: Charge; readonly at: number }[] = []
  for (const stint of row.stints?.split(',') ?? []) {
    const [no, first, last] = stint.split(/[:-]/).map(Number) as [number, number, number]
    const cohort = cohorts.get(no) as Cohort
    for (let at = first; at < last; at++) {
      const charge = charges[at] as Charge
      if (touches(charge, cohort)) own.push({ charge, at })
    }
  }
  const chosen = (row.limits?.split(',') ?? []).map((text) => {
    const [from = '', limitClass = '', life = ''] = text.split(':')
    return { from: Number(from), class: Number(limitClass), life: life === '' ? null : BigInt(life) }
  })
  const counted: Charge[] = []
  let passed: string | undefined
  for (const { charge, at } of own) {
    counted.push(charge)
    const then = chosen.findLast((one) => one.from <= at) ?? { class: 1, life: null }
    const left = leftOf(limits, then.class, then.life, counted, charge.day)
    const share = charge.purpose === null ? limits.houseShare : 0n
    if (left.nano + share < 0n || left.delta < 0n) passed ??= charge.release
  }
  return {
    pay: counted.reduce((sum, charge) => sum + charge.rate * charge.nano, 0n),
    ...lossOf(counted),
    left: leftOf(limits, row.class, row.life_nano, counted, today),
    passed,
  }
}

/** What is left of the limits for ordinary releases: the least over all windows and life, house share subtracted. */
function leftOf(limits: Limits, classNo: number, ownLife: bigint | null, charges: readonly Charge[], day: number) {
  const name = classes[classNo] ?? 'medium'
  const all = lossOf(charges)
  const classLife = ofClass(limits.life.nano, name)
  let nano = (ownLife !== null && ownLife < classLife ? ownLife : classLife) - all.nano
  let delta = ofClass(limits.life.delta, name) - all.delta
  for (const window of limits.windows) {
    const inside = lossOf(charges.filter((charge) => charge.day >= day - window.days))
    if (ofClass(window.nano, name) - inside.nano < nano) nano = ofClass(window.nano, name) - inside.nano
    if (ofClass(window.delta, name) - inside.delta < delta) delta = ofClass(window.delta, name) - inside.delta
  }
  return { nano: nano - limits.houseShare, delta }
}

function lossOf(charges: readonly Charge[]): { nano: bigint; delta: bigint } {
  let nano = 0n
  let delta = 0n
  for (const charge of charges) {
    nano += charge.nano
    delta += charge.delta
  }
  return { nano, delta }
}

function checkCohorts(charges: readonly Charge[], cohorts: readonly Cohort[], findings: Findings): void {
  const wrong = cohorts.filter((cohort) => {
    const own = charges.filter((charge) => charge.sequence > cohort.created && touches(charge, cohort))
    const { nano, delta } = lossOf(own)
    const pay = own.reduce((sum, charge) => sum + charge.rate * charge.nano, 0n)
    return cohort.a !== pay || cohort.b !== nano || cohort.d !== delta
  })
  findings.note(
    'A, B and D of every cohort are the sums of the charges that touch it',
    cohorts.length,
    wrong.map((cohort) => `cohort ${cohort.no}`),
  )
}
