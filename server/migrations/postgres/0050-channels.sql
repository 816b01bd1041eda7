-- How a channel leaves the house; passwords and keys in `sealed`, encrypted with the key file of the data folder.
create table channel_setting (
  workspace_id uuid not null,
  channel text not null,
  settings jsonb not null,
  sealed text,
  updated_at bigint not null,
  updated_by text not null,
  primary key (workspace_id, channel)
);

-- The local mailbox: what would have been mailed while no server is set, or in a sample. Keyed by message, so a repeated
-- hand-over is the same mail. Rows leave 90 days after they came.
create table mailbox_mail (
  workspace_id uuid not null,
  mail_id uuid not null,
  message_id uuid,
  person_id uuid,
  at bigint not null,
  sender text not null,
  recipient text not null,
  subject text not null,
  raw bytea not null,
  html text not null,
  text_body text not null,
  replied_at bigint,
  primary key (workspace_id, mail_id)
);
create index mailbox_mail_at on mailbox_mail (workspace_id, at desc, mail_id desc);

call declare_workspace_table('channel_setting');
call declare_workspace_table('mailbox_mail');
