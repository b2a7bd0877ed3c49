-- Sums of what a bank's journal tells, for reports: added up part by part behind the journal. Nothing decides by them, and a rebuild begins them anew.

-- Up to which number of its journal a bank was added up, and when that was posted. Taking a number and adding what follows from it is one statement.
create table tally_progress (
  bank   text        not null primary key,
  number bigint      not null,
  posted timestamptz not null
);

-- Minutes, less what was taken back, and how often, by the month in which the help was given.
create table tallies (
  bank    text   not null,
  sort    text   not null,
  month   date   not null,
  -- The kind of transfer; empty: help for which nobody wanted hours.
  kind    text   not null,
  -- What it is a sum of, and of a flow where it went; empty: none.
  one     text   not null,
  other   text   not null,
  minutes bigint not null,
  times   bigint not null,
  primary key (bank, sort, month, kind, one, other)
) with (fillfactor = 80);

create table tally_people (
  bank     text   not null,
  account  uuid   not null,
  month    date   not null,
  given    bigint not null,
  gave     bigint not null,
  received bigint not null,
  got      bigint not null,
  primary key (bank, account, month)
) with (fillfactor = 80);

-- How many members gave help in a month, received it, and took part at all: kept as numbers, so that no report counts people.
create table tally_months (
  bank      text   not null,
  month     date   not null,
  gave      bigint not null,
  received  bigint not null,
  took_part bigint not null,
  primary key (bank, month)
);

-- How much of a transfer was seen to be taken back: whether it is all of it.
create table tally_reversals (
  bank     text   not null,
  transfer uuid   not null,
  minutes  bigint not null,
  primary key (bank, transfer)
);

do $$
declare
  guarded text;
  seen text := 'coalesce((select current_setting(''timebank.banks'', true)) = ''*'' or bank = any ((select string_to_array(current_setting(''timebank.banks'', true), '',''))::text[]), false)';
begin
  foreach guarded in array array['tally_progress', 'tallies', 'tally_people', 'tally_months', 'tally_reversals'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('create policy by_bank on %I to timebank_server using (%s) with check (%s)', guarded, seen, seen);
    execute format('grant select, insert, update on %I to timebank_server', guarded);
  end loop;
end $$;

update journal_format set format = greatest(format, 26);
