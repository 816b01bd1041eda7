import { sql } from 'kysely'
import { onTestFinished } from 'vitest'
import { decodeBatch, type ReadEvent, readRequests } from '../../server/src/collect/index.ts'
import { type Instant, type Position, RetryableError, type WorkspaceId } from '../../server/src/kernel/index.ts'
import { auditMemberships, type MembershipAudit } from '../../server/src/segments/index.ts'
import { createClickHouse, createPostgres } from '../../server/src/stores/index.ts'
import type { HeldRun } from './witness-verdict.ts'

/** Where the stores are, as `connections.json` says. */
export interface StoreAddresses {
  readonly databaseUrl: string
  readonly clickhouseUrl: string
}

/** Looks into both stores past the program, as its role. */
export interface StoreReader {
  /**
   * Message ids in PostgreSQL's log that came from outside; each call reads only what may be new. Ids that Baton gave
   * to what it told itself are not among them.
   */
  logged(): Promise<ReadonlySet<string>>
  /** How often each message id from outside stands in ClickHouse. */
  projected(): Promise<ReadonlyMap<string, number>>
  /** How often the event of each errand stands in ClickHouse, by the names that `errands.ts` gives them. */
  errands(): Promise<ReadonlyMap<string, number>>
  /** Whose leaving holds, as the errand by which they left. */
  leavers(): Promise<readonly string[]>
  /** What still waits: empty when every stage has dealt with everything. */
  waiting(): Promise<readonly string[]>
  /** Memberships as told, as masked, and as the facts have them; when nothing waits. */
  memberships(): Promise<MembershipAudit>
  /** State of each message in the send ledger. */
  ledger(): Promise<ReadonlyMap<string, string>>
  /** Every run of every journey, with its steps and its messages. */
  runs(): Promise<readonly HeldRun[]>
  /** Process ids of the connections of the app role, the reader's own excepted. */
  backends(): Promise<readonly number[]>
}

/** What Baton puts into the log itself, and what comes by its form, begins with this. */
const ownPrefix = 'baton-'
/** An event of a file of orders: its ids are Baton's own, too. */
const isImported = (event: ReadEvent): boolean => event.kind === 'event' && event.context.import !== undefined

/** They are waited for before their first turn, too, when nothing yet tells that they are there. */
const stagesOfTheLog = ['people', 'projection', 'policy', 'segments', 'journeys']

const recoversWithinMs = 60_000

