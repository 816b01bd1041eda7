import type { KyselyPlugin } from 'kysely'
import { sql } from 'kysely'
import { addWorkspace, testNow, tombstoneKey } from '../../../tests/harness/pipeline.ts'
import { testStores } from '../../../tests/harness/stores.ts'
import { createCollect } from '../collect/index.ts'
import type { Lane, Stage, TurnOutcome } from '../jobs/index.ts'
import { brandAs, type Instant, movableClock, must, type PersonId, type Position } from '../kernel/index.ts'
import type { MessageIntent } from '../messages/index.ts'
import { createPeople } from '../people/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { createJourneys } from './index.ts'
import type { MembershipChanged, RehearsalPort } from './ports.ts'

/**
 * Journeys on real engines, fed by the real log and people stage, each turn made by hand: so that a test decides who is
 * held back. What comes of it is planned into a table of the same database, in the same transaction.
 */
export const testJourneys = async () => {
  const stores = await testStores()
  const clock = movableClock(testNow)
  const workspaceId = await addWorkspace(stores)
  const { clickhouse, admin } = stores
  let queries = 0
  const counting: KyselyPlugin = {
    transformQuery: ({ node }) => {
      queries += 1
      return node
    },
    transformResult: async ({ result }) => result,
  }
  const postgres: Postgres = {
    ...stores.postgres,
    inWorkspace: (id, work, options) =>
      stores.postgres.inWorkspace(id, (tx) => work(tx.withPlugin(counting) as Tx), options),
  }
  const collect = createCollect({ postgres: stores.postgres, clock })
  await collect.tendPartitions()
  const domainNow = async () => clock.now()
  const people = createPeople({
    postgres: stores.postgres,
    clickhouse,
    collect,
    currencyOf: async () => 'EUR',
    domainNow,
    tombstoneKey,
  })
  const peopleStage = must(people.stages[0], 'people come first')
  await admin(
    'create table planned (run_id uuid, step_id text, instance int, planned_at bigint, person_id uuid, primary key (run_id, step_id, instance))',
  )
  await admin('grant all on planned to baton_app')
  await admin(`insert into lease values ('test', 'one', 1, 0)`)

  const membership = {
    ticked: Number.MAX_SAFE_INTEGER,
    holding: new Set<PersonId>(),
    changes: [] as MembershipChanged[],
    askedAfter: [] as number[],
    counted: true,
  }
  const faults = { beforeCommit: false }
  const rules = { put: [] as string[], retired: [] as string[] }
  const journeys = createJourneys({
    postgres,
    domainNow,
    audit: async () => undefined,
    ports: {
      people: {
        feed: people.feed,
        personsOf: people.personsOf,
        subjectsOf: people.subjectsOf,
      },
      membership: {
        tickedPosition: async () => brandAs<Position>(membership.ticked),
        known: async (_id, keys) => new Set(membership.counted ? keys : []),
        holds: async (_id, keys, persons) =>
          new Map(persons.map((person) => [person, new Set(membership.holding.has(person) ? keys : [])])),
        changesAfter: async (_id, seq) => {
          membership.askedAfter.push(seq)
          return membership.changes.filter((change) => change.seq > seq)
        },
        newestChange: async () => membership.changes.at(-1)?.seq ?? 0,
      },
      rules: {
        put: async (_tx, _id, put) => void rules.put.push(...put.map(({ ruleKey }) => ruleKey)),
        mayChange: async () => true,
        retire: async (_tx, _id, keys) => void rules.retired.push(...keys),
        problem: async () => null,
      },
      messages: {
        plan: async (tx, intents) => {
          await insertPlanned(tx, intents)
          if (faults.beforeCommit) throw new Error('the power went')
        },
        countsByStep: async () => [],
      },
      publishing: {
        phaseOwner: async () => 'ann',
        templates: async (_id, wanted) => new Set(wanted),
      },
      rehearsal: noRehearsal,
    },
  })

  const turn = (stage: Stage, token = 1, lane: Lane = 'live'): Promise<TurnOutcome> =>
    stage.turn({
      workspaceId,
      lane,
      now: clock.now(),
      lease: { name: 'test', token },
      signal: new AbortController().signal,
    })
  /** One turn; again while somebody's transaction elsewhere on this engine holds back what it could do. */
  const act = async (token = 1): Promise<TurnOutcome> => {
    for (let left = 2_000; left > 0; left -= 1) {
      const outcome = await turn(journeys.stage, token)
      if (outcome.handled > 0 || outcome.retryInMs === undefined) return outcome
    }
    throw new Error('journeys are held back for ever')
  }
  /** Turns until there is nothing to do; what others have not finished committing is looked at again. */
  const settle = async (stage: Stage, lane: Lane = 'live'): Promise<TurnOutcome> => {
    for (let left = 2_000; left > 0; left -= 1) {
      const outcome = await turn(stage, 1, lane)
      if (!outcome.more && outcome.retryInMs === undefined && outcome.handled === 0) return outcome
    }
    throw new Error(`${stage.name} does not come to rest`)
  }
  const by = { workspaceId, actor: 'user:ann' }
  let sent = 0
  return {
    stores,
    admin,
    postgres: stores.postgres,
    clock,
    workspaceId,
    by,
    people,
    journeys,
    membership,
    faults,
    rules,
    turn,
    act,
    settle,
    peopleStage,
    /** How many SQL statements journeys made since the last call. */
    countQueries: () => {
      const made = queries
      queries = 0
      return made
    },
    /** Into the log, acknowledged at the clock's instant; no stage has seen it yet. */
    send: async (
      name: string,
      properties: object,
      options: { user?: object; messageId?: string; historic?: boolean; lane?: Lane } = {},
    ) => {
      sent += 1
      const { user = { userId: 'ann' }, messageId = `m${sent}`, historic = false, lane = 'live' } = options
      const event = { type: 'track', event: name, messageId, ...user, properties }
      return collect.appendEvents(workspaceId, lane, [event as never], { source: 'test', historic })
    },
    collect,
    settleAll: async () => {
      await settle(peopleStage)
      return settle(journeys.stage)
    },
    publish: async (draft: object, name = 'Test') => {
      const { journeyId } = await journeys.desk.create(by, { name, draft: draft as never })
      return journeys.desk.publish(by, brandAs(journeyId))
    },
    planned: () =>
      admin<{ step_id: string; instance: number; planned_at: string }>(
        'select step_id, instance, planned_at from planned order by planned_at, run_id, instance',
      ),
    runs: () =>
      admin<{ run_id: string; state: string; reason: string | null; late: number; version: number; entry_key: string }>(
        'select run_id, state, reason, late, version, entry_key from journey_run order by entered_at, entry_key, version, run_id',
      ),
  }
}

