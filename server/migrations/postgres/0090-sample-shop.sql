-- Where the simulated shop stands: it goes on after a stop. One row a sample workspace; it leaves with the workspace.
create table sample_shop (
  workspace_id uuid primary key,
  seed bigint not null,
  history_from bigint not null,
  history_until bigint not null,
  -- How many steps of the set-up are done (team, costs, segments, journeys).
  steps_done integer not null default 0,
  -- How far the simulated days have been played.
  played_to bigint not null,
  made_at bigint not null
);
call declare_workspace_table('sample_shop');
