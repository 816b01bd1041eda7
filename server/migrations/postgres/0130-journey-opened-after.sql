-- The last change of membership that was sealed when the journey was last published or resumed: that one and those before
-- it let nobody in through a segment.
alter table journey add column opened_after bigint not null default 0;