/** Tried out over the real rooms, in a test of its own. */
export const noRehearsal: RehearsalPort = {
  rules: async () => null,
  policy: () => Promise.reject(new Error('policy is not connected here')),
}

const insertPlanned = async (tx: Tx, intents: readonly MessageIntent[]) => {
  const at = (pick: (intent: MessageIntent) => string | number | Instant) => intents.map(pick)
  await sql`
    insert into planned select * from unnest(${at((each) => each.runId)}::uuid[], ${at((each) => each.stepId)}::text[],
      ${at((each) => each.instance)}::int[], ${at((each) => each.plannedAt)}::bigint[], ${at((each) => each.personId)}::uuid[])`.execute(
    tx,
  )
}

/** The conservation of runs (I3), counted from the rows themselves against the tallies. */
export const imbalances = (admin: <Row extends object>(text: string) => Promise<Row[]>) =>
  admin<{ what: string }>(`
    with counted as (
      select journey_id, version, 'entered' as measure, '' as item, count(*) as n from journey_run group by 1, 2
      union all select journey_id, version, state, reason, count(*) from journey_run where state <> 'active' group by 1, 2, 3, 4
      union all select r.journey_id, r.version, 'step-entered', s.step_id, count(*) from journey_run_step s
        join journey_run r using (workspace_id, run_id) group by 1, 2, 4
      union all select r.journey_id, r.version, 'step-left', s.step_id, count(*) from journey_run_step s
        join journey_run r using (workspace_id, run_id) where s.left_at is not null group by 1, 2, 4)
    select coalesce(c.measure, t.measure) || ' ' || coalesce(c.item, t.item) || ': ' || coalesce(c.n, 0) || ' rows, tally ' || coalesce(t.amount, 0) as what
    from counted c full join journey_tally t using (journey_id, version, measure, item)
    where c.n is distinct from t.amount
    union all
    select 'run ' || run_id || ' has ' || count(*) || ' open steps but is ' || state from journey_run r
      left join journey_run_step s using (workspace_id, run_id)
    where s.left_at is null and s.step_no is not null group by run_id, state having (state = 'active') <> (count(*) = 1)`)
