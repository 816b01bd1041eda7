-- Of which workspaces ClickHouse holds all that it should: 'people' (what was projected, from the first batch on) and 'masks'
-- (everybody's). Who finds no row here holds what came after a loss, however much that is. One row a workspace and part,
-- for good; the workspaces that stand here already are taken to be whole.
create table whole_part (
  workspace_id UUID,
  part LowCardinality(String)
) engine = ReplacingMergeTree
order by (workspace_id, part);

insert into whole_part select distinct workspace_id, 'people' from person;

insert into whole_part select distinct workspace_id, 'masks' from rule_mask;
