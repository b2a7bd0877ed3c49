-- What has a stream of its own beside accounts, rules and rights (contributions, …), as it stands.

create table things (
  bank  text        not null,
  id    uuid        not null,
  kind  text        not null,
  stage text        not null,
  -- When time alone moves it on.
  due   timestamptz null,
  state jsonb       not null,
  primary key (bank, id)
);

create index things_by_stage on things (kind, stage, bank, id);
create index things_due on things (due) where due is not null;

-- Whom a thing concerns. A table of its own, because under row-level security PostgreSQL uses no index over arrays.
create table thing_parties (
  bank    text not null,
  id      uuid not null,
  account uuid not null,
  kind    text not null,
  primary key (bank, id, account)
);

create index thing_parties_by_account on thing_parties (bank, account, kind, id);

alter table things enable row level security;
alter table thing_parties enable row level security;

do $$
declare
  guarded text;
  seen text := 'coalesce((select current_setting(''timebank.banks'', true)) = ''*'' or bank = any ((select string_to_array(current_setting(''timebank.banks'', true), '',''))::text[]), false)';
begin
  foreach guarded in array array['things', 'thing_parties'] loop
    execute format('create policy by_bank on %I to timebank_server using (%s) with check (%s)', guarded, seen, seen);
  end loop;
end $$;

grant select, insert, update on things to timebank_server;
grant select, insert on thing_parties to timebank_server;

update journal_format set format = 3;
