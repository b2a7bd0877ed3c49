-- Who was admitted waits until something is proposed to them: when that becomes too long stands with them, as with who is on the way in.
update things set due = (state ->> 'since')::timestamptz + interval '7 days'
where kind = 'member' and stage = 'active' and due is null and not (state -> 'joining') ? 'firstHelpProposed';

create index members_without_help on things (bank, id) where kind = 'member' and stage = 'active' and due is not null;

-- Nobody finds what somebody offers who pauses.
delete from listing_search s using thing_parties p, thing_parties q, things m
where p.bank = s.bank and p.id = s.id and q.bank = p.bank and q.account = p.account and q.kind = 'member' and m.bank = q.bank and m.id = q.id and m.stage in ('paused', 'left');

-- By what members give: codes that say the bank, too, so that one index answers for one bank. Who named nothing is found under the bank alone.
create function bank_skills(bank text, state jsonb) returns text[] language sql immutable parallel safe set search_path = pg_catalog as $$
  select case when coalesce(state #> '{profile,skills}', '[]') = '[]' then array[bank || '/']
    else array(select bank || '/' || skill from jsonb_array_elements_text(state #> '{profile,skills}') skill) end
$$;

create index members_by_skill on things using gin (bank_skills(bank, state)) with (fastupdate = off) where kind = 'member' and stage = 'active';

-- Accounts of members who may help with something: who says so of themselves, who offers it, and who says nothing of what they do; none twice. Row-level security uses no index for @>, which
-- is not leakproof: so this runs as the owner, whom it does not bind, and asks itself what the policies ask. Of very many the newest are looked at.
create function possible_helpers(of_bank text, category text, at timestamptz, most int) returns table (account uuid, skilled boolean, offers boolean)
language plpgsql stable security definer rows 100
set search_path = pg_catalog, timebank, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan as $$
declare
  seen text := current_setting('timebank.banks', true);
begin
  if not coalesce(seen = '*' or of_bank = any (string_to_array(seen, ',')), false) then
    return;
  end if;
  return query
    select f.account, bool_or(f.skilled), bool_or(f.offers) from (
      (select (t.state ->> 'account')::uuid as account, true as skilled, false as offers from things t
       where t.kind = 'member' and t.stage = 'active' and bank_skills(t.bank, t.state) @> array[of_bank || '/' || category]
       order by t.id desc limit most)
      union all
      (select (t.state ->> 'account')::uuid, false, false from things t
       where t.kind = 'member' and t.stage = 'active' and bank_skills(t.bank, t.state) @> array[of_bank || '/']
       order by t.id desc limit most)
      union all
      select p.account, false, true from unnest(coded_listings(code_query(array['b:' || of_bank, 'k:offer', 'c:' || category], '&'), at, 'ffffffff-ffff-ffff-ffff-ffffffffffff', most)) o (id)
      join thing_parties p on p.bank = of_bank and p.id = o.id) f
    group by f.account;
end $$;

revoke execute on function possible_helpers(text, text, timestamptz, int) from public;
grant execute on function possible_helpers(text, text, timestamptz, int) to timebank_server;

-- A code may be one of several, with | between: a part of whichever day, or by arrangement.
create or replace function code_query(codes text[], joined text) returns tsquery language sql stable set search_path = pg_catalog as $$
  select string_agg('(' || (
    select string_agg('''=' || replace(replace(one, '\', '\\'), '''', '''''') || '''', '|') from unnest(string_to_array(code, '|')) one) || ')', joined)::tsquery
  from unnest(codes) code
$$;

update listing_search s set terms = s.terms || array_to_tsvector(array['=t:any'])
from things t where t.bank = s.bank and t.id = s.id and t.state #> '{terms,times}' = '[]';

update journal_format set format = greatest(format, 24);
