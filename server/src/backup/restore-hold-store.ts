import type { PolicySettingsChange } from '@baton/contract'
import { sql } from 'kysely'
import type pg from 'pg'
import { brandAs, type Instant, newId, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import { enterWorkspace } from './backup-store.ts'

const switchedOn: PolicySettingsChange = { killSwitch: true }

/**
 * Holds every open workspace: turns its kill switch on, notes whose was off before, and that what falls due from now on may
 * have gone from the original. In the restore's own transaction, as the tables' owner: nobody ever sees the restored rows without it.
 * `at`: machine time; `takenAt`: of the backup.
 */
export const holdSending = async (client: pg.Client, at: Instant, takenAt: Instant): Promise<void> => {
  const { rows } = await client.query<{ id: string; now: string; since: string }>(
    `select workspace_id as id, coalesce(clock_at, $1) as now, coalesce(clock_at, $2) as since from workspace
     where closed_at is null order by 1`,
    [at, takenAt],
  )
  for (const { id, now, since } of rows) {
    await enterWorkspace(client, id)
    await client.query(
      `insert into restore_doubt (workspace_id, since) values ($1, $2)
       on conflict (workspace_id) do update set since = excluded.since, until = null`,
      [id, since],
    )
    const { rowCount } = await client.query(
      `insert into policy_setting (workspace_id, settings, updated_at, updated_by) values ($1, $2, $3, 'system')
       on conflict (workspace_id) do update
         set settings = policy_setting.settings || excluded.settings, updated_at = excluded.updated_at, updated_by = 'system'
         where policy_setting.settings->>'killSwitch' is distinct from 'true'`,
      [id, JSON.stringify(switchedOn), now],
    )
    const turnedOn = rowCount !== 0
    await client.query(
      'insert into restore_hold (workspace_id, held_at, turned_on) values ($1, $2, $3) on conflict do nothing',
      [id, at, turnedOn],
    )
    if (!turnedOn) continue
    await client.query(
      `insert into audit_entry (workspace_id, audit_id, at, actor, action, object, detail)
       values ($1, $2, $3, 'system', 'policy.changed', 'policy', $4)`,
      [id, newId(), at, JSON.stringify({ changed: Object.keys(switchedOn) })],
    )
  }
}

/** Does this installation hold a restored copy that waits to send? */
export const isHeld = async (client: pg.Client): Promise<boolean> =>
  (await client.query('select 1 from restore_hold limit 1')).rows.length > 0

/** A workspace that a restore holds. */
interface HeldWorkspace {
  readonly workspaceId: WorkspaceId
  /** The restore turned its kill switch on; false: it was on in the original. */
  readonly turnedOn: boolean
}

/** The open workspaces that a restore holds; one that was closed since has nothing to send. */
export const readHeld = async (tx: Tx): Promise<readonly HeldWorkspace[]> =>
  (
    await sql<{ id: string; turnedOn: boolean }>`
      select h.workspace_id as id, h.turned_on as "turnedOn" from restore_hold h join workspace w using (workspace_id)
      where w.closed_at is null order by 1`.execute(tx)
  ).rows.map(({ id, turnedOn }) => ({ workspaceId: brandAs<WorkspaceId>(id), turnedOn }))
