/**
 * Batches of acts of consent, and what was shown at an act. A batch is an entry; the places of acts in it are kept apart: nothing can be changed in
 * them, but rows can be deleted, so that an erased person's salts are gone and what stays in the log proves nothing about anybody.
 */
export const entryTables4 = ['consent_batch'] as const
export const keptTables4 = ['consent_slot'] as const

export const schema4 = /* sql */ `
alter table usufruct.consent_event add column notice_language text, add column notice_hash text;
create table usufruct.consent_batch (
  sequence bigint primary key, number integer not null unique, day integer not null unique, capacity integer not null, root text not null,
  up_to bigint not null, leaf bigint not null unique
);
create trigger append_only before update or delete or truncate on usufruct.consent_batch for each statement execute function usufruct.refuse_change();
create table usufruct.consent_slot (
  event text primary key references usufruct.consent_event (id), batch integer not null references usufruct.consent_batch (number),
  slot integer not null, salt text not null, path text[] not null, receipt text not null, unique (batch, slot)
);
create trigger no_update before update on usufruct.consent_slot for each statement execute function usufruct.refuse_change();
`

export const rights4 = (role: string): string => `
grant select, insert on usufruct.consent_batch to ${role};
grant select, insert, delete on usufruct.consent_slot to ${role};
`
