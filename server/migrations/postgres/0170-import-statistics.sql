-- A file's rows come at once, and the planner knows nothing of them until it is told: joining them blindly takes as long as
-- their number squared. Only the owner of a table may tell it.
create statistics order_import_line_of_import (dependencies) on workspace_id, import_id from order_import_line;

create function look_at_import_lines() returns void language plpgsql security definer set search_path from current as $$
begin
  analyze order_import_line;
end $$;
