-- What the forward figure supposes. One row.
create table equity_setting (
  workspace_id uuid primary key,
  settings jsonb not null,
  updated_at bigint not null,
  updated_by text not null
);

-- Forward figures of customer equity as they were computed. `current` is shown; `baseline`, the last of an earlier day,
-- is what it is compared with. Others without a role are the series of days; several of one day leave for its last.
create table forward_figure (
  workspace_id uuid not null,
  figure_id uuid not null,
  role text check (role in ('current', 'baseline')),
  as_of bigint not null,
  as_of_day date not null,
  computed_at bigint not null,
  -- How far the people stage had come when the orders were read, by lane.
  live_position bigint not null,
  bulk_position bigint not null,
  settings jsonb not null,
  figure jsonb not null,
  primary key (workspace_id, figure_id)
);
create unique index forward_figure_role on forward_figure (workspace_id, role) where role is not null;
create index forward_figure_day on forward_figure (workspace_id, as_of_day desc);

-- What each customer is expected to bring, by the figures with a role; rows leave with it.
create table person_value (
  workspace_id uuid not null,
  person_id uuid not null,
  figure_id uuid not null,
  value_minor bigint not null,
  p_alive double precision not null,
  discounted_purchases double precision not null,
  expected_spend_minor bigint not null,
  primary key (workspace_id, person_id, figure_id)
);

call declare_workspace_table('equity_setting');
call declare_workspace_table('forward_figure');
call declare_workspace_table('person_value');
