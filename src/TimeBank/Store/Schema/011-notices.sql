-- What people are told. None of it is of the books: it follows the journal, and then has a life of its own (read, mailed, told), so a rebuild leaves it
-- alone. Rows hold ids, codes, numbers and dates; names and words are looked up when a notice is shown, so that what was erased is gone here too.

-- Up to which number of its journal a bank was followed. Taking a number and writing what follows from it is one statement.
create table notice_progress (
  bank   text   not null primary key,
  number bigint not null
);

-- What happened before there were notices is no news.
insert into notice_progress (bank, number) select bank, max(number) from journal group by bank;

create table notices (
  bank      text        not null,
  id        uuid        not null,
  -- A person with a login, or the account itself if nobody has one for it.
  recipient uuid        not null,
  account   uuid        not null,
  kind      text        not null,
  said      text        not null,
  subject   uuid        not null,
  other     uuid        null,
  minutes   bigint      null,
  day       date        null,
  made      timestamptz not null,
  -- Whether it is in the recipient's list, whether a letter of its own tells it, and whether somebody is to tell it by telephone or on paper.
  shown     boolean     not null,
  mailed    boolean     not null,
  tell      boolean     not null,
  read      timestamptz null,
  told      timestamptz null,
  told_by   uuid        null,
  told_how  text        null,
  -- Why no letter came.
  why       text        null,
  primary key (bank, id)
);

create index notices_by_recipient on notices (bank, recipient, id) where shown;
create index notices_unread on notices (bank, recipient, id) where shown and read is null;
create index notices_to_tell on notices (bank, account, id) where tell and told is null;
create index notices_told on notices (bank, account, id) where told is not null;
create index notices_by_account on notices (bank, account, id);
create index notices_by_age on notices (made);

-- Letters that go out once: one for a notice, or one a week.
create table notice_mail (
  bank      text        not null,
  id        uuid        not null,
  recipient uuid        not null,
  -- Of the notices of the week, this and those up to the letter; null: a letter of one notice.
  since     timestamptz null,
  notice    uuid        null,
  -- When it is tried next; while somebody tries, when others may.
  due       timestamptz not null,
  attempts  int         not null default 0,
  stage     text        not null default 'waiting',
  why       text        null,
  ended     timestamptz null,
  primary key (bank, id)
);

create index notice_mail_due on notice_mail (due) where stage = 'waiting';
create index notice_mail_ended on notice_mail (ended) where ended is not null;

create table notice_settings (
  bank      text   not null,
  recipient uuid   not null,
  settings  jsonb  not null,
  version   bigint not null,
  primary key (bank, recipient)
);

do $$
declare
  guarded text;
  seen text := 'coalesce((select current_setting(''timebank.banks'', true)) = ''*'' or bank = any ((select string_to_array(current_setting(''timebank.banks'', true), '',''))::text[]), false)';
begin
  foreach guarded in array array['notice_progress', 'notices', 'notice_mail', 'notice_settings'] loop
    execute format('alter table %I enable row level security', guarded);
    execute format('create policy by_bank on %I to timebank_server using (%s) with check (%s)', guarded, seen, seen);
  end loop;
end $$;

grant select, insert, update on notice_progress to timebank_server;
grant select, insert, update, delete on notices, notice_mail, notice_settings to timebank_server;
