-- Planning a search anew each time was a third of what it took. Each way to look has a function of its own now. Where its settings leave the
-- planner one way to go the plan is made once, whatever the tables hold by then; only for words it is made each time, and of that part alone.

-- The newest, whatever they say: a range of the key, read backwards.
create function newest_listings(of_bank text, codes tsquery, at timestamptz, after_id uuid, many int) returns uuid[] language plpgsql stable
set search_path = pg_catalog, timebank, pg_temp set enable_bitmapscan = off set enable_sort = off set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return array(
    select n.id from (select s.id, s.terms, s.expires from listing_search s where s.bank = of_bank and s.id < after_id order by s.id desc limit 1000) n
    where n.terms @@ codes and n.expires > at order by n.id desc limit many);
end $$;

-- Whose terms fit, the newest of them first: by the index of the terms.
create function coded_listings(codes tsquery, at timestamptz, after_id uuid, many int) returns uuid[] language plpgsql stable
set search_path = pg_catalog, timebank, pg_temp set enable_bitmapscan = on set enable_sort = on set enable_seqscan = off set enable_indexscan = off
set plan_cache_mode = force_generic_plan as $$
begin
  return array(select s.id from listing_search s where s.terms @@ codes and s.expires > at and s.id < after_id order by s.id desc limit many);
end $$;

-- Which have the words. The planner knows which words are frequent: those are found soonest along the newest, others by the index of the terms.
create function worded_listings(of_bank text, codes tsquery, at timestamptz, many int) returns uuid[] language plpgsql stable
set search_path = pg_catalog, timebank, pg_temp set enable_bitmapscan = on set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_custom_plan as $$
begin
  return array(select s.id from listing_search s where s.bank = of_bank and s.terms @@ codes and s.expires > at order by s.id desc limit many);
end $$;

-- Those of them that have the words best: each is fetched by its key, and weighed once.
create function weighed_listings(of_bank text, ids uuid[], said tsquery, after_rank real, after_id uuid, many int) returns table (id uuid, rank real)
language plpgsql stable rows 20
set search_path = pg_catalog, timebank, pg_temp set enable_bitmapscan = off set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
    select w.id, w.rank from (
      select f.id, ts_rank(t.terms, said) as rank from unnest(ids) f (id)
      cross join lateral (select s.terms from listing_search s where s.bank = of_bank and s.id = f.id limit 1) t offset 0) w
    where (w.rank, w.id) < (after_rank, after_id) order by w.rank desc, w.id desc limit many;
end $$;

revoke execute on function newest_listings(text, tsquery, timestamptz, uuid, int), coded_listings(tsquery, timestamptz, uuid, int),
  worded_listings(text, tsquery, timestamptz, int), weighed_listings(text, uuid[], tsquery, real, uuid, int) from public;

drop function find_listings(text, text, text[], boolean, timestamptz, real, uuid, int);

-- As in 007, in one question also where a slip is forgiven: nothing has the words as they were written, and it is the first page, which is then
-- the only one.
create function find_listings(of_bank text, words text, codes text[], forgiving boolean, at timestamptz, after_rank real, after_id uuid, many int)
returns table (id uuid, rank real, slipped boolean) language plpgsql stable security definer rows 20
set search_path = pg_catalog, timebank, pg_temp set plan_cache_mode = force_generic_plan as $$
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
    newest := newest_listings(of_bank, fits, at, after_id, many);
    if cardinality(newest) < many then
      newest := coded_listings(fits, at, after_id, many);
    end if;
    return query select one, 0::real, false from unnest(newest) one;
    return;
  end if;
  said := (select plainto_tsquery(search_config(b.policy ->> 'language'), words) from banks b where b.bank = of_bank) || plainto_tsquery('simple', plain_letters(words));
  -- Nothing but words that do not count, such as "the", is nothing to look for.
  if numnode(said) > 0 then
    -- Only the newest 100 that have the words are weighed: a page shows 20.
    return query select w.id, w.rank, false from weighed_listings(of_bank, worded_listings(of_bank, fits && said, at, 100), said, after_rank, after_id, many) w;
    if found then
      return;
    end if;
  end if;
  if forgiving then
    return query select s.id, s.rank, true from slipped_listings(of_bank, plain_letters(words), fits, at, many - 1) s;
  end if;
end $$;

revoke execute on function find_listings(text, text, text[], boolean, timestamptz, real, uuid, int) from public;
grant execute on function find_listings(text, text, text[], boolean, timestamptz, real, uuid, int) to timebank_server;

-- Slips of the finger: listings that have, for each word that was written, one of the three that are most like it; no longer one of five for any.
-- Each title is likened to the words once.
do $$
declare
  path text := (select substring(c from '^search_path=(.*)$') from pg_proc p cross join lateral unnest(p.proconfig) c
    where p.oid = 'timebank.slipped_listings'::regproc and c like 'search_path=%');
begin
  if not exists (select from pg_extension where extname = 'pg_trgm') then
    return;
  end if;
  execute 'set local search_path = ' || path;
  -- PostgreSQL knows the settings of pg_trgm once it was asked something.
  perform show_limit();
  -- Planned each time: on the few words that a connection may begin with, reading them all would look as cheap as asking the index.
  execute format($f$
    create function timebank.words_meant(of_bank text, words text) returns tsquery
    language plpgsql stable set search_path = %s set enable_bitmapscan = on set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_custom_plan
    set pg_trgm.word_similarity_threshold = 0.45 as $b$
    begin
      return (select string_agg('(' || alike.words || ')', '&')::tsquery
        from unnest(tsvector_to_array(to_tsvector('simple', words))) said (word)
        cross join lateral (
          select string_agg('''' || replace(replace(w.word, '\', '\\'), '''', '''''') || '''', '|') as words from (
            select l.word from listing_words l where l.bank = of_bank and said.word <%% l.word order by word_similarity(said.word, l.word) desc, l.word limit 3) w) alike);
    end $b$ $f$, path);
  execute 'revoke execute on function timebank.words_meant(text, text) from public';
  execute format($f$
    create or replace function timebank.slipped_listings(of_bank text, words text, codes tsquery, at timestamptz, many int) returns table (id uuid, rank real)
    language plpgsql stable rows 20 set search_path = %s set enable_bitmapscan = off set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_generic_plan as $b$
    declare
      meant tsquery := words_meant(of_bank, words);
    begin
      if meant is null then
        return;
      end if;
      return query
        select f.id, f.likeness from (
          select n.id, word_similarity(words, t.title) as likeness from unnest(coded_listings(codes && meant, at, 'ffffffff-ffff-ffff-ffff-ffffffffffff', 100)) n (id)
          cross join lateral (select s.title from listing_search s where s.bank = of_bank and s.id = n.id limit 1) t offset 0) f
        where f.likeness >= 0.45 order by f.likeness desc, f.id desc limit many;
    end $b$ $f$, path);
end $$;

-- What the planner reads for each search: the 300 most frequent words are enough to know which are.
alter table listing_search alter column terms set statistics 30;

update journal_format set format = greatest(format, 19);
