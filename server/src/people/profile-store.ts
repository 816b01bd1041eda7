import { sql } from 'kysely'
import type { Instant, PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'
import type { SubjectProfile } from './fold-traits.ts'

export const loadProfiles = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  subjects: readonly SubjectId[],
): Promise<ReadonlyMap<SubjectId, SubjectProfile>> => {
  if (subjects.length === 0) return new Map()
  const { rows } = await sql<{ subjectId: SubjectId } & SubjectProfile>`
    select subject_id as "subjectId", traits, trait_times as "traitTimes" from profile
    where workspace_id = ${workspaceId} and subject_id = any(${subjects}::uuid[])`.execute(tx)
  return new Map(rows.map((row) => [row.subjectId, { traits: row.traits, traitTimes: row.traitTimes }]))
}

export const saveProfiles = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  profiles: ReadonlyMap<SubjectId, SubjectProfile>,
  at: Instant,
): Promise<void> => {
  if (profiles.size === 0) return
  const all = [...profiles]
  await sql`
    insert into profile (workspace_id, subject_id, traits, trait_times, updated_at)
    select ${workspaceId}, subject_id, traits, trait_times, ${at}
    from unnest(${all.map(([subject]) => subject)}::uuid[], ${all.map(([, profile]) => JSON.stringify(profile.traits))}::jsonb[],
      ${all.map(([, profile]) => JSON.stringify(profile.traitTimes))}::jsonb[]) row(subject_id, traits, trait_times)
    on conflict (workspace_id, subject_id) do update
      set traits = excluded.traits, trait_times = excluded.trait_times, updated_at = excluded.updated_at`.execute(tx)
}

/** Adds words by which staff find a person. */
export const saveTokens = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  tokens: readonly { personId: PersonId; token: string }[],
): Promise<void> => {
  if (tokens.length === 0) return
  await sql`
    insert into person_token (workspace_id, token, person_id)
    select ${workspaceId}, * from unnest(${tokens.map((each) => each.token)}::text[], ${tokens.map((each) => each.personId)}::uuid[])
    on conflict do nothing`.execute(tx)
}

/** Words move with the subjects they came from: a merged person's go to the winner as well. */
export const copyTokens = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  moves: readonly { from: PersonId; to: PersonId }[],
): Promise<void> => {
  if (moves.length === 0) return
  await sql`
    insert into person_token (workspace_id, token, person_id)
    select t.workspace_id, t.token, move.to_id
    from unnest(${moves.map((move) => move.from)}::uuid[], ${moves.map((move) => move.to)}::uuid[]) move(from_id, to_id)
    join person_token t on t.workspace_id = ${workspaceId} and t.person_id = move.from_id
    on conflict do nothing`.execute(tx)
}
