-- The time of every eighth event of a stream is enough to find a moment in it: the last of these up to then, and at most seven events more.
-- An index of all of them was touched at another place by each event, and wrote that page whole into the log after each checkpoint.
drop index mt_events_stream_and_time;
create index mt_events_stream_and_time on mt_events (tenant_id, stream_id, timestamp, version) where version % 8 = 0;

update journal_format set format = greatest(format, 21);