/** PostgreSQL may be on its way back; what it answers then is what counts. */
const patiently = async <T>(look: () => Promise<T>): Promise<T> => {
  const deadline = performance.now() + recoversWithinMs
  for (;;) {
    try {
      return await look()
    } catch (error) {
      if (!(error instanceof RetryableError) || performance.now() > deadline) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** `addresses` are asked for anew at every call: an engine that is back may listen elsewhere. */
export const readStores = (workspaceId: WorkspaceId, addresses: () => StoreAddresses): StoreReader => {
  let open: { key: string; postgres: ReturnType<typeof createPostgres>; close: () => Promise<void> } | null = null
  const reopen = async () => {
    const { databaseUrl } = addresses()
    if (open?.key === databaseUrl) return open.postgres
    await open?.close()
    const postgres = createPostgres({ url: databaseUrl, connections: 2, name: 'witness' })
    open = { key: databaseUrl, postgres, close: () => postgres.close() }
    return postgres
  }
  onTestFinished(async () => open?.close())
  const inWorkspace = <Row>(query: ReturnType<typeof sql<Row>>): Promise<readonly Row[]> =>
    patiently(async () => (await reopen()).inWorkspace(workspaceId, async (tx) => (await query.execute(tx)).rows))

  const known = new Set<string>()
  let settled = 0
  const readLog = async () => {
    const [edge] = await inWorkspace(sql<{ settled: number }>`select baton_settled() as settled`)
    const batches = await inWorkspace(sql<{ position: Position; receivedAt: Instant; payload: Buffer }>`
      select position, received_at as "receivedAt", payload from log_batch where position >= ${settled}`)
    for (const batch of batches)
      for (const event of readRequests(decodeBatch(batch.payload), batch))
        if (event.kind !== 'refused' && !event.messageId.startsWith(ownPrefix) && !isImported(event))
          known.add(event.messageId)
    settled = edge?.settled ?? settled
    return known
  }

  return {
    logged: readLog,
    projected: async () => {
      const clickhouse = createClickHouse({ url: addresses().clickhouseUrl })
      try {
        const rows = await clickhouse.query<{ id: string; times: number }>({
          sql: `select message_id as id, count() as times from event
                where workspace_id = {workspaceId:UUID} and not startsWith(message_id, {ownPrefix:String})
                  and context.import.:String is null
                group by id`,
          params: { workspaceId, ownPrefix },
        })
        return new Map(rows.map(({ id, times }) => [id, Number(times)]))
      } finally {
        await clickhouse.close()
      }
    },
    errands: async () => {
      const clickhouse = createClickHouse({ url: addresses().clickhouseUrl })
      try {
        const rows = await clickhouse.query<{ errand: string; times: number }>({
          sql: `select multiIf(name = 'Unsubscribed', concat('leave ', properties.message_id.:String),
                    name = 'Replied', concat('reply ', properties.message_id.:String),
                    name = 'Form Submitted', concat('form ', splitByChar(':', message_id)[2]),
                    concat('order ', properties.order_id.:String)) as errand, count() as times
                from event
                where workspace_id = {workspaceId:UUID}
                  and (name in ('Unsubscribed', 'Replied', 'Form Submitted')
                    or (name = 'Order Completed' and context.import.:String is not null))
                group by errand`,
          params: { workspaceId },
        })
        return new Map(rows.map(({ errand, times }) => [errand, Number(times)]))
      } finally {
        await clickhouse.close()
      }
    },
    leavers: async () => {
      const rows = await inWorkspace(sql<{ errand: string }>`
        select 'leave ' || m.message_id as errand from message m
        join preference p on p.workspace_id = m.workspace_id and p.subject_id = m.subject_id
        where p.unsubscribed_all and m.state in ('intent', 'accepted', 'uncertain')`)
      return rows.map(({ errand }) => errand)
    },
    waiting: async () => {
      const rows = await inWorkspace(sql<{ what: string }>`
        select format('%s %s is at %s of %s', s.stage, e.lane, coalesce(p.position, 0), e.last) as what
        from (select lane, max(position) as last from log_batch group by lane) e
        cross join (select distinct stage from stage_position where stage <> 'journeys.membership'
                    union select unnest(${stagesOfTheLog}::text[])) s
        left join stage_position p on p.workspace_id = ${workspaceId} and p.stage = s.stage and p.lane = e.lane
        where coalesce(p.position, 0) < e.last
        union all
        select format('projection batch %s is sealed, not committed', number) from projection_batch where not committed
        union all
        select format('%s messages are %s', count(*), state) from message
        where state in ('planned', 'held', 'rendered', 'intent') group by state
        union all
        select format('%s runs are on their way', count(*)) from journey_run where state = 'active' having count(*) > 0
        union all
        select format('%s rules are counted', count(*)) from rule where state in ('counting', 'retiring')
        having count(*) > 0
        union all
        select format('%s imports are under way', count(*)) from order_import where state in ('reading', 'writing')
        having count(*) > 0
        union all
        select format('%s things are owed to the log', count(*)) from message_feedback where not told having count(*) > 0`)
      return rows.map(({ what }) => what)
    },
    memberships: async () => {
      const clickhouse = createClickHouse({ url: addresses().clickhouseUrl })
      try {
        const [row] = await inWorkspace(sql<{ batch: number }>`select max(number) as batch from projection_batch`)
        return await auditMemberships({ postgres: await reopen(), clickhouse }, workspaceId, row?.batch ?? 0)
      } finally {
        await clickhouse.close()
      }
    },
    ledger: async () => {
      const rows = await inWorkspace(sql<{ id: string; state: string }>`select message_id as id, state from message`)
      return new Map(rows.map(({ id, state }) => [id, state]))
    },
    runs: () =>
      inWorkspace(sql<HeldRun>`
        select r.run_id as "runId", r.entry->>'messageId' as "messageId", r.entry_key as cart,
          r.subject_id as "subjectId", r.entered_at as "enteredAt", r.ended_at as "endedAt", r.state, r.reason,
          array(select i.kind || ' ' || i.value from identifier i
                where i.workspace_id = r.workspace_id and i.subject_id = r.subject_id) as identities,
          coalesce((select jsonb_agg(jsonb_build_object('stepId', s.step_id, 'outcome', s.outcome) order by s.step_no)
                    from journey_run_step s where s.workspace_id = r.workspace_id and s.subject_id = r.subject_id
                      and s.run_id = r.run_id), '[]') as steps,
          coalesce((select jsonb_agg(jsonb_build_object('messageId', m.message_id, 'state', m.state, 'reason', m.reason))
                    from message m where m.workspace_id = r.workspace_id and m.run_id = r.run_id), '[]') as messages
        from journey_run r`),
    backends: async () => {
      const rows = await inWorkspace(sql<{ pid: number }>`
        select pid from pg_stat_activity
        where usename = current_user and application_name not like 'witness%' and backend_type = 'client backend'`)
      return rows.map(({ pid }) => pid)
    },
  }
}
