-- What was deleted lies in the trash for thirty days, from which it can be taken back. Then it leaves: a journey that nobody
-- ever entered, a template of which no message was made and a segment's kept versions are removed; the rest stays without a
-- way back, because history names it.
alter table segment add column deleted_by text;
alter table journey add column deleted_at bigint;
alter table journey add column deleted_by text;
alter table template add column deleted_at bigint;
alter table template add column deleted_by text;
create index message_template on message (workspace_id, template_id);
