-- Who changed the journey last: named to somebody whose older draft is refused. Lives as long as the journey.
alter table journey add column updated_by text not null default 'unknown';
