-- What a forward figure rests on besides orders and settings: currency, time zone, and marks of the costs and rates it
-- was computed with. Figures kept before say nothing of it: they are neither shown nor compared with.
alter table forward_figure add column basis jsonb;
