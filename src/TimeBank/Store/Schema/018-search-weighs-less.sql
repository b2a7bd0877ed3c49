-- Of the listings that have the words, or a word like them, only the newest 100 are weighed, no longer 300: weighing was most of what a search
-- took, and a page shows 20. Likeness is asked of pg_trgm itself: a function that sets its search_path cannot be inlined, and was called for every word.
do $$
declare
  weighing regproc;
begin
  if exists (select from pg_extension where extname = 'pg_trgm') then
    -- PostgreSQL knows the settings of pg_trgm once it was asked something.
    execute format('select %I.show_limit()', (select n.nspname from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm'));
  end if;
  foreach weighing in array array['timebank.find_listings'::regproc, 'timebank.slipped_listings'::regproc] loop
    execute replace(replace(pg_get_functiondef(weighing), 'limit 300', 'limit 100'), 'slips_from(', 'word_similarity(');
  end loop;
end $$;

update journal_format set format = greatest(format, 18);
