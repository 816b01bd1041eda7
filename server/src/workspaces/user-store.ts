import { role, scope } from '@baton/contract'
import { sql } from 'kysely'
import type { SignedIn } from '../http/index.ts'
import { brandAs, type Instant, must, newId, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** Users, as the sign-in library keeps them: a row of "user" and, for a password, one of "account". */
export interface NewUser {
  readonly name: string
  readonly email: string
  readonly passwordHash: string
  readonly at: Instant
}

/** The new user's id; null when that address has an account already. */
export const insertUser = async (tx: Tx, made: NewUser): Promise<string | null> => {
  const userId = newId<string>()
  const at = new Date(made.at)
  const { rows } = await sql`
    insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
    values (${userId}, ${made.name}, ${made.email.toLowerCase()}, false, ${at}, ${at})
    on conflict ("email") do nothing returning "id"`.execute(tx)
  if (rows.length === 0) return null
  await sql`
    insert into "account" ("id", "accountId", "providerId", "userId", "password", "createdAt", "updatedAt")
    values (${newId<string>()}, ${userId}, 'credential', ${userId}, ${made.passwordHash}, ${at}, ${at})`.execute(tx)
  return userId
}

/** Somebody can sign in. (The people of a simulation can't: they have no account.) */
export const anyUser = async (tx: Tx): Promise<boolean> => {
  const { rows } = await sql`select from "account" limit 1`.execute(tx)
  return rows.length > 0
}

/** The first who could sign in, or null. */
export const findFirstUser = async (tx: Tx): Promise<string | null> => {
  const { rows } = await sql<{ userId: string }>`
    select "userId" from "account" order by "createdAt" limit 1`.execute(tx)
  return rows[0]?.userId ?? null
}

/** A user without an account: a name to assign things to. */
export const insertSimulatedUser = async (
  tx: Tx,
  made: { readonly name: string; readonly email: string; readonly at: Instant },
): Promise<string> => {
  const at = new Date(made.at)
  const { rows } = await sql<{ id: string }>`
    insert into "user" ("id", "name", "email", "emailVerified", "createdAt", "updatedAt")
    values (${newId<string>()}, ${made.name}, ${made.email.toLowerCase()}, false, ${at}, ${at})
    on conflict ("email") do update set "updatedAt" = excluded."updatedAt" returning "id"`.execute(tx)
  return must(rows[0], 'an upsert returns its row').id
}

export const findAccount = async (
  tx: Tx,
  email: string,
): Promise<{ readonly userId: string; readonly passwordHash: string | null } | null> => {
  const { rows } = await sql<{ id: string; password: string | null }>`
    select u."id", a."password" from "user" u
    left join "account" a on a."userId" = u."id" and a."providerId" = 'credential'
    where u."email" = ${email.toLowerCase()}`.execute(tx)
  return rows[0] === undefined ? null : { userId: rows[0].id, passwordHash: rows[0].password }
}

export const findNames = async (tx: Tx, userIds: readonly string[]): Promise<Map<string, string>> => {
  const { rows } = await sql<{ id: string; name: string }>`
    select "id", "name" from "user" where "id" = any(${userIds}::text[])`.execute(tx)
  return new Map(rows.map((row) => [row.id, row.name]))
}

interface SessionRow {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly workspace_id: string | null
  readonly role: string | null
  readonly scope: unknown
}

/** Who a session that has not ended belongs to, with her open workspaces, oldest first. */
export const findSignedIn = async (tx: Tx, tokenHash: string, now: Instant): Promise<SignedIn | null> => {
  const { rows } = await sql<SessionRow>`
    select u."id", u."name", u."email", m.workspace_id, m.role, m.scope
    from "session" s
    join "user" u on u."id" = s."userId"
    left join (member m join workspace w on w.workspace_id = m.workspace_id and w.closed_at is null) on m.user_id = u."id"
    where s."token" = ${tokenHash} and s."expiresAt" > ${new Date(now)}
    order by w.created_at, w.workspace_id`.execute(tx)
  const [first] = rows
  if (first === undefined) return null
  const memberships = rows.flatMap((row) =>
    row.workspace_id === null
      ? []
      : [
          {
            workspaceId: brandAs<WorkspaceId>(row.workspace_id),
            role: role.parse(row.role),
            scope: scope.parse(row.scope),
          },
        ],
  )
  return { userId: first.id, name: first.name, email: first.email, memberships }
}

/** Sessions that ended a day ago: nobody comes back for them. */
export const deleteEndedSessions = async (tx: Tx, before: Instant): Promise<void> => {
  await sql`delete from "session" where "expiresAt" < ${new Date(before)}`.execute(tx)
}
