import { type Role, role, type Scope, scope } from '@baton/contract'
import { sql } from 'kysely'
import { brandAs, type Instant, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { KeyKind } from './access-key.ts'

/** Kept for a write key, which has no role: it may only send events. */
const noRole = 'none'

export interface KeyRecord {
  readonly keyId: string
  readonly workspaceId: WorkspaceId
  readonly kind: KeyKind
  readonly name: string
  readonly hint: string
  /** Null for a write key. */
  readonly role: Role | null
  readonly scope: Scope
  readonly createdAt: Instant
  readonly lastUsedAt: Instant | null
  readonly revokedAt: Instant | null
}

interface KeyRow {
  readonly key_id: string
  readonly workspace_id: string
  readonly kind: KeyKind
  readonly name: string
  readonly hint: string
  readonly role: string
  readonly scope: unknown
  readonly created_at: string | number
  readonly last_used_at: string | number | null
  readonly revoked_at: string | number | null
}

const toKey = (row: KeyRow): KeyRecord => ({
  keyId: row.key_id,
  workspaceId: brandAs<WorkspaceId>(row.workspace_id),
  kind: row.kind,
  name: row.name,
  hint: row.hint,
  role: row.role === noRole ? null : role.parse(row.role),
  scope: scope.parse(row.scope),
  createdAt: Number(row.created_at),
  lastUsedAt: row.last_used_at === null ? null : Number(row.last_used_at),
  revokedAt: row.revoked_at === null ? null : Number(row.revoked_at),
})

const columns = sql`k.key_id, k.workspace_id, k.kind, k.name, k.hint, k.role, k.scope, k.created_at, k.last_used_at, k.revoked_at`

export const insertKey = async (tx: Tx, made: KeyRecord, hash: Buffer): Promise<void> => {
  await sql`
    insert into access_key (key_id, workspace_id, kind, name, hash, hint, role, scope, created_at)
    values (${made.keyId}, ${made.workspaceId}, ${made.kind}, ${made.name}, ${hash}, ${made.hint}, ${made.role ?? noRole},
      ${JSON.stringify(made.scope)}::jsonb, ${made.createdAt})`.execute(tx)
}

export const listKeys = async (tx: Tx, workspaceId: WorkspaceId, kind: KeyKind): Promise<KeyRecord[]> => {
  const { rows } = await sql<KeyRow>`
    select ${columns} from access_key k where k.workspace_id = ${workspaceId} and k.kind = ${kind}
    order by k.created_at desc, k.key_id desc`.execute(tx)
  return rows.map(toKey)
}

/** False when the workspace has no such key that still works. */
export const revokeKey = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  kind: KeyKind,
  keyId: string,
  at: Instant,
): Promise<boolean> => {
  const { rows } = await sql`
    update access_key set revoked_at = ${at}
    where workspace_id = ${workspaceId} and kind = ${kind} and key_id = ${keyId} and revoked_at is null
    returning key_id`.execute(tx)
  return rows.length > 0
}

const usedEveryMs = 60_000

/** A key that works, of a workspace that is open. Notes its use, at most once a minute. */
export const findWorkingKey = async (tx: Tx, hash: Buffer, now: Instant): Promise<KeyRecord | null> => {
  const { rows } = await sql<KeyRow>`
    select ${columns} from access_key k join workspace w on w.workspace_id = k.workspace_id
    where k.hash = ${hash} and k.revoked_at is null and w.closed_at is null`.execute(tx)
  const [row] = rows
  if (row === undefined) return null
  const key = toKey(row)
  if (key.lastUsedAt === null || key.lastUsedAt < now - usedEveryMs) {
    await sql`update access_key set last_used_at = ${now} where key_id = ${key.keyId}`.execute(tx)
  }
  return key
}

/** What keys were called when they were made, revoked ones too. */
export const findKeyNames = async (tx: Tx, keyIds: readonly string[]): Promise<ReadonlyMap<string, string>> => {
  if (keyIds.length === 0) return new Map()
  const { rows } = await sql<{ keyId: string; name: string }>`
    select key_id as "keyId", name from access_key where key_id = any(${keyIds}::uuid[])`.execute(tx)
  return new Map(rows.map(({ keyId, name }) => [keyId, name]))
}
