create table template (
  workspace_id uuid not null,
  template_id uuid not null,
  name text not null,
  -- Which default template it began as; null: made here.
  seed text,
  version integer not null,
  created_at bigint not null,
  primary key (workspace_id, template_id)
);
create unique index template_seed on template (workspace_id, seed);

-- A version never changes: a message says which one it was made of. `compiled` is its MJML as HTML, Liquid still in it.
create table template_version (
  workspace_id uuid not null,
  template_id uuid not null,
  version integer not null,
  name text not null,
  subject text not null,
  mjml text not null,
  compiled text not null,
  text_body text,
  topic text not null,
  created_at bigint not null,
  created_by text not null,
  primary key (workspace_id, template_id, version)
);

create table brand_kit (
  workspace_id uuid primary key,
  kit jsonb not null,
  updated_at bigint not null
);

-- What hosted forms were answered: how often, by form. The answers themselves are events.
create table form_answer_count (
  workspace_id uuid not null,
  slug text not null,
  answers bigint not null,
  primary key (workspace_id, slug)
);

-- The address of a hosted form, for everybody on the web: names the workspace before anyone is inside it.
create table form_address (
  address text primary key,
  workspace_id uuid not null,
  slug text not null,
  unique (workspace_id, slug)
);

call declare_workspace_table('template');
call declare_workspace_table('template_version');
call declare_workspace_table('brand_kit');
call declare_workspace_table('form_answer_count');
call declare_global_table('form_address');
