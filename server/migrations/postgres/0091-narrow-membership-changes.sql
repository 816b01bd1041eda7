-- A change of membership says who and when; what thousands of changes have in common stands once. Half the bytes of a
-- change and of its indexes, which were the dearest thing that a busy server wrote.

-- What changes of membership have in common: of which rule, which way, by what, and which of its conditions held. The id
-- is a digest of the rest, so a kind is written without looking it up. As many as rules had versions and ways to hold: some
-- hundreds a workspace, thousands where rules have many conditions. They leave with their workspace.
create table membership_change_kind (
  workspace_id uuid not null,
  kind_id uuid not null,
  rule_key text not null,
  version integer not null,
  entered boolean not null,
  cause text not null check (cause in ('behaviour', 'time', 'rule-changed', 'merged')),
  evidence jsonb not null,
  primary key (workspace_id, kind_id)
);

-- Ticks of an older version take them in this order, too.
lock table rule, membership_change in access exclusive mode;
alter table membership_change rename to wide_membership_change;
alter table wide_membership_change rename constraint membership_change_pkey to wide_membership_change_pkey;
alter index membership_change_person rename to wide_membership_change_person;
alter index membership_change_rule rename to wide_membership_change_rule;
-- Whoever migrates is to see every workspace's rows: the owner is behind the wall, too, unless it is let down.
alter table wide_membership_change no force row level security;
alter table rule no force row level security;

-- Who came in and who left, in the order it became known. Append only. Rows of a tick above `segment_tick.number` are
-- not to be read yet. Rows leave with their workspace.
create table membership_change (
  workspace_id uuid not null,
  seq bigint not null generated always as identity,
  tick bigint not null,
  position bigint not null,
  rule_id uuid not null,
  kind_id uuid not null,
  person_id uuid not null,
  at bigint not null,
  known_at bigint not null
);

insert into membership_change_kind
  select distinct workspace_id,
    md5(concat_ws(' ', rule_key, version, entered, cause, evidence))::uuid, rule_key, version, entered, cause, evidence
  from wide_membership_change;
insert into membership_change (workspace_id, seq, tick, position, rule_id, kind_id, person_id, at, known_at)
  overriding system value
  select c.workspace_id, c.seq, c.tick, c.position, r.rule_id,
    md5(concat_ws(' ', c.rule_key, c.version, c.entered, c.cause, c.evidence))::uuid, c.person_id, c.at, c.known_at
  from wide_membership_change c
  join (select distinct workspace_id, rule_key, rule_id from rule) r using (workspace_id, rule_key);
do $$
declare
  wide bigint := (select count(*) from wide_membership_change);
  narrow bigint := (select count(*) from membership_change);
begin
  if wide <> narrow then
    raise exception '% of % changes of membership have no rule: they would be lost', wide - narrow, wide;
  end if;
end $$;
select setval(pg_get_serial_sequence('membership_change', 'seq'), max(seq)) from membership_change having max(seq) is not null;

alter table membership_change add primary key (workspace_id, seq);
create index membership_change_person on membership_change (person_id, seq desc);
create index membership_change_rule on membership_change (rule_id, seq desc);

alter table rule force row level security;
drop table wide_membership_change;
analyze membership_change, membership_change_kind;
delete from table_kind where name = 'membership_change';
call declare_workspace_table('membership_change');
call declare_workspace_table('membership_change_kind');
-- Asked once a statement, not once a row: a tenth of what writing a row costs.
alter policy wall on membership_change with check (workspace_id = (select baton_workspace()));
