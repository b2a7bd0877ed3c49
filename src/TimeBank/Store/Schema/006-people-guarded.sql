-- Answers to what passkeys were asked, by a hash: each counts once. A row goes when what was asked would count no more anyway.
create table people.used_passkey_states (
  hash  bytea       not null,
  until timestamptz not null,
  constraint used_passkey_states_pkey primary key (hash)
);

revoke all on people.used_passkey_states from public;
grant select, insert, delete on people.used_passkey_states to timebank_server;

-- Also of standings that ended: what is kept about a person is told and erased by these.
create index rights_ever_by_holder on rights (holder, bank);

-- As in 004: invitations and printed codes belong to a bank, and are seen by who named it. A code without one was made at the command line, and
-- is seen by who asks for all.
do $$
declare
  seen text := 'coalesce((select current_setting(''timebank.banks'', true)) = ''*'' or bank = any ((select string_to_array(current_setting(''timebank.banks'', true), '',''))::text[]), false)';
  guarded text;
begin
  foreach guarded in array array['invitations', 'codes'] loop
    execute format('alter table people.%I enable row level security', guarded);
    execute format('create policy by_bank on people.%I to timebank_server using (%s) with check (%s)', guarded, seen, seen);
  end loop;
end $$;
