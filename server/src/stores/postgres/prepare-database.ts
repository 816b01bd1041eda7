import pg from 'pg'
import type { Credentials } from './credentials.ts'

/**
 * Roles and database of the embedded server, made when missing. `baton_owner` owns the tables and runs migrations;
 * `baton_app` is what the program works as and what row-level security binds.
 */
export const prepareDatabase = async (adminUrl: string, passwords: Credentials): Promise<void> => {
  const client = new pg.Client({ connectionString: adminUrl })
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<{ roles: number; databases: number }>(
      `select (select count(*)::int from pg_roles where rolname in ('baton_owner', 'baton_app')) as roles,
              (select count(*)::int from pg_database where datname = 'baton') as databases`,
    )
    if (rows[0]?.roles !== 2) await client.query(rolesSql(client, passwords))
    if (rows[0]?.databases !== 1) await client.query(`create database baton owner baton_owner`)
  } finally {
    await client.end()
  }
}

/** DDL takes no bound values; the passwords are quoted by the driver. */
const rolesSql = (client: pg.Client, { owner, app }: Credentials): string => `
  do $do$ begin
    if not exists (select from pg_roles where rolname = 'baton_owner') then create role baton_owner login; end if;
    if not exists (select from pg_roles where rolname = 'baton_app') then create role baton_app login; end if;
  end $do$;
  alter role baton_owner nosuperuser nobypassrls nocreaterole nocreatedb password ${client.escapeLiteral(owner)};
  alter role baton_app nosuperuser nobypassrls nocreaterole nocreatedb password ${client.escapeLiteral(app)};
  alter role baton_app set idle_in_transaction_session_timeout = '60s';
  alter role baton_app set lock_timeout = '15s';
  alter role baton_owner set lock_timeout = '30s';
`
