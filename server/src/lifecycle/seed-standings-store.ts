import type { LifeCycleDefinition } from '@baton/contract'
import { sql } from 'kysely'
import type { Instant, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** Puts everybody who is there already into the first state of each track: where people stand before any rule is counted. */
export const seedStandings = async (
  tx: Tx,
  workspaceId: WorkspaceId,
  definition: LifeCycleDefinition,
  at: Instant,
): Promise<void> => {
  const first = definition.tracks.map(({ track, states }) => ({ track, state: states[0]?.state ?? '' }))
  await sql`
    with seeded as (
      insert into life_cycle_state (workspace_id, person_id, track, state, since)
      select ${workspaceId}, p.person_id, f.track, f.state, p.since
      from (select person_id, min(first_seen_at) as since from subject
        where workspace_id = ${workspaceId} group by person_id) p
      cross join unnest(${first.map(({ track }) => track)}::text[], ${first.map(({ state }) => state)}::text[])
        f(track, state)
      on conflict do nothing
      returning person_id, track, state, since
    ), moved as (
      insert into life_cycle_move
        (workspace_id, tick, person_id, track, from_state, to_state, at, known_at, cause, evidence)
      select ${workspaceId}, 0, person_id, track, null, state, since, ${at}, 'rule-changed', '{}' from seeded
    )
    insert into life_cycle_count (workspace_id, track, state, people, at_risk)
    select ${workspaceId}, track, state, count(*), 0 from seeded group by track, state
    on conflict (workspace_id, track, state) do update set people = life_cycle_count.people + excluded.people`.execute(
    tx,
  )
}
