-- Without an order column equal rows are as many orders, and too many for one turn: so many of those of `written_to` are in
-- the log. 0: all of them are.
alter table order_import add column written_part bigint not null default 0;
