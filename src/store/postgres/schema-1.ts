/**
 * The first schema. Entry tables are append-only: a trigger refuses UPDATE, DELETE and TRUNCATE, and the role of the application holds INSERT and
 * SELECT only. Every entry has a number of the one gapless sequence. Projections (person, standing, cohort, member …) can be computed again from
 * the entries; Books.check does so. Amounts are `whole`: exact integers of any size. Instants are microseconds, days are days since 1970.
 */
export const entryTables = [
  'house',
  'contract',
  'purpose',
  'notice',
  'load',
  'consent_event',
  'membership_event',
  'limits_event',
  'buyer',
  'approval',
  'key_entry',
  'key_revocation',
  'quote',
  'period_event',
  'charge',
  'idempotency',
  'settlement',
  'receipt',
  'journal_entry',
  'posting',
  'leaf',
  'checkpoint',
] as const

export const projectionTables = [
  'person',
  'standing',
  'cohort',
  'cohort_day',
  'member',
  'person_day',
  'release_state',
  'balance',
  'public_index',
  'progress',
] as const

export const schema1 = /* sql */ `
create domain usufruct.whole as numeric check (value = trunc(value) and abs(value) < 1e60);

create function usufruct.refuse_change() returns trigger language plpgsql as $$
begin
  raise exception 'the books are append-only: % on % is refused', tg_op, tg_table_name using errcode = 'restrict_violation';
end $$;

-- entries: the house ------------------------------------------------------------------------------------------------
create table usufruct.house (
  sequence bigint primary key, at bigint not null, settings text not null,
  one boolean not null default true unique check (one)
);
create table usufruct.contract (
  sequence bigint primary key, product text not null, version text not null, hash text not null, yaml text not null,
  purposes text[] not null, budget_nano usufruct.whole not null, budget_days integer not null, budget_max usufruct.whole not null,
  applied_at bigint not null, unique (product, version)
);
create table usufruct.purpose (bit smallint primary key check (bit between 0 and 30), name text not null unique, registered bigint not null);
create table usufruct.notice (
  sequence bigint primary key, id text not null, version text not null, language text not null, purposes text[] not null,
  text text not null, hash text not null, published_at bigint not null, unique (id, version, language)
);
create table usufruct.load (
  sequence bigint primary key, id text not null unique, product text not null, number integer not null, contract_version text not null,
  file text not null, source_hash text not null, report text not null, loaded_at bigint not null, unique (product, number)
);

-- entries: consent --------------------------------------------------------------------------------------------------
create table usufruct.consent_event (
  sequence bigint primary key, id text not null unique, record_id text not null, person integer not null, purpose smallint not null,
  status text not null check (status in ('given', 'refused', 'withdrawn', 'revoked', 'expired')), at bigint not null, valid_until bigint,
  notice_id text, notice_version text, entity text not null, evidence text, check (status <> 'given' or (valid_until > at and evidence is not null))
);
create index on usufruct.consent_event (person, sequence);
-- One row per change of cohort: the end of one stint and the beginning of the next. bits: what the engine's mask shows from here on.
create table usufruct.membership_event (
  sequence bigint primary key, at bigint not null, person integer not null, cohort integer, bits integer not null, shown boolean not null
);
create index on usufruct.membership_event (person, sequence);
create table usufruct.limits_event (
  sequence bigint primary key, at bigint not null, person integer not null, class smallint not null check (class between 0 and 2), life_nano usufruct.whole
);
create index on usufruct.limits_event (person);

-- entries: market ---------------------------------------------------------------------------------------------------
create table usufruct.buyer (sequence bigint primary key, at bigint not null, id text not null unique check (id <> 'house'), name text not null unique);
create table usufruct.approval (
  sequence bigint primary key, at bigint not null, buyer text not null references usufruct.buyer (id), purpose smallint not null, unique (buyer, purpose)
);
create table usufruct.key_entry (
  sequence bigint primary key, id text not null unique, role text not null, subject text not null, secret_hash text not null,
  label text not null, created_at bigint not null
);
create index on usufruct.key_entry (secret_hash);
create table usufruct.key_revocation (sequence bigint primary key, id text not null unique references usufruct.key_entry (id), at bigint not null);
create table usufruct.quote (
  sequence bigint primary key, id text not null unique, buyer text not null, product text not null, purpose text not null, sql text not null,
  nano usufruct.whole not null, price usufruct.whole not null, period_id text not null, expires_at bigint not null, shown text not null
);

-- entries: releases -------------------------------------------------------------------------------------------------
create table usufruct.period_event (
  sequence bigint primary key, kind text not null check (kind in ('begun', 'finished', 'abandoned', 'closed')), period text not null, at bigint not null,
  ends_at bigint, rate usufruct.whole, head_count usufruct.whole, release text, upper_bounds text, unique (period, kind)
);
-- purpose null: a house release, which touches every purpose.
create table usufruct.charge (
  sequence bigint primary key, release text not null unique, at bigint not null, day integer not null, buyer text not null, product text not null,
  purpose smallint, nano usufruct.whole not null check (nano >= 0), delta usufruct.whole not null check (delta >= 0), price usufruct.whole not null,
  rate usufruct.whole not null, pool usufruct.whole not null, steward usufruct.whole not null, operator usufruct.whole not null,
  reserve usufruct.whole not null, period text not null, load text not null, memo_key text not null, plan text not null, indices text not null,
  check (price = pool + steward + operator + reserve)
);
create index on usufruct.charge (day);
create index on usufruct.charge (buyer, sequence);
create table usufruct.idempotency (
  buyer text not null, key text not null, request_hash text not null, release text not null references usufruct.charge (release), primary key (buyer, key)
);
create table usufruct.settlement (
  sequence bigint primary key, release text not null unique references usufruct.charge (release), state text not null check (state in ('released', 'burned')),
  at bigint not null, pool usufruct.whole not null, answer text, secret text, reason text, leaf bigint not null unique
);
create table usufruct.receipt (sequence bigint primary key, release text not null unique references usufruct.charge (release), receipt text not null);

-- entries: money ----------------------------------------------------------------------------------------------------
create table usufruct.journal_entry (
  sequence bigint primary key, kind text not null, subject text not null, at bigint not null, unique (kind, subject)
);
create table usufruct.posting (
  entry bigint not null references usufruct.journal_entry (sequence), line smallint not null, account text not null,
  amount usufruct.whole not null check (amount <> 0), primary key (entry, line)
);

-- entries: log ------------------------------------------------------------------------------------------------------
create table usufruct.leaf (sequence bigint primary key, index bigint not null unique, data bytea not null);
create table usufruct.checkpoint (size bigint primary key, root text not null, note text not null, at bigint not null);

-- projections -------------------------------------------------------------------------------------------------------
create table usufruct.progress (
  one boolean primary key default true check (one), sequence bigint not null default 0, leaves bigint not null default 0, rolled_on integer
);
insert into usufruct.progress default values;
create table usufruct.person (
  no integer primary key, key text not null unique, adult_on integer, place text, present boolean not null, class smallint not null default 1,
  life_nano usufruct.whole
);
-- The newest act of a person for a purpose; ended: its validity is over and has been acted upon.
create table usufruct.standing (
  person integer not null, purpose smallint not null, sequence bigint not null, status text not null, at bigint not null, valid_until bigint,
  ended boolean not null default false, primary key (person, purpose)
);
create index on usufruct.standing (valid_until) where status = 'given' and not ended;
create table usufruct.cohort (
  no integer primary key, profile integer not null, class smallint not null, exhausted boolean not null, created bigint not null,
  a usufruct.whole not null default 0, b usufruct.whole not null default 0, d usufruct.whole not null default 0, unique (profile, class, exhausted)
);
create table usufruct.cohort_day (cohort integer not null, day integer not null, b usufruct.whole not null, d usufruct.whole not null, primary key (cohort, day));
create table usufruct.member (
  person integer primary key, cohort integer, a usufruct.whole not null default 0, b usufruct.whole not null default 0, d usufruct.whole not null default 0,
  owed usufruct.whole not null default 0, spent usufruct.whole not null default 0, spent_delta usufruct.whole not null default 0,
  exhausts_b usufruct.whole not null default 0, exhausts_d usufruct.whole not null default 0, exhausted_on integer, shut_out boolean not null default false
);
create index on usufruct.member (cohort, exhausts_b);
create index on usufruct.member (cohort, exhausts_d);
create index on usufruct.member (person) where exhausted_on is not null or shut_out;
create table usufruct.person_day (
  person integer not null, day integer not null, nano usufruct.whole not null, delta usufruct.whole not null, primary key (person, day)
);
create table usufruct.release_state (
  release text primary key, sequence bigint not null unique, buyer text not null, state text not null, memo_key text
);
create unique index on usufruct.release_state (memo_key) where state <> 'burned';
create index on usufruct.release_state (state, sequence);
create table usufruct.balance (account text primary key, amount usufruct.whole not null);
create table usufruct.public_index (
  purpose smallint primary key, a usufruct.whole not null default 0, b usufruct.whole not null default 0, d usufruct.whole not null default 0
);
${entryTables.map((name) => `create trigger append_only before update or delete or truncate on usufruct.${name} for each statement execute function usufruct.refuse_change();`).join('\n')}
`

/** What the application's role may do: append and read entries, keep the projections. */
export const rights1 = (role: string): string => `
grant usage on schema usufruct to ${role};
grant select, insert on ${entryTables.map((name) => `usufruct.${name}`).join(', ')} to ${role};
grant select, insert, update, delete on ${projectionTables.map((name) => `usufruct.${name}`).join(', ')} to ${role};
grant select on usufruct.migration to ${role};
`
