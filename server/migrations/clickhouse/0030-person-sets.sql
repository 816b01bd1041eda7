-- Whom a query is about, when they are many: ids written into its text are planned again and again (5,000 of them: 200 ms).
-- A set is written before its query and read by it alone: it lives in memory, and leaves when newer sets take its place.
create table person_set (
  workspace_id UUID,
  set_id UUID,
  person_id UUID
) engine = Memory
settings min_rows_to_keep = 400000, max_rows_to_keep = 1000000;
