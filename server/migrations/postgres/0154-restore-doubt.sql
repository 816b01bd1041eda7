-- What a restored copy can't know: which messages the original handed over after the backup. Whatever falls due in a workspace
-- before its sending is confirmed may have gone. `since`, the instant of the backup, and `until`, that of the
-- confirmation (null: not confirmed), are domain time. One row a restored workspace, for good.
create table restore_doubt (
  workspace_id uuid primary key,
  since bigint not null,
  until bigint
);
call declare_global_table('restore_doubt');
insert into restore_doubt (workspace_id, since)
  select h.workspace_id, coalesce(w.clock_at, h.held_at) from restore_hold h join workspace w using (workspace_id);

-- False: the switch was on in the original, and stays so.
alter table restore_hold add column turned_on boolean not null default true;

-- In a restored copy, when the original would have planned it, where the copy learnt of what it came of later; else null.
alter table message add column owed_at bigint;
