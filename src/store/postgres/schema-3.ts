/**
 * What a steward looks at: refused questions, entries like any other, and how often a notice was shown, which are plain counters of a day because
 * nobody may be told from another by them.
 */
export const entryTables3 = ['refusal_event'] as const
export const counterTables3 = ['notice_count'] as const

export const schema3 = /* sql */ `
-- Never the text of the question: where it was refused, not what it says. Product and purpose only where they are known ones.
create table usufruct.refusal_event (
  sequence bigint primary key, at bigint not null, day integer not null, buyer text not null, act text not null check (act in ('quote', 'ask')),
  code text not null, product text, purpose text, place_offset integer, place_line integer, place_column integer
);
create index on usufruct.refusal_event (day);
create table usufruct.notice_count (
  notice text not null, version text not null, language text not null, day integer not null, step text not null check (step in ('shown', 'details')),
  count bigint not null check (count > 0), primary key (day, notice, version, language, step)
);
create index on usufruct.consent_event (at);
create trigger append_only before update or delete or truncate on usufruct.refusal_event for each statement execute function usufruct.refuse_change();
`

export const rights3 = (role: string): string => `
grant select, insert on ${entryTables3.map((name) => `usufruct.${name}`).join(', ')} to ${role};
grant select, insert, update, delete on ${counterTables3.map((name) => `usufruct.${name}`).join(', ')} to ${role};
`
