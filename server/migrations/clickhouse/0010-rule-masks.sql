-- Which rules hold for each person, by the tick that found it; the highest version wins. Bit n of word w is slot 32 w + n.
-- `next_change_at`: the earliest instant (epoch ms) at which any rule may change with no new fact; 9e15 for none.
-- Rows of earlier ticks leave when parts merge. Rebuildable: a recount writes all of it.
create table rule_mask (
  workspace_id UUID,
  person_id UUID,
  words Array(UInt32),
  next_change_at Int64,
  gone Bool,
  version UInt64
) engine = ReplacingMergeTree(version)
order by (workspace_id, person_id)
settings index_granularity = 1024;
