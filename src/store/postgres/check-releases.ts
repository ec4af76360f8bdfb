import type { Indices } from '../../release/ports.ts'
import { broken, count, type Findings } from './check.ts'
import type { Sql } from './session.ts'
import { fromExact } from './text.ts'

/** One charge, as the checks of persons need it. */
export interface Charge {
  readonly sequence: bigint
  readonly release: string
  readonly day: number
  /** Null: a house release. */
  readonly purpose: number | null
  readonly nano: bigint
  readonly delta: bigint
  readonly rate: bigint
}

/** Releases, their money and their indices; gives the charges, oldest first. */
export async function checkReleases(sql: Sql, findings: Findings): Promise<readonly Charge[]> {
  const releases = await count(sql, 'charge')
  findings.note(
    'the state of every release follows from its charge and its one settlement, which has a leaf',
    releases,
    await broken(
      sql,
      `select coalesce(c.release, s.release) from charge c full join release_state s on s.release = c.release
       left join settlement f on f.release = c.release left join leaf l on l.index = f.leaf
       where c.release is null or s.release is null or s.sequence <> c.sequence or s.buyer <> c.buyer
         or s.state <> coalesce(f.state, 'charged') or (f.leaf is not null and l.index is null)
         or s.memo_key is distinct from case when c.purpose is not null then c.memo_key end`,
    ),
  )
  findings.note(
    'one memo key has at most one release that was not burned',
    releases,
    await broken(
      sql,
      `select c.memo_key from charge c left join settlement f on f.release = c.release
       where c.purpose is not null and f.state is distinct from 'burned' group by c.memo_key having count(*) > 1`,
    ),
  )
  findings.note(
    'the journal holds exactly the postings that each charge and settlement calls for',
    releases,
    await broken(
      sql,
      `select coalesce(w.kind, j.kind) || ' ' || coalesce(w.subject, j.subject) || ', account ' || coalesce(w.account, j.account)
       from (select kind, subject, account, sum(amount) as amount from (${calledFor}) x where amount <> 0 group by 1, 2, 3) w
       full join (
         select e.kind, e.subject, p.account, sum(p.amount) as amount from journal_entry e join posting p on p.entry = e.sequence
         where e.kind <> 'fund' group by 1, 2, 3
       ) j on (j.kind, j.subject, j.account) = (w.kind, w.subject, w.account)
       where w.amount is distinct from j.amount`,
    ),
  )
  const charges = await sql.rows<Charge & { indices: string }>(
    'select sequence, release, day, purpose, nano, delta, rate, indices from charge order by sequence',
  )
  await checkIndices(sql, charges, findings)
  return charges
}

/** hold, post, burn and the head count, as money.md 4 has them. */
const calledFor = `
  select 'hold' as kind, release as subject, 'prepaid:' || buyer as account, -price as amount from charge where purpose is not null
  union all select 'hold', release, 'pending:' || release, price from charge where purpose is not null
  union all select case f.state when 'released' then 'post' else 'burn' end, c.release, 'pending:' || c.release, -c.price
    from charge c join settlement f on f.release = c.release where c.purpose is not null
  union all select 'post', c.release, v.account, v.amount
    from charge c join settlement f on f.release = c.release and f.state = 'released'
    cross join lateral (values ('pool', c.pool), ('steward', c.steward), ('operator', c.operator), ('reserve', c.reserve)) v (account, amount)
    where c.purpose is not null
  union all select 'burn', c.release, v.account, v.amount
    from charge c join settlement f on f.release = c.release and f.state = 'burned'
    cross join lateral (values ('prepaid:' || c.buyer, c.price), ('steward', -c.pool), ('pool', c.pool)) v (account, amount)
    where c.purpose is not null
  union all select 'head-count', c.release, v.account, v.amount
    from charge c join settlement f on f.release = c.release and f.state = 'released'
    cross join lateral (values ('steward', -f.pool), ('pool', f.pool)) v (account, amount)
    where c.purpose is null`

/** The public indices after each charge, and the newest, are the sums over the charges that touch a purpose since it was registered. */
async function checkIndices(
  sql: Sql,
  charges: readonly (Charge & { readonly indices: string })[],
  findings: Findings,
): Promise<void> {
  const purposes = await sql.rows<{ bit: number; name: string; registered: bigint } & Indices>(
    'select p.bit, p.name, p.registered, i.a, i.b, i.d from purpose p join public_index i on i.purpose = p.bit order by p.bit',
  )
  const sums = new Map(purposes.map(({ name }) => [name, { a: 0n, b: 0n, d: 0n }]))
  const wrong: string[] = []
  for (const charge of charges) {
    const known = purposes.filter(({ registered }) => registered < charge.sequence)
    for (const { bit, name } of known) {
      if (charge.purpose !== null && charge.purpose !== bit) continue
      const { a, b, d } = sums.get(name) as Indices
      sums.set(name, { a: a + charge.rate * charge.nano, b: b + charge.nano, d: d + charge.delta })
    }
    const stored = fromExact<Record<string, Indices>>(charge.indices)
    const same =
      Object.keys(stored).length === known.length &&
      known.every(({ name }) => stored[name] !== undefined && equal(stored[name], sums.get(name) as Indices))
    if (!same) wrong.push(charge.release)
  }
  for (const row of purposes) if (!equal(row, sums.get(row.name) as Indices)) wrong.push(`purpose ${row.name}`)
  findings.note('the public indices are the sums of the charges', charges.length + purposes.length, wrong)
}

const equal = (x: Indices, y: Indices): boolean => x.a === y.a && x.b === y.b && x.d === y.d
