-- Whether an order names no customer. Told by the order itself: whoever made it may be erased, and her identifier with her.
alter table customer_order add column guest boolean not null default false;
alter table customer_order no force row level security;
alter table identifier no force row level security;
update customer_order o set guest = true
from identifier i
where i.workspace_id = o.workspace_id and i.subject_id = o.subject_id and i.kind = 'anonymousId' and i.value like 'guest:%';
alter table identifier force row level security;
alter table customer_order force row level security;
