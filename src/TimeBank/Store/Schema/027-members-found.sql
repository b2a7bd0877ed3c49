-- A member who gave or received help is at home, and waits for nobody to propose any. It stands with them, so that a list of those who wait
-- reads nobody else, however many are at home.
alter table things add column at_home boolean not null default false;

update things m set at_home = true
from thing_parties p
where m.kind = 'member' and p.bank = m.bank and p.account = (m.state ->> 'account')::uuid and p.kind in ('contribution', 'booking', 'workshop', 'arrangement');

drop index members_without_help;
create index members_without_help on things (bank, due, id) where kind = 'member' and stage = 'active' and not at_home;

-- What active members say that they do, a row each, and an empty one of whom says nothing: so the newest who do something are a range of the key. Of an
-- index over lists all who do it were read first, and sorted.
create table member_skills (
  bank    text not null,
  skill   text not null,
  account uuid not null,
  primary key (bank, skill, account)
);
create index member_skills_by_account on member_skills (bank, account);

insert into member_skills (bank, skill, account)
select t.bank, s.skill, (t.state ->> 'account')::uuid
from things t
cross join lateral (
  select jsonb_array_elements_text(case when coalesce(t.state #> '{profile,skills}', '[]') = '[]' then '[""]' else t.state #> '{profile,skills}' end) as skill) s
where t.kind = 'member' and t.stage = 'active'
on conflict do nothing;

drop function possible_helpers(text, text, timestamptz, int);
drop index members_by_skill;
drop function bank_skills(text, jsonb);

-- Accounts of members who may help with something: who says so of themselves, who offers it, and who says nothing of what they do; none twice. Of each the
-- newest are looked at, and told are those who do it, and among them those near by. Searching offers is the owner's, whom row-level security does not
-- bind: so this asks itself what the policies ask.
create function possible_helpers(of_bank text, category text, near text, at timestamptz, looked_at int, most int)
returns table (account uuid, skilled boolean, offers boolean, neighbourhood text) language plpgsql stable security definer rows 60
set search_path = pg_catalog, timebank, pg_temp set enable_seqscan = off set enable_bitmapscan = off set enable_hashjoin = off set enable_mergejoin = off
set enable_sort = on set plan_cache_mode = force_generic_plan set jit = off as $$
declare
  seen text := current_setting('timebank.banks', true);
begin
  if not coalesce(seen = '*' or of_bank = any (string_to_array(seen, ',')), false) then
    return;
  end if;
  return query
    select f.account, f.skilled, f.offers, a.neighbourhood from (
      select u.account, bool_or(u.skilled) as skilled, bool_or(u.offers) as offers from (
        (select s.account, true as skilled, false as offers from member_skills s where s.bank = of_bank and s.skill = category order by s.account desc limit looked_at)
        union all
        (select s.account, false, false from member_skills s where s.bank = of_bank and s.skill = '' order by s.account desc limit looked_at)
        union all
        select p.account, false, true from unnest(coded_listings(code_query(array['b:' || of_bank, 'k:offer', 'c:' || category], '&'), at, 'ffffffff-ffff-ffff-ffff-ffffffffffff', looked_at)) o (id)
        join thing_parties p on p.bank = of_bank and p.id = o.id) u
      group by u.account) f
    cross join lateral (select a.neighbourhood from accounts a where a.bank = of_bank and a.id = f.account and a.status = 'open' limit 1) a
    order by 2 * (f.skilled::int + f.offers::int) + coalesce((a.neighbourhood = near)::int, 0) desc, f.account desc
    limit most;
end $$;

revoke execute on function possible_helpers(text, text, text, timestamptz, int, int) from public;
grant execute on function possible_helpers(text, text, text, timestamptz, int, int) to timebank_server;

alter table member_skills enable row level security;
create policy by_bank on member_skills to timebank_server using (
  coalesce((select current_setting('timebank.banks', true)) = '*' or bank = any ((select string_to_array(current_setting('timebank.banks', true), ','))::text[]), false));
grant select, insert, delete on member_skills to timebank_server;

-- As in 025, but what is in so few of the first thousand names that five thousand would not have enough of it is sought by its parts at once.
create or replace function members_named(of_bank text, name text, neighbourhoods text[], many int) returns setof uuid language plpgsql stable security definer rows 20
set search_path = pg_catalog, timebank, pg_temp set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off set enable_indexscan = on set enable_indexonlyscan = on set jit = off set plan_cache_mode = force_generic_plan as $$
declare
  said text := name_letters(name);
  few bigint;
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
  foreach few in array case when length(said) > 1 then array[1000, 5000] else array[null::bigint] end loop
    found_first := array(
      select a.id from (
        select t.id, t.letters from texts t where t.bank = of_bank and t.letters is not null order by t.letters, t.id limit few) n
      cross join lateral (select o.id, o.kind, o.status from accounts o where o.bank = of_bank and o.name_text = n.id and strpos(n.letters, said) > 0 limit 1) a
      where a.kind = 'member' and a.status <> 'closed' order by n.letters, n.id limit many);
    if cardinality(found_first) = many or few is null then
      return query select one from unnest(found_first) one;
      return;
    end if;
    exit when cardinality(found_first) * 5 < many;
  end loop;
  return query
    select a.id from texts_with_letters(of_bank, said) n
    cross join lateral (select o.id, o.kind, o.status from accounts o where o.bank = of_bank and o.name_text = n.id limit 1) a
    where a.kind = 'member' and a.status <> 'closed' order by n.letters, a.id limit many;
end $$;

update journal_format set format = greatest(format, 27);
