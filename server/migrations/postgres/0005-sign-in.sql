-- The sign-in library's tables, as its version 1.7 expects them (a test compares). Names and cases are its own.
-- `session.token` holds the SHA-256 of what the cookie carries; `account.password` an Argon2id hash.
create table "user" (
  "id" text primary key,
  "name" text not null,
  "email" text not null unique,
  "emailVerified" boolean not null default false,
  "image" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);

-- Rows leave when she signs out, when her password changes, and a day after they ended.
create table "session" (
  "id" text primary key,
  "expiresAt" timestamptz not null,
  "token" text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references "user" on delete cascade
);
create index "session_userId_idx" on "session" ("userId");

create table "account" (
  "id" text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references "user" on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  "scope" text,
  "password" text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
create index "account_userId_idx" on "account" ("userId");

-- Rows leave when they are used or too old.
create table "verification" (
  "id" text primary key,
  "identifier" text not null,
  "value" text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create index "verification_identifier_idx" on "verification" ("identifier");

-- The token that makes the first user: printed by the start, kept hashed, used once. One row.
create table first_run (
  only_row boolean primary key default true check (only_row),
  token_hash bytea not null,
  made_at bigint not null,
  used_at bigint
);

-- A sample that was left: no stage works on it any more, then its rows go.
alter table workspace add column closed_at bigint, add column emptied_at bigint;

call declare_global_table('user');
call declare_global_table('session');
call declare_global_table('account');
call declare_global_table('verification');
call declare_global_table('first_run');
