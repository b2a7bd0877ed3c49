-- Numbers by which accounts are known are things like others, found by their ids, which follow from the numbers: no table of their own.
-- Their events are a new shape: a program that does not know it must not write.
update journal_format set format = greatest(format, 12);
