/** Refusals beyond what is kept of one buyer's day: counted, so that a flood of refused questions does not grow the books. */
export const counterTables5 = ['refusal_count'] as const

export const schema5 = /* sql */ `
create table usufruct.refusal_count (
  day integer not null, buyer text not null, code text not null, count bigint not null check (count > 0), primary key (day, buyer, code)
);
create index on usufruct.refusal_event (buyer, day);
`

export const rights5 = (role: string): string => `
grant select, insert, update, delete on usufruct.refusal_count to ${role};
`
