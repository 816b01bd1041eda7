-- Workspaces of a restored copy whose kill switch the restore itself turned on, in the transaction that brought their
-- rows. Each row leaves when sending from the copy is confirmed.
create table restore_hold (
  workspace_id uuid primary key,
  held_at bigint not null
);
call declare_global_table('restore_hold');
