-- The event tables are Marten's, version 9.29, configuration A (streams by uuid, conjoined tenancy, quick append,
-- correlation, causation and headers). Differences, all of them: primary key (tenant_id, seq_id), tenant_id not null,
-- no foreign key to mt_streams, fill factor 70 on mt_streams, an index by time, no functions.

create table mt_streams (
  tenant_id   varchar     not null default '*DEFAULT*',
  id          uuid        not null,
  type        varchar     null,
  version     bigint      null,
  timestamp   timestamptz not null default now(),
  created     timestamptz not null default now(),
  is_archived boolean     null default false,
  constraint pkey_mt_streams_tenant_id_id primary key (tenant_id, id)
) with (fillfactor = 70);

create table mt_events (
  seq_id         bigint       not null,
  id             uuid         not null,
  stream_id      uuid         null,
  version        bigint       not null,
  data           jsonb        not null,
  bdata          bytea        null,
  type           varchar(500) not null,
  timestamp      timestamptz  not null default now(),
  tenant_id      varchar      not null default '*DEFAULT*',
  mt_dotnet_type varchar      null,
  correlation_id varchar      null,
  causation_id   varchar      null,
  headers        jsonb        null,
  is_archived    boolean      null default false,
  constraint pkey_mt_events_seq_id primary key (tenant_id, seq_id)
);

create unique index pk_mt_events_stream_and_version on mt_events (tenant_id, stream_id, version);

-- What a passbook said at a moment is one look-up.
create index mt_events_stream_and_time on mt_events (tenant_id, stream_id, timestamp, version);

create sequence mt_events_sequence owned by mt_events.seq_id;

create table mt_event_progression (
  name         varchar     not null constraint pk_mt_event_progression primary key,
  last_seq_id  bigint      null,
  last_updated timestamptz null default transaction_timestamp()
);

create table mt_high_water_skips (
  ending_sequence   bigint      not null primary key,
  starting_sequence bigint      not null,
  timestamp         timestamptz null
);

-- A bank's batches, in order. Only ever inserted: a counter that is updated grows slow under one long snapshot.
create table journal (
  bank      text        not null,
  number    bigint      not null,
  batch_id  uuid        not null,
  first_seq bigint      not null,
  last_seq  bigint      not null,
  posted    timestamptz not null,
  hash      bytea       not null,
  primary key (bank, number)
);

-- The newest shape of events that any program wrote here. A program that knows less must not write.
create table journal_format (
  only_row boolean primary key default true check (only_row),
  format   int not null
);

-- Guard tables: what decisions read. They commit with the events and can be rebuilt from them.

create table banks (
  bank    text   not null primary key,
  stream  uuid   not null,
  version bigint not null,
  name    text   not null,
  issuer  uuid   not null,
  policy  jsonb  not null
);

-- What an organiser sets. The figures of an account (balance, held, room) are those of its passbook's last event, which is
-- one index look-up: a second copy here would cost the writer a quarter of its time and could differ.
create table accounts (
  bank             text   not null,
  id               uuid   not null,
  kind             text   not null,
  status           text   not null,
  parent           uuid   null,
  name_text        uuid   null,
  floor            bigint null,
  ceiling          bigint null,
  settings_version bigint not null,
  primary key (bank, id)
);

create index accounts_by_kind on accounts (bank, kind, id);

create table transfers (
  bank         text   not null,
  id           uuid   not null,
  kind         text   not null,
  payer        uuid   not null,
  payee        uuid   not null,
  minutes      bigint not null,
  reversed     bigint not null,
  occurred     date   not null,
  category     text   null,
  text         uuid   null,
  hold         uuid   null,
  rule         uuid   null,
  rule_version bigint null,
  reverses     uuid   null,
  override     text   null,
  primary key (bank, id)
);

create table holds (
  bank       text        not null,
  id         uuid        not null,
  payer      uuid        not null,
  payee      uuid        not null,
  minutes    bigint      not null,
  kind       text        not null,
  category   text        null,
  text       uuid        null,
  text_hash  text        null,
  expires_at timestamptz not null,
  status     text        not null,
  taken      bigint      not null,
  transfer   uuid        null,
  ended      timestamptz null,
  primary key (bank, id)
) with (fillfactor = 80);

create index holds_open_by_payer on holds (bank, payer, expires_at) where status = 'open';
create index holds_open_by_payee on holds (bank, payee, expires_at) where status = 'open';
create index holds_open_by_time on holds (expires_at) where status = 'open';
-- For balances as of a moment: a hold may have died of old age before anybody wrote it down.
create index holds_expired_by_payer on holds (bank, payer, expires_at) where status = 'expired';

create table rules (
  bank    text    not null,
  id      uuid    not null,
  version bigint  not null,
  owner   uuid    not null,
  active  boolean not null,
  newest  boolean not null,
  terms   jsonb   not null,
  primary key (bank, id, version)
);

create index rules_by_owner on rules (bank, owner) where newest and active;

-- Texts about people: the only rows that are ever erased. The salt lies here and goes with the text.
create table texts (
  bank text  not null,
  id   uuid  not null,
  salt bytea not null,
  body json  not null,
  primary key (bank, id)
);

create index texts_by_client_reference on texts (bank, (body ->> 'clientReference')) where (body ->> 'clientReference') is not null;

-- What was answered to whom, kept for good: a key and a request are 128 bits of SHA-256.
create table idempotency_keys (
  bank    text     not null,
  key     uuid     not null,
  request uuid     not null,
  status  smallint not null,
  outcome text     not null,
  primary key (bank, key)
);

insert into journal_format (format) values (1);

-- The server's role adds to events and journal and never changes them.
grant usage on schema timebank to timebank_server;
grant select on all tables in schema timebank to timebank_server;
grant usage, select on sequence mt_events_sequence to timebank_server;
grant insert on mt_events, journal to timebank_server;
grant insert, update on mt_streams, banks, accounts, transfers, holds, rules to timebank_server;
grant insert, update, delete on texts to timebank_server;
grant insert on idempotency_keys to timebank_server;
