-- What a segment was when it was saved, by whom: a rule's own versions know neither name nor hand. Leaves with its segment
-- (thirty days after it was deleted) or its workspace.
create table segment_version (
  workspace_id uuid not null,
  segment_id uuid not null,
  version integer not null,
  name text not null,
  description text not null,
  definition jsonb not null,
  at bigint not null,
  by text not null,
  primary key (workspace_id, segment_id, version)
);

-- Whoever migrates is to see every workspace's rows: the owner is behind the wall, too, unless it is let down.
alter table rule no force row level security;
alter table segment no force row level security;
insert into segment_version (workspace_id, segment_id, version, name, description, definition, at, by)
select workspace_id, segment_id, row_number() over (partition by workspace_id, segment_id order by version), name,
  description, definition, created_at, 'unknown'
from (
  select s.workspace_id, s.segment_id, s.name, s.description, r.version, r.definition, r.created_at,
    lag(r.definition) over (partition by s.workspace_id, s.segment_id order by r.version) is not distinct from r.definition as same
  from segment s join rule r on r.workspace_id = s.workspace_id and r.rule_key = 'segment:' || s.segment_id
  where s.deleted_at is null) saved
-- A rule that another one asks for is versioned with it, unchanged.
where not same;
alter table rule force row level security;
alter table segment force row level security;
call declare_workspace_table('segment_version');
