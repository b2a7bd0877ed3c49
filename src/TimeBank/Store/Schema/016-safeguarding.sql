-- Concerns may be about a visit, come by telephone or on paper, and are looked into; the lead writes a log of each.

alter table concerns
  alter column account drop not null,
  add column visit uuid null,
  add column way   text not null default 'page',
  add column stage text not null default 'raised',
  -- Whom it is about was erased meanwhile: it goes when it is closed.
  add column forget boolean not null default false;

update concerns set stage = 'closed' where closed is not null;

-- What the safeguarding lead saw, heard and did: texts about people, in no event and in no export.
create table concern_notes (
  bank    text        not null,
  id      uuid        not null,
  concern uuid        not null,
  written timestamptz not null,
  by      uuid        not null,
  body    text        not null,
  primary key (bank, id)
);

create index concern_notes_by_concern on concern_notes (bank, concern, id);

alter table concern_notes enable row level security;

do $$
declare
  seen text := 'coalesce((select current_setting(''timebank.banks'', true)) = ''*'' or bank = any ((select string_to_array(current_setting(''timebank.banks'', true), '',''))::text[]), false)';
begin
  execute format('create policy by_bank on concern_notes to timebank_server using (%s) with check (%s)', seen, seen);
end $$;

grant select, insert, delete on concern_notes to timebank_server;

update journal_format set format = greatest(format, 16);
