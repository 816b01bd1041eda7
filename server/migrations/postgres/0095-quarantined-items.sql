-- What a stage after `people` could not deal with and went on without, each thing by itself: a batch of the log, an event
-- (by message id), a person, a run, a message. Takes the place of quarantined_batch, which nothing wrote. Rows leave after
-- 90 days.
drop table quarantined_batch;
delete from table_kind where name = 'quarantined_batch';

create table quarantined_item (
  workspace_id uuid not null,
  stage text not null,
  lane text not null,
  kind text not null check (kind in ('batch', 'event', 'person', 'order', 'run', 'message', 'entry')),
  item text not null,
  -- Where the stage stood in the log.
  position bigint not null,
  reason text not null,
  at bigint not null,
  primary key (workspace_id, stage, kind, item)
);
call declare_workspace_table('quarantined_item');
