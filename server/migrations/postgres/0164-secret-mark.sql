-- A mark of the secret this installation works with (not the secret), put here by the first start: who comes with
-- another one is refused before it signs, hashes or encrypts anything. One row.
create table secret_mark (
  only_row boolean primary key default true check (only_row),
  mark bytea not null
);
call declare_global_table('secret_mark');
