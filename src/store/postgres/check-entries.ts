import { broken, count, type Findings } from './check.ts'
import { mayBeNegative } from './money.ts'
import type { Sql } from './session.ts'
import { numberedTables } from './tables.ts'

/** The one sequence, the log, the journal, and the projections of consent. */
export async function checkBooks(sql: Sql, findings: Findings): Promise<void> {
  const all = numberedTables.map((name) => `select sequence from ${name}`).join(' union all ')
  findings.note(
    'every entry has its own number in one sequence without a gap',
    await count(sql, `(${all}) e`),
    await broken(
      sql,
      `select 'numbers 1 to ' || p.sequence || ', but ' || e.n || ' entries with ' || e.distinct_n || ' numbers from ' || e.least || ' to ' || e.most
       from progress p, (select count(*) n, count(distinct sequence) distinct_n, coalesce(min(sequence), 1) least, coalesce(max(sequence), 0) most from (${all}) s) e
       where (e.n, e.distinct_n, e.least, e.most) <> (p.sequence, p.sequence, 1, p.sequence)`,
    ),
  )
  findings.note(
    'leaves are numbered without a gap, in the order of the sequence',
    await count(sql, 'leaf'),
    await broken(
      sql,
      `select 'leaf ' || index from (select index, row_number() over (order by sequence) - 1 as place from leaf) l where index <> place
       union all select 'the log has ' || p.leaves || ' leaves' from progress p where p.leaves <> (select count(*) from leaf)`,
    ),
  )
  await checkMoney(sql, findings)
  await checkConsent(sql, findings)
}

async function checkMoney(sql: Sql, findings: Findings): Promise<void> {
  findings.note(
    'debits equal credits in every journal entry',
    await count(sql, 'journal_entry'),
    await broken(
      sql,
      `select j.kind || ' ' || j.subject from journal_entry j left join posting p on p.entry = j.sequence
       group by j.sequence having coalesce(sum(p.amount), 0) <> 0 or count(p.entry) < 2`,
    ),
  )
  findings.note(
    'every balance is the sum of its postings',
    await count(sql, 'balance'),
    await broken(
      sql,
      `select coalesce(b.account, p.account) from balance b
       full join (select account, sum(amount) as amount from posting group by account) p on p.account = b.account
       where b.amount is distinct from p.amount`,
    ),
  )
  findings.note(
    'no account is below zero unless declared',
    await count(sql, 'balance'),
    await broken(
      sql,
      `select account from balance where amount < 0 and account not in (${mayBeNegative.map((name) => `'${name}'`).join(', ')})`,
    ),
  )
}

async function checkConsent(sql: Sql, findings: Findings): Promise<void> {
  findings.note(
    'the standing of each person is the newest act, folded from the consent events',
    await count(sql, 'standing'),
    await broken(
      sql,
      `select 'person ' || coalesce(s.person, e.person) || ', purpose ' || coalesce(s.purpose, e.purpose)
       from standing s full join (
         select distinct on (person, purpose) person, purpose, sequence, status, at, valid_until from consent_event
         order by person, purpose, at desc, (status = 'given'), sequence desc
       ) e on e.person = s.person and e.purpose = s.purpose
       where (s.sequence, s.status, s.at, s.valid_until) is distinct from (e.sequence, e.status, e.at, e.valid_until)`,
    ),
  )
  findings.note(
    'nobody is in a cohort of a purpose without a consent that stands',
    await count(sql, 'member where cohort is not null'),
    await broken(
      sql,
      `select 'person ' || m.person || ', purpose ' || p.bit from member m join cohort c on c.no = m.cohort
       join purpose p on (c.profile >> p.bit) & 1 = 1
       left join standing s on s.person = m.person and s.purpose = p.bit
       where s.status is distinct from 'given' or s.ended`,
    ),
  )
  findings.note(
    'the cohort of each person, and what the engine is shown, follow from the membership events',
    await count(sql, 'membership_event'),
    await broken(
      sql,
      `select 'person ' || m.person from member m
       left join (select distinct on (person) person, cohort, bits from membership_event order by person, sequence desc) e on e.person = m.person
       left join cohort c on c.no = m.cohort
       where m.cohort is distinct from e.cohort or coalesce(e.bits, 0) <> coalesce(case when c.exhausted then 0 else c.profile end, 0)
       union all
       select 'change ' || sequence from (
         select sequence, shown, bits <> coalesce(lag(bits) over (partition by person order by sequence), 0) as changed from membership_event
       ) x where shown <> changed`,
    ),
  )
  findings.note(
    'limit class and own life limit are those chosen last',
    await count(sql, 'limits_event'),
    await broken(
      sql,
      `select p.key from person p
       left join (select distinct on (person) person, class, life_nano from limits_event order by person, sequence desc) e on e.person = p.no
       left join member m on m.person = p.no left join cohort c on c.no = m.cohort
       where p.class <> coalesce(e.class, 1) or p.life_nano is distinct from e.life_nano or c.class <> p.class`,
    ),
  )
}
