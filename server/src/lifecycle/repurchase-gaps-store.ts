import type { RepurchaseGaps } from '@baton/contract'
import { sql } from 'kysely'
import { dayMs, type Instant, must, type WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** Something of it was kept, or it was stated to be free, as equity has it; a return of an order never seen is none. */
const isKept = sql`not o.cancelled
  and (o.gross_minor > o.refunded_minor or (o.stated_free and o.refunded_minor = 0))`

/** How long it took people from one kept order to the next, up to an instant; orders of one day (UTC) count as one. */
export const readRepurchaseGaps = async (tx: Tx, workspaceId: WorkspaceId, until: Instant): Promise<RepurchaseGaps> => {
  const { rows } = await sql<RepurchaseGaps>`
    with bought as (
      select distinct coalesce(s.person_id, o.subject_id) as person_id, o.ordered_at / ${dayMs} as day
      from customer_order o left join subject s using (workspace_id, subject_id)
      where o.workspace_id = ${workspaceId} and ${isKept} and o.ordered_at <= ${until}
    ), since as (
      select person_id, day, day - lag(day) over (partition by person_id order by day) as gap from bought
    )
    select count(gap)::int as gaps, (count(distinct person_id) filter (where gap is not null))::int as people,
      coalesce(${Math.floor(until / dayMs)} - min(day), 0)::int as "historyDays",
      percentile_disc(0.5) within group (order by gap)::int as median,
      percentile_disc(0.9) within group (order by gap)::int as p90,
      percentile_disc(0.95) within group (order by gap)::int as p95
    from since`.execute(tx)
  return must(rows[0], 'an aggregate gives a row')
}
