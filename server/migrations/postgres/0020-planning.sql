-- Who answers for each phase, where somebody was named; else it is the workspace's first owner.
create table phase_owner (
  workspace_id uuid not null,
  phase text not null check (phase in ('contact', 'consideration', 'purchase', 'post-purchase', 'loyalty')),
  user_id text not null,
  named_at bigint not null,
  named_by text not null,
  primary key (workspace_id, phase)
);

-- What was spent, by calendar day of the workspace. An imported row's id is a hash of what it says, so that the same
-- row twice is one. Rows leave only by hand.
create table cost (
  workspace_id uuid not null,
  cost_id uuid not null,
  spent_on date not null,
  amount_minor bigint not null,
  currency text not null,
  kind text not null check (kind in ('acquisition', 'servicing')),
  phase text,
  channel text,
  partner text,
  note text,
  import_id uuid,
  created_at bigint not null,
  created_by text not null,
  primary key (workspace_id, cost_id)
);
create index cost_spent on cost (workspace_id, spent_on desc, cost_id desc);

-- What one unit of a currency was worth in another from a day on, until the next entry. As entered; never guessed.
create table exchange_rate (
  workspace_id uuid not null,
  currency text not null,
  base text not null,
  valid_from date not null,
  rate double precision not null check (rate > 0),
  entered_at bigint not null,
  entered_by text not null,
  primary key (workspace_id, base, currency, valid_from)
);

call declare_workspace_table('phase_owner');
call declare_workspace_table('cost');
call declare_workspace_table('exchange_rate');
