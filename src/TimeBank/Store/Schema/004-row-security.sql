-- The database defends itself too: a statement of a server's role sees and writes the rows of the banks that it named before
-- (timebank.banks: their ids with commas between, or * for all), and of none if it named none. The owner of the schema is not bound by it.

do $$
declare
  guarded text[] := array['mt_streams tenant_id', 'mt_events tenant_id', 'journal bank', 'banks bank', 'accounts bank', 'transfers bank',
    'holds bank', 'rules bank', 'rights bank', 'texts bank', 'idempotency_keys bank', 'concerns bank', 'key_uses bank'];
  line text;
  seen text;
begin
  foreach line in array guarded loop
    -- Both settings are worked out once a statement. Within coalesce the planner takes it neither for a condition of an index nor for one
    -- that leaves few rows: else it reads and sorts a whole stream for its last event.
    seen := format('coalesce((select current_setting(''timebank.banks'', true)) = ''*'' or %I = any ((select string_to_array(current_setting(''timebank.banks'', true), '',''))::text[]), false)',
      split_part(line, ' ', 2));
    execute format('alter table %I enable row level security', split_part(line, ' ', 1));
    execute format('create policy by_bank on %I to timebank_server using (%s) with check (%s)', split_part(line, ' ', 1), seen, seen);
  end loop;
end $$;
