-- A thing's row names the thing's text and reason itself. In the state they lie where each kind has them, and a value that is taken out of
-- JSON is nothing by which PostgreSQL looks into an index under row-level security.

alter table things add column text uuid null, add column reason uuid null;

update things set
  text = coalesce(state #>> '{claim,text,id}', state #>> '{asked,text,id}', state #>> '{terms,text,id}', state #>> '{plan,text,id}', state #>> '{text,id}')::uuid,
  reason = (state #>> '{reason,id}')::uuid;

update journal_format set format = 14;
