-- No order comes to more than 10^13 minor units any more: what stated more before is not counted either, so that sums of
-- orders can be told. What was stated stays with the order's facts.
alter table customer_order no force row level security;
update customer_order set
  gross_minor = case when abs(gross_minor) > 10000000000000 then 0 else gross_minor end,
  refunded_minor = case when refunded_minor > 10000000000000 then 0 else refunded_minor end
where abs(gross_minor) > 10000000000000 or refunded_minor > 10000000000000;
alter table customer_order force row level security;
