import type { PhaseKey } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

export interface NamedOwner {
  readonly phase: PhaseKey
  readonly userId: string
  readonly namedAt: Instant
}

export const readNamedOwners = async (tx: Tx, workspaceId: WorkspaceId): Promise<readonly NamedOwner[]> => {
  const { rows } = await sql<NamedOwner>`
    select phase, user_id as "userId", named_at as "namedAt" from phase_owner
    where workspace_id = ${workspaceId}`.execute(tx)
  return rows
}

export const nameOwners = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  named: readonly { readonly phase: PhaseKey; readonly userId: string }[],
  by: { readonly at: Instant; readonly actor: string },
): Promise<void> => {
  await sql`
    insert into phase_owner (workspace_id, phase, user_id, named_at, named_by)
    select ${workspaceId}, row.*, ${by.at}, ${by.actor}
    from unnest(${named.map((each) => each.phase)}::text[], ${named.map((each) => each.userId)}::text[]) row
    on conflict (workspace_id, phase) do update
      set user_id = excluded.user_id, named_at = excluded.named_at, named_by = excluded.named_by`.execute(tx)
}
