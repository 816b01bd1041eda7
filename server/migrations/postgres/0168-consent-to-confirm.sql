-- What an answer to the hosted form says that holds only once her address is confirmed: what she says of herself, and what she
-- agreed to, as the form worded it. It moves on to the message that asks her.
alter table owed_confirmation add column unconfirmed jsonb not null default '{}';
