-- The two sides into which staff parted a person by undoing a merge: whoever holds a subject of one is not merged with
-- whoever holds one of the other, unless the sender says so by alias. Written by people at work, not by events. Rows stay
-- as long as the merge stands in her history; they leave when either of the two is erased.
create table parted_subject (
  workspace_id uuid not null,
  subject_id uuid not null,
  merge_id uuid not null,
  side text not null check (side in ('kept', 'returned')),
  primary key (workspace_id, subject_id, merge_id)
);
create index parted_subject_merge on parted_subject (workspace_id, merge_id);

-- What was undone before stays parted, too. Whoever migrates is to see every workspace's rows.
alter table person_merge no force row level security;
insert into parted_subject (workspace_id, subject_id, merge_id, side)
select workspace_id, winner_person_id, merge_id, 'kept' from person_merge where undone_at is not null
union
select workspace_id, unnest(moved_subjects), merge_id, 'returned' from person_merge where undone_at is not null
on conflict do nothing;
alter table person_merge force row level security;
call declare_workspace_table('parted_subject');
