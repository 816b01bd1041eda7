-- A file of orders on its way into the log: receiving (its bytes arrive) → reading (rows to lines) → writing (orders to
-- the log) → done | stopped | failed. Rows stay as the record of what was imported.
create table order_import (
  workspace_id uuid not null,
  import_id uuid not null,
  file_name text,
  mapping jsonb not null,
  -- Found in the file's beginning: separator, columns, date format …
  understood jsonb,
  state text not null check (state in ('receiving', 'reading', 'writing', 'done', 'stopped', 'failed')),
  bytes bigint not null default 0,
  -- The checkpoint of reading: everything before this byte, and that many lines, has been read.
  bytes_read bigint not null default 0,
  lines_read bigint not null default 0,
  -- The checkpoint of writing: every order up to this key is in the log.
  written_to text collate "C" not null default '',
  accepted bigint not null default 0,
  rejected bigint not null default 0,
  orders bigint not null default 0,
  returns bigint not null default 0,
  cancellations bigint not null default 0,
  guest_orders bigint not null default 0,
  customers bigint,
  totals jsonb not null default '{}',
  problem jsonb,
  created_by text not null,
  created_at bigint not null,
  updated_at bigint not null,
  finished_at bigint,
  primary key (workspace_id, import_id)
);
create index order_import_created on order_import (workspace_id, created_at desc, import_id desc);

-- The file's bytes, in pieces that begin at `at`. They leave when the file has been read.
create table order_import_piece (
  workspace_id uuid not null,
  import_id uuid not null,
  at bigint not null,
  bytes bytea not null,
  primary key (workspace_id, import_id, at)
);
alter table order_import_piece alter column bytes set storage external;

-- Rows that could be read, until their orders are in the log; then they leave.
create table order_import_line (
  workspace_id uuid not null,
  import_id uuid not null,
  line bigint not null,
  order_key text collate "C" not null,
  customer text,
  email text,
  ordered_at bigint not null,
  amount numeric not null,
  currency text not null,
  primary key (workspace_id, import_id, line)
);
create index order_import_line_order on order_import_line (workspace_id, import_id, order_key);
create index order_import_line_customer on order_import_line (workspace_id, import_id, customer);

-- Rows that could not be taken, each with its reason and text. They leave 90 days after their import.
create table order_import_rejection (
  workspace_id uuid not null,
  import_id uuid not null,
  line bigint not null,
  reason text not null,
  row_text text not null,
  primary key (workspace_id, import_id, line)
);

call declare_workspace_table('order_import');
call declare_workspace_table('order_import_piece');
call declare_workspace_table('order_import_line');
call declare_workspace_table('order_import_rejection');
