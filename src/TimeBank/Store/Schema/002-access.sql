-- Who may do what: standings, keys and links, with an audit trail that is a stream of its own for each bank.

alter table banks add column audit_version bigint not null default 0, add column organisers uuid[] not null default '{}';
alter table accounts add column neighbourhood text null;

create index accounts_by_neighbourhood on accounts (bank, neighbourhood, id) where neighbourhood is not null;

-- Guard table: rights that were given. A key's row holds hashes of its secrets, never a secret.
create table rights (
  bank    text    not null,
  id      uuid    not null,
  kind    text    not null,
  holder  uuid    not null,
  account uuid    null,
  active  boolean not null,
  terms   jsonb   not null,
  primary key (bank, id)
);

create index rights_by_holder on rights (holder, bank) where active;
create index rights_by_account on rights (bank, account) where account is not null;

-- Worries about a person, for the safeguarding lead only: texts about people, in no event and in no export.
create table concerns (
  bank    text        not null,
  id      uuid        not null,
  account uuid        not null,
  raised  timestamptz not null,
  by      uuid        not null,
  body    text        not null,
  closed  timestamptz null,
  primary key (bank, id)
);

create index concerns_by_account on concerns (bank, account);

update journal_format set format = 2;

grant select, insert, update on rights to timebank_server;
grant select, insert, update, delete on concerns to timebank_server;

-- When a key was last let in, to the minute: for people who look for keys that nobody uses.
create table key_uses (
  bank      text        not null,
  id        uuid        not null,
  last_used timestamptz not null,
  primary key (bank, id)
);

grant select, insert, update on key_uses to timebank_server;
