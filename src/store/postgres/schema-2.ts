/**
 * The second schema: signing in. Login events are entries like all others. Sessions and links are operational: rows that hold hashes only, that are
 * deleted when they end, and that no backup carries.
 */
export const entryTables2 = ['login_event'] as const
export const operationalTables2 = ['session', 'link'] as const

export const schema2 = /* sql */ `
create table usufruct.login_event (
  sequence bigint primary key, at bigint not null, login text not null, kind text not null check (kind in ('created', 'password', 'disabled')),
  role text, subject text, password_hash text,
  check ((kind = 'created') = (role is not null and subject is not null)), check ((kind = 'disabled') = (password_hash is null)),
  check (role in ('steward', 'buyer'))
);
create index on usufruct.login_event (login, sequence);
create table usufruct.session (
  id text primary key, secret_hash text not null unique, role text not null check (role in ('steward', 'buyer', 'person')), subject text not null,
  login text, created_at bigint not null, idle_until bigint not null, expires_at bigint not null, agent text not null,
  check ((role = 'person') = (login is null))
);
create index on usufruct.session (subject);
create table usufruct.link (
  id text primary key, token_hash text not null unique, person text not null unique, created_at bigint not null, expires_at bigint not null
);
create trigger append_only before update or delete or truncate on usufruct.login_event for each statement execute function usufruct.refuse_change();
`

export const rights2 = (role: string): string => `
grant select, insert on usufruct.login_event to ${role};
grant select, insert, update, delete on usufruct.session, usufruct.link to ${role};
`
