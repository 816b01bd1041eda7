import { sql } from 'kysely'
import { OperatorError } from '../../kernel/index.ts'
import type { Postgres } from './postgres.ts'

interface Role {
  readonly name: string
  readonly superuser: boolean
  readonly bypasses: boolean
  readonly owned: string | null
}

/** Row-level security binds neither a superuser, nor BYPASSRLS, nor (as we may alter them) the tables' owner: refuse them. */
export const assertAppRole = async (postgres: Postgres): Promise<void> => {
  const { rows } = await postgres.inGlobal((tx) =>
    sql<Role>`
      select current_user::text as name, r.rolsuper as superuser, r.rolbypassrls as bypasses,
        (select c.oid::regclass::text from pg_class c
          where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace
            and pg_has_role(current_user, c.relowner, 'MEMBER')
          order by c.oid limit 1) as owned
      from pg_roles r where r.rolname = current_user`.execute(tx),
  )
  const role = rows[0]
  const remedy =
    'Give DATABASE_URL an ordinary role (create role baton_app login) and the owner in DATABASE_MIGRATION_URL.'
  const why =
    role === undefined
      ? 'is not in pg_roles'
      : role.superuser
        ? 'is a superuser'
        : role.bypasses
          ? 'has BYPASSRLS'
          : role.owned !== null
            ? `owns the table ${role.owned} (or is a member of its owner)`
            : null
  if (why !== null)
    throw new OperatorError(
      `The PostgreSQL role ${role?.name ?? ''} ${why}, so the wall between workspaces would not hold. ${remedy}`,
    )
}
