/** Changes of the rules of answers: the newest one is in force, and before the first what the house was made with. */
export const entryTables6 = ['answer_rules'] as const

export const schema6 = /* sql */ `
create table usufruct.answer_rules (sequence bigint primary key, at bigint not null, rules text not null, leaf bigint not null unique);
create trigger append_only before update or delete or truncate on usufruct.answer_rules for each statement execute function usufruct.refuse_change();
`

export const rights6 = (role: string): string => `
grant select, insert on usufruct.answer_rules to ${role};
`
