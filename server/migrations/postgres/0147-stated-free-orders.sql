-- Whether an order's amount was stated, as 0: only then was it free from the start. One that only a delivery or a refund
-- tells of has no amount either, and is no purchase. Of orders of the erased nobody can tell any more: they count as before.
alter table customer_order add column stated_free boolean not null default false;
alter table customer_order no force row level security;
update customer_order set stated_free = true
where gross_minor = 0 and (facts = '[]'
  or facts @? '$[*] ? ((@.kind == "completed" || @.kind == "updated") && (@.amount == 0 || @.amountMinor == 0))');
alter table customer_order force row level security;
