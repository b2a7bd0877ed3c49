-- Members and accounts are found by a part of their name, and members by their telephone, without reading the whole bank.

-- A name as one types it in a hurry. Immutable, since it is kept: the letters that lose their accents do not change under us.
create function name_letters(name text) returns text language sql immutable parallel safe set search_path = pg_catalog as $$
  select left(timebank.plain_letters(name), 300)
$$;

-- Beside the name, so that it goes with it.
alter table texts add column letters text generated always as (case when body ->> 'name' is not null then name_letters(body ->> 'name') end) stored;

-- Whatever has a name, in its order.
create index texts_by_letters on texts (bank, letters, id) where letters is not null;

-- Whose name it is.
create index accounts_by_name_text on accounts (bank, name_text) where name_text is not null;
create index members_by_text on things (bank, text) where kind = 'member' and text is not null;

-- Letters that follow one another, with the bank in front: one index answers for one bank, without any extension.
create function name_parts(bank text, letters text, width int) returns text[] language sql immutable parallel safe set search_path = pg_catalog as $$
  select array(select distinct bank || '/' || substr(letters, at, width) from generate_series(1, length(letters) - width + 1) at)
$$;

create index texts_by_name_parts on texts using gin ((name_parts(bank, letters, 2) || name_parts(bank, letters, 3))) with (fastupdate = off) where letters is not null;

-- From the last digit on: the zero or the country before a number is dialled or not.
create function digits_backwards(telephone text) returns text language sql immutable parallel safe set search_path = pg_catalog as $$
  select reverse(regexp_replace(telephone, '[^0-9]', '', 'g'))
$$;

create index texts_by_telephone on texts (bank, digits_backwards(body ->> 'telephone') collate "C") where (body ->> 'telephone') is not null;

-- Row-level security uses no index for what is not leakproof. So, as in 007, all this runs as the owner, and asks itself what the policies ask.
create function sees_bank(of_bank text) returns boolean language sql stable set search_path = pg_catalog as $$
  select coalesce(current_setting('timebank.banks', true) = '*' or of_bank = any (string_to_array(current_setting('timebank.banks', true), ',')), false)
$$;

-- Names that have these two letters or more in them.
create function texts_with_letters(of_bank text, said text) returns table (id uuid, letters text) language plpgsql stable rows 200
set search_path = pg_catalog, timebank, pg_temp set enable_seqscan = off set enable_indexscan = off set enable_indexonlyscan = off set enable_bitmapscan = on set jit = off set plan_cache_mode = force_generic_plan as $$
begin
  return query
    select t.id, t.letters from texts t
    where t.letters is not null and name_parts(t.bank, t.letters, 2) || name_parts(t.bank, t.letters, 3) @> name_parts(of_bank, said, least(length(said), 3))
      and strpos(t.letters, said) > 0;
end $$;

-- Members whose account is not closed, by name: of all, or of some neighbourhoods. What is in many names is found soonest along the names; what is
-- in few, by its parts; and one letter alone, along all names.
create function members_named(of_bank text, name text, neighbourhoods text[], many int) returns setof uuid language plpgsql stable security definer rows 20
set search_path = pg_catalog, timebank, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_indexscan = on set enable_indexonlyscan = on set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  said text := name_letters(name);
  found_first uuid[];
begin
  if not sees_bank(of_bank) then
    return;
  end if;
  if neighbourhoods is not null then
    return query
      select a.id from (
        select o.id, o.name_text from accounts o where o.bank = of_bank and o.neighbourhood = any (neighbourhoods) and o.kind = 'member' and o.status <> 'closed' offset 0) a
      cross join lateral (select x.letters from texts x where x.bank = of_bank and x.id = a.name_text limit 1) t
      where strpos(t.letters, said) > 0 order by t.letters, a.id limit many;
    return;
  end if;
  found_first := array(
    select a.id from (
      select t.id, t.letters from texts t where t.bank = of_bank and t.letters is not null order by t.letters, t.id limit case when length(said) > 1 then 5000 end) n
    cross join lateral (select o.id, o.kind, o.status from accounts o where o.bank = of_bank and o.name_text = n.id and strpos(n.letters, said) > 0 limit 1) a
    where a.kind = 'member' and a.status <> 'closed' order by n.letters, n.id limit many);
  if cardinality(found_first) = many or length(said) < 2 then
    return query select one from unnest(found_first) one;
    return;
  end if;
  return query
    select a.id from texts_with_letters(of_bank, said) n
    cross join lateral (select o.id, o.kind, o.status from accounts o where o.bank = of_bank and o.name_text = n.id limit 1) a
    where a.kind = 'member' and a.status <> 'closed' order by n.letters, a.id limit many;
end $$;

-- Members by the end of their telephone number.
create function members_called(of_bank text, digits text, many int) returns setof uuid language plpgsql stable security definer rows 5
set search_path = pg_catalog, timebank, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_indexscan = on set enable_indexonlyscan = on set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  backwards text := reverse(digits);
begin
  if digits is null or not sees_bank(of_bank) then
    return;
  end if;
  return query
    select (m.state ->> 'account')::uuid from texts x join things m on m.bank = of_bank and m.text = x.id and m.kind = 'member'
    where x.bank = of_bank and (x.body ->> 'telephone') is not null
      -- What comes after the digits begins with a digit, or is nothing: all of them come before a colon.
      and digits_backwards(x.body ->> 'telephone') collate "C" >= backwards and digits_backwards(x.body ->> 'telephone') collate "C" < backwards || ':'
    limit many;
end $$;

-- Accounts with that in their name, in the order in which they were opened.
create function accounts_named(of_bank text, name text, of_kind text, of_status text, after_id uuid, many int) returns setof uuid
language plpgsql stable security definer rows 20
set search_path = pg_catalog, timebank, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_indexscan = on set enable_indexonlyscan = on set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  said text := name_letters(name);
  few bigint := case when length(said) > 1 then 1000 end;
  found_first uuid[];
begin
  if not sees_bank(of_bank) then
    return;
  end if;
  if of_kind is null then
    found_first := array(
      select n.id from (select a.id, a.name_text, a.status from accounts a where a.bank = of_bank and a.id > after_id order by a.id limit few) n
      cross join lateral (select x.letters from texts x where x.bank = of_bank and x.id = n.name_text limit 1) t
      where strpos(t.letters, said) > 0 and (of_status is null or n.status = of_status) order by n.id limit many);
  else
    found_first := array(
      select n.id from (select a.id, a.name_text, a.status from accounts a where a.bank = of_bank and a.kind = of_kind and a.id > after_id order by a.id limit few) n
      cross join lateral (select x.letters from texts x where x.bank = of_bank and x.id = n.name_text limit 1) t
      where strpos(t.letters, said) > 0 and (of_status is null or n.status = of_status) order by n.id limit many);
  end if;
  if cardinality(found_first) = many or few is null then
    return query select one from unnest(found_first) one;
    return;
  end if;
  return query
    select a.id from texts_with_letters(of_bank, said) n
    cross join lateral (select o.id, o.kind, o.status from accounts o where o.bank = of_bank and o.name_text = n.id limit 1) a
    where a.id > after_id and (of_kind is null or a.kind = of_kind) and (of_status is null or a.status = of_status) order by a.id limit many;
end $$;

revoke execute on function texts_with_letters(text, text), members_named(text, text, text[], int), members_called(text, text, int),
  accounts_named(text, text, text, text, uuid, int) from public;
grant execute on function members_named(text, text, text[], int), members_called(text, text, int), accounts_named(text, text, text, text, uuid, int) to timebank_server;

update journal_format set format = greatest(format, 25);
