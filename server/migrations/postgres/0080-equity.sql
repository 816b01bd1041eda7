-- What the forward figure supposes. One row.
create table equity_setting (
  workspace_id uuid primary key,
  settings jsonb not null,
  updated_at bigint not null,
  updated_by text not null
);

-- Forward figures of customer equity as they were computed, newest kept with its people, older ones without. Rows of a
-- day leave for its last; the series of days stays.
create table forward_figure (
  workspace_id uuid not null,
  figure_id uuid not null,
  as_of bigint not null,
  computed_at bigint not null,
  -- How far the people stage had come when the orders were read, by lane.
  live_position bigint not null,
  bulk_position bigint not null,
  settings jsonb not null,
  figure jsonb not null,
  is_current boolean not null,
  primary key (workspace_id, figure_id)
);
create unique index forward_figure_current on forward_figure (workspace_id) where is_current;
create index forward_figure_as_of on forward_figure (workspace_id, as_of desc);

-- What each customer is expected to bring, by the current figure; rows leave when the next one has theirs.
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
