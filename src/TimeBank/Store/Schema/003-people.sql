-- Logins of people. The ledger knows a person by an id only; who that is stands here, and goes from here when the person asks for it.
-- Entity Framework's model of these tables (Access/People/PeopleContext.cs) is held against the catalog by a test.
create schema if not exists people;

-- A row whose person was erased keeps its id, so that nobody else ever gets it, and when it was made; nothing else.
create table people.persons (
  id                     uuid        not null,
  login                  text        null,
  normalized_login       text        null,
  email                  text        null,
  normalized_email       text        null,
  email_confirmed        boolean     not null default false,
  display_name           text        null,
  is_operator            boolean     not null default false,
  password_hash          text        null,
  -- What a session must bring: a new one ends all sessions.
  security_stamp         text        not null,
  concurrency_stamp      text        not null,
  two_factor_enabled     boolean     not null default false,
  authenticator_key      text        null,
  next_authenticator_key text        null,
  -- The newest step of time (RFC 6238) whose code was taken: each code counts once.
  authenticator_step     bigint      not null default 0,
  failures               integer     not null default 0,
  locked_until           timestamptz null,
  reset_mailed           timestamptz null,
  made                   timestamptz not null,
  erased                 timestamptz null,
  constraint persons_pkey primary key (id)
);

create unique index persons_by_login on people.persons (normalized_login);
-- Not unique: a couple may share an address.
create index persons_by_email on people.persons (normalized_email);

create table people.passkeys (
  credential_id bytea not null,
  person        uuid  not null,
  data          jsonb not null,
  constraint passkeys_pkey primary key (credential_id),
  constraint passkeys_person_fkey foreign key (person) references people.persons (id) on delete cascade
);

create index passkeys_by_person on people.passkeys (person);

create table people.recovery_codes (
  person uuid  not null,
  hash   bytea not null,
  constraint recovery_codes_pkey primary key (person, hash)
);

-- Sessions that were signed out before their time. A row outlives the last cookie or token of its session.
create table people.ended_sessions (
  person  uuid        not null,
  session uuid        not null,
  until   timestamptz not null,
  constraint ended_sessions_pkey primary key (person, session)
);

-- Open invitations. One that was accepted stays until its standing stands in the ledger, and then goes, as one that was withdrawn does.
create table people.invitations (
  id            uuid        not null,
  bank          text        not null,
  code_hash     bytea       not null,
  mailed_hash   bytea       null,
  name          text        not null,
  email         text        null,
  role          text        not null,
  account       uuid        null,
  neighbourhood text        null,
  made          timestamptz not null,
  expires       timestamptz not null,
  made_by       uuid        not null,
  made_through  text        not null,
  accepted_by   uuid        null,
  constraint invitations_pkey primary key (id)
);

create unique index invitations_by_code on people.invitations (code_hash);
create unique index invitations_by_mailed_code on people.invitations (mailed_hash);
create index invitations_by_bank on people.invitations (bank, id);
create index invitations_by_acceptance on people.invitations (accepted_by);

-- One-time codes with which a person sets a new password. Without a bank: made at the command line.
create table people.codes (
  hash                bytea       not null,
  person              uuid        not null,
  bank                text        null,
  ends_second_factor  boolean     not null,
  expires             timestamptz not null,
  constraint codes_pkey primary key (hash)
);

create index codes_by_person on people.codes (person);

-- What cookies and tokens are sealed with: shared by all servers of this database. Never changed, never deleted.
create table people.protection_keys (
  id   uuid not null,
  name text not null,
  xml  text not null,
  constraint protection_keys_pkey primary key (id)
);

revoke all on schema people from public;
revoke all on all tables in schema people from public;
grant usage on schema people to timebank_server;
grant select, insert, update on people.persons to timebank_server;
grant select, insert, update, delete on people.passkeys, people.invitations to timebank_server;
grant select, insert, delete on people.recovery_codes, people.ended_sessions, people.codes to timebank_server;
grant select, insert on people.protection_keys to timebank_server;
