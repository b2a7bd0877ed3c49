-- Where open listings are searched: one row each, made from the listing and its text, and gone when either goes.

-- Both help where they are; a PostgreSQL without them searches for whole words with their accents. They may have been made by an administrator.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['unaccent', 'pg_trgm', 'btree_gin'] loop
    begin
      execute format('create extension if not exists %I', wanted);
    exception when others then
      raise notice 'extension % cannot be made: %', wanted, sqlerrm;
    end;
  end loop;
end $$;

create table listing_search (
  bank      text        not null,
  id        uuid        not null,
  expires   timestamptz not null,
  -- Of the bank, when the row was made.
  language  text        null,
  -- In small letters without accents, to be compared letter by letter.
  title     text        not null,
  -- Words, and with = in front what else a listing is looked for by: bank, kind, category, neighbourhood, day. One index answers all together.
  terms     tsvector    not null,
  primary key (bank, id)
);

-- Without a list of what waits to be sorted in, which every search would have to go through.
create index listing_search_terms on listing_search using gin (terms) with (fastupdate = off);

alter table listing_search enable row level security;
create policy by_bank on listing_search to timebank_server
  using (coalesce((select current_setting('timebank.banks', true)) = '*' or bank = any ((select string_to_array(current_setting('timebank.banks', true), ','))::text[]), false))
  with check (coalesce((select current_setting('timebank.banks', true)) = '*' or bank = any ((select string_to_array(current_setting('timebank.banks', true), ','))::text[]), false));

grant select, insert, update, delete on listing_search to timebank_server;

-- PostgreSQL's own configuration for a language; where it has none, words count as they are written.
create function search_config(language text) returns regconfig language sql stable set search_path = pg_catalog as $$
  select coalesce((
    select c.oid::regconfig from (values
      ('ar', 'arabic'), ('ca', 'catalan'), ('da', 'danish'), ('de', 'german'), ('el', 'greek'), ('en', 'english'), ('es', 'spanish'), ('eu', 'basque'),
      ('fi', 'finnish'), ('fr', 'french'), ('ga', 'irish'), ('hi', 'hindi'), ('hu', 'hungarian'), ('hy', 'armenian'), ('id', 'indonesian'), ('it', 'italian'),
      ('lt', 'lithuanian'), ('nb', 'norwegian'), ('ne', 'nepali'), ('nl', 'dutch'), ('no', 'norwegian'), ('pt', 'portuguese'), ('ro', 'romanian'),
      ('ru', 'russian'), ('sr', 'serbian'), ('sv', 'swedish'), ('ta', 'tamil'), ('tr', 'turkish'), ('yi', 'yiddish')) known (code, name)
    join pg_ts_config c on c.cfgname = known.name and c.cfgnamespace = 'pg_catalog'::regnamespace
    where known.code = split_part(lower(language), '-', 1)), 'simple'::regconfig)
$$;

-- What depends on the extensions, and on where they lie.
do $$
declare
  homes text := (select string_agg(distinct quote_ident(n.nspname), ', ') from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname in ('unaccent', 'pg_trgm', 'btree_gin') and n.nspname <> 'timebank');
  path text := 'pg_catalog, timebank' || coalesce(', ' || homes, '') || ', pg_temp';
  has_unaccent boolean := exists (select from pg_extension where extname = 'unaccent');
  has_trigrams boolean := exists (select from pg_extension where extname = 'pg_trgm');
