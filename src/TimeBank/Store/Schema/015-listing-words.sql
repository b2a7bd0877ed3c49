-- The words of open listings' titles, each once in a bank: few, where listings are many. A slip of the finger is looked for among these, and
-- then the listings that have what was meant.

create table listing_words (
  bank text not null,
  word text not null,
  primary key (bank, word)
);

alter table listing_words enable row level security;
create policy by_bank on listing_words to timebank_server
  using (coalesce((select current_setting('timebank.banks', true)) = '*' or bank = any ((select string_to_array(current_setting('timebank.banks', true), ','))::text[]), false))
  with check (coalesce((select current_setting('timebank.banks', true)) = '*' or bank = any ((select string_to_array(current_setting('timebank.banks', true), ','))::text[]), false));

grant select, insert, delete on listing_words to timebank_server;

-- Follows listing_search. A word goes with the last title that has it: it may be somebody's name, and they may have been erased. As owner,
-- because row-level security uses no index for @@; it touches the banks of the rows that were changed, and no others.
create function note_listing_words() returns trigger language plpgsql security definer
set search_path = pg_catalog, timebank, pg_temp set enable_bitmapscan = on as $$
begin
  if tg_op = 'INSERT' then
    insert into listing_words (bank, word)
      select distinct r.bank, w.word from changed r cross join lateral unnest(tsvector_to_array(to_tsvector('simple', r.title))) w (word) order by 1, 2
      on conflict do nothing;
  else
    delete from listing_words l using (
        select distinct r.bank, w.word from changed r cross join lateral unnest(tsvector_to_array(to_tsvector('simple', r.title))) w (word)) gone
      where l.bank = gone.bank and l.word = gone.word
        and not exists (select from listing_search s where s.terms @@ (code_query(array['b:' || gone.bank], '&') && phraseto_tsquery('simple', gone.word)));
  end if;
  return null;
end $$;

revoke execute on function note_listing_words() from public;

create trigger listing_words_come after insert on listing_search referencing new table as changed for each statement execute function note_listing_words();
create trigger listing_words_go after delete on listing_search referencing old table as changed for each statement execute function note_listing_words();

do $$
declare
  homes text := (select string_agg(distinct quote_ident(n.nspname), ', ') from pg_extension e join pg_namespace n on n.oid = e.extnamespace
    where e.extname in ('unaccent', 'pg_trgm', 'btree_gin') and n.nspname <> 'timebank');
  path text := 'pg_catalog, timebank' || coalesce(', ' || homes, '') || ', pg_temp';
begin
  if not exists (select from pg_extension where extname = 'pg_trgm') then
    return;
  end if;
  execute 'set local search_path = timebank' || coalesce(', ' || homes, '');
  drop index listing_search_title;
  execute format('create index listing_words_alike on listing_words using gin (%s word gin_trgm_ops) with (fastupdate = off)',
    case when exists (select from pg_extension where extname = 'btree_gin') then 'bank,' else '' end);
  -- Of those that have a word like one of these only the newest 300 are compared, letter by letter.
  execute format($f$
    create or replace function slipped_listings(of_bank text, words text, codes tsquery, at timestamptz, many int) returns table (id uuid, rank real)
    language plpgsql stable rows 20 set search_path = %s set enable_bitmapscan = on set enable_sort = on set enable_seqscan = off set plan_cache_mode = force_generic_plan
    set pg_trgm.word_similarity_threshold = 0.45 as $b$
    declare
      meant tsquery;
    begin
      meant := (select string_agg('''' || replace(replace(w.word, '\', '\\'), '''', '''''') || '''', '|')::tsquery
        from unnest(tsvector_to_array(to_tsvector('simple', words))) said (word)
        cross join lateral (
          select l.word from listing_words l where l.bank = of_bank and said.word <%% l.word order by slips_from(said.word, l.word) desc, l.word limit 5) w);
      if meant is null then
        return;
      end if;
      return query
        select f.id, slips_from(words, f.title) r
        from (select s.id, s.title from listing_search s where s.terms @@ (codes && meant) and s.expires > at order by s.id desc limit 300) f
        where slips_from(words, f.title) >= 0.45 order by r desc, f.id desc limit many;
    end $b$ $f$, path);
end $$;

insert into listing_words (bank, word)
  select distinct s.bank, w.word from listing_search s cross join lateral unnest(tsvector_to_array(to_tsvector('simple', s.title))) w (word);

update journal_format set format = greatest(format, 15);
