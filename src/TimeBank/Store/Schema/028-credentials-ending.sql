-- Members whose credentials end, in the order in which they do: so the organisers' list reads those of the next days and nobody else.
create index credentials_ending on things (bank, due, id) where kind = 'credentials' and due is not null;
