-- What an earmark is set apart for, and the earmarks of a project, which are read with it.
alter table accounts add column purpose text;
create index accounts_of_parent on accounts (bank, parent) where parent is not null;

update journal_format set format = greatest(format, 23);
