-- Messages that no journey planned: those that ask whether an address is hers. Their run is the answer to the form.
alter table message alter column journey_id drop not null;
alter table message alter column journey_version drop not null;

-- Answers to the hosted form whose senders are still to be asked whether the address is theirs, and where they stand in the
-- log. Rows leave when the people stage has passed that.
create table owed_confirmation (
  workspace_id uuid not null,
  submission uuid not null,
  position bigint not null,
  primary key (workspace_id, submission)
);
call declare_workspace_table('owed_confirmation');
