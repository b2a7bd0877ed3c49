-- How the holder of an account said that silence counts as a yes; null: it does not.
alter table accounts add column silence text null;

-- Transfers by a schedule that missed its last date wait for an organiser.
create index things_missed on things (bank, id) where kind = 'schedule' and state ? 'missed';

-- How far a bank's journal was looked through for questions of fair play. What is noticed twice is asked once.
create table fair_play (
  bank   text   not null,
  number bigint not null,
  primary key (bank)
);

alter table fair_play enable row level security;

do $$
declare
  seen text := 'coalesce((select current_setting(''timebank.banks'', true)) = ''*'' or bank = any ((select string_to_array(current_setting(''timebank.banks'', true), '',''))::text[]), false)';
begin
  execute format('create policy by_bank on fair_play to timebank_server using (%s) with check (%s)', seen, seen);
end $$;

grant select, insert, update on fair_play to timebank_server;

update journal_format set format = greatest(format, 17);