begin
  execute 'set local search_path = timebank' || coalesce(', ' || homes, '');
  -- Letters as one types them in a hurry.
  execute format('create function plain_letters(words text) returns text language sql stable set search_path = %s as $f$ select lower(%s) $f$',
    path, case when has_unaccent then 'unaccent(words)' else 'words' end);
  -- How like some words are to a part of a title, from 0 to 1, and from where on that counts as a slip of the finger.
  execute format('create function slips_from(words text, title text) returns real language sql stable set search_path = %s as $f$ select %s $f$',
    path, case when has_trigrams then 'word_similarity(words, title)' else '0::real' end);
  if has_trigrams then
    execute format('create index listing_search_title on listing_search using gin (%s title gin_trgm_ops) with (fastupdate = off)',
      case when exists (select from pg_extension where extname = 'btree_gin') then 'bank,' else '' end);
  end if;
  -- Ids of listings by a slip of the finger, best first. A function of its own, so that a PostgreSQL without trigrams has one that finds nothing.
  -- The few that are like it are asked for their codes: "is true" keeps the index of terms, where whole banks have one code, out of it.
  execute format($f$
    create function slipped_listings(of_bank text, words text, codes tsquery, at timestamptz, many int) returns table (id uuid, rank real)
    language plpgsql stable rows 20 set search_path = %s set enable_bitmapscan = on set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_generic_plan %s as $b$
    begin
      %s
    end $b$ $f$,
    path,
    case when has_trigrams then 'set pg_trgm.word_similarity_threshold = 0.45' else '' end,
    case when has_trigrams then 'return query select s.id, slips_from(words, s.title) r from listing_search s
        where s.bank = of_bank and words <% s.title and (s.terms @@ codes) is true and s.expires > at order by r desc, s.id desc limit many;' else 'return;' end);
  execute 'revoke execute on function slipped_listings(text, text, tsquery, timestamptz, int) from public';
end $$;

-- What a listing is found by. Words count in the bank's language and as they are written, without their accents.
create function listing_terms(language text, title text, rest text, codes text[]) returns tsvector language sql stable as $$
  select setweight(to_tsvector(timebank.search_config(language), title), 'A') || setweight(to_tsvector('pg_catalog.simple', timebank.plain_letters(title)), 'A')
    || setweight(to_tsvector(timebank.search_config(language), rest), 'C') || setweight(to_tsvector('pg_catalog.simple', timebank.plain_letters(rest)), 'C')
    || array_to_tsvector(array(select distinct '=' || code from unnest(codes) code where code is not null))
$$;

-- Listings that have all of these codes, or one of them; null for no codes.
create function code_query(codes text[], joined text) returns tsquery language sql stable set search_path = pg_catalog as $$
  select string_agg('''=' || replace(replace(code, '\', '\\'), '''', '''''') || '''', joined)::tsquery from unnest(codes) code
$$;

-- Ids of a bank's open listings: with words, the most fitting first; without, the newest. Row-level security uses no index for @@, which is
-- not leakproof: so this runs as the owner, whom it does not bind, and asks itself what the policies ask.
-- Three things keep it quick where very many fit. Of those that have the words only the newest 300 are weighed: who finds more says more words.
-- Each search has a plan of its own, since the planner knows which words are frequent: those are found soonest along the newest. And without
-- words it looks along the newest first: where those do not fill a page, few fit, and the index of terms collects them.
create function find_listings(of_bank text, words text, codes text[], slips boolean, at timestamptz, after_rank real, after_id uuid, many int)
returns table (id uuid, rank real) language plpgsql stable security definer rows 20
set search_path = pg_catalog, timebank, pg_temp set enable_bitmapscan = on set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
declare
  seen text := current_setting('timebank.banks', true);
  fits tsquery := code_query('b:' || of_bank || codes, '&');
  said tsquery;
  newest uuid[];
begin
  if not coalesce(seen = '*' or of_bank = any (string_to_array(seen, ',')), false) then
    return;
  end if;
  if words is null then
    newest := array(
      select n.id from (select s.id, s.terms, s.expires from listing_search s where s.bank = of_bank and s.id < after_id order by s.id desc limit 1000) n
      where n.terms @@ fits and n.expires > at order by n.id desc limit many);
    if cardinality(newest) = many then
      return query select one, 0::real from unnest(newest) one;
    else
      return query select s.id, 0::real from listing_search s where s.terms @@ fits and s.expires > at and s.id < after_id order by s.id desc limit many;
    end if;
    return;
  end if;
  if slips then
    return query select s.id, s.rank from slipped_listings(of_bank, plain_letters(words), fits, at, many) s;
    return;
  end if;
  said := (select plainto_tsquery(search_config(b.policy ->> 'language'), words) from banks b where b.bank = of_bank) || plainto_tsquery('simple', plain_letters(words));
  -- Nothing but words that do not count, such as "the", is nothing to look for.
  if numnode(said) = 0 then
    return;
  end if;
  return query
    select w.id, w.rank from (
      -- Sorted by their ids alone: their terms are fetched of those that are weighed.
      select f.id, ts_rank(t.terms, said) as rank
      from (select s.id from listing_search s where s.bank = of_bank and s.terms @@ (fits && said) and s.expires > at order by s.id desc limit 300) f
      cross join lateral (select s.terms from listing_search s where s.bank = of_bank and s.id = f.id limit 1) t) w
    where (w.rank, w.id) < (after_rank, after_id)
    order by w.rank desc, w.id desc limit many;
end $$;

revoke execute on function find_listings(text, text, text[], boolean, timestamptz, real, uuid, int) from public;
grant execute on function find_listings(text, text, text[], boolean, timestamptz, real, uuid, int) to timebank_server;

-- Ids of open requests of others that would suit a member, the most fitting first, each with what speaks for it. As above, only the newest
-- 1,000 are weighed, and who named no skills is shown what is among the newest.
create function match_requests(of_bank text, of_account uuid, skills text[], of_neighbourhood text, times text[], at timestamptz, many int)
returns table (id uuid, why text[]) language plpgsql stable security definer rows 20
set search_path = pg_catalog, timebank, pg_temp set enable_bitmapscan = on set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  seen text := current_setting('timebank.banks', true);
  fits tsquery := code_query(array['b:' || of_bank, 'k:request'], '&');
  apt tsquery := code_query(array(select 'c:' || skill from unnest(skills) skill), '|');
  near tsquery := code_query(array(select 'n:' || of_neighbourhood where of_neighbourhood is not null), '&');
  timely tsquery := code_query(array(select 't:' || t from unnest(times) t), '|');
  daily tsquery := code_query(array(select distinct 'd:' || substring(t from '^[a-z]+') from unnest(times) t), '|');
  candidates uuid[];
begin
  if not coalesce(seen = '*' or of_bank = any (string_to_array(seen, ',')), false) then
    return;
  end if;
  if apt is null then
    candidates := array(
      select n.id from (select s.id, s.terms, s.expires from listing_search s where s.bank = of_bank order by s.id desc limit 1000) n
      where n.terms @@ fits and n.expires > at);
  else
    candidates := array(select s.id from listing_search s where s.terms @@ (fits && apt) and s.expires > at order by s.id desc limit 1000);
  end if;
  return query
    select w.id, w.reasons from (
      select s.id, array_remove(array[
          case when apt is not null then 'skill' end, case when s.terms @@ near then 'neighbourhood' end,
          case when s.terms @@ timely then 'time' when s.terms @@ daily then 'day' end], null) as reasons,
        case when s.terms @@ near then 2 else 0 end + case when s.terms @@ timely then 2 when s.terms @@ daily then 1 else 0 end as weight
      from unnest(candidates) f join listing_search s on s.bank = of_bank and s.id = f
      where not exists (select from thing_parties p where p.bank = of_bank and p.id = f and p.account = of_account)) w
    order by w.weight desc, w.id desc limit many;
end $$;

revoke execute on function match_requests(text, uuid, text[], text, text[], timestamptz, int) from public;
grant execute on function match_requests(text, uuid, text[], text, text[], timestamptz, int) to timebank_server;

update journal_format set format = 4;
