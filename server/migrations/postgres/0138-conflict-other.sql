-- A conflict is shown at both of its people.
create index identity_conflict_other on identity_conflict (workspace_id, other_person_id);
