-- Lists that read all of a table for one page, found by explaining every list as the app role
-- (tests/queries/list-queries.engine.test.ts).

-- People, newest first: read every subject of the workspace. One more entry for each new person (the events of somebody
-- known write none), and two for each merge; only the subject that names its person is in it.
create index subject_newest on subject (workspace_id, first_seen_at desc, person_id desc) where subject_id = person_id;

-- The runs that wait at one step of a journey: read all runs it ever had. Only runs that stand at a step are in it, so it
-- stays as small as what is under way; a run that moves on was no HOT update before either, because due_at is indexed.
create index journey_run_at_step on journey_run (workspace_id, journey_id, step_id, entered_at desc, run_id desc)
  where step_id is not null;

-- The changes of one object: read the whole audit. Written by people at work, not by events.
create index audit_entry_object on audit_entry (workspace_id, object, at desc, audit_id desc);
