-- When somebody did what her run was for: each goal event from her entry until the journey's deadline for messages and
-- the goal's own time after the end have passed. Of a message handed over before it and within that time, it is the conversion.
-- Leaves with its run.
create table journey_run_goal (
  workspace_id uuid not null,
  subject_id uuid not null,
  run_id uuid not null,
  message_id text not null,
  journey_id uuid not null,
  at bigint not null,
  -- By the goal of the run's version: so long after a message counts.
  within_ms bigint not null,
  primary key (workspace_id, subject_id, run_id, message_id)
);
create index journey_run_goal_journey on journey_run_goal (workspace_id, journey_id, run_id);
call declare_workspace_table('journey_run_goal');

-- An ended run goes on noting its goal until then; null: it has none, or has noted enough.
alter table journey_run add column notes_goal_until bigint;
