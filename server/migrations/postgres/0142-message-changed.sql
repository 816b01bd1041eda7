-- What became of messages since an instant: the first page counts it, and the list of messages begins there.
create index message_changed on message (workspace_id, changed_at);
