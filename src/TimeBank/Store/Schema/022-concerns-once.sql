-- A concern, or a line of its log, that was sent twice is kept once: what tells a repetition is a hash of who sent it, their form's key, and what it said.

alter table concerns add column sent uuid null;
alter table concern_notes add column sent uuid null;

create unique index concerns_once on concerns (bank, sent) where sent is not null;
create unique index concern_notes_once on concern_notes (bank, sent) where sent is not null;

update journal_format set format = greatest(format, 22);
