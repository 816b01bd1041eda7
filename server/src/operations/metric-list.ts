import { type LedgerCount, ledgerStates } from './ledger-balance.ts'
import type { Metric, Reading, Scrape } from './metric.ts'
import { readOldestDue, readWorkers, type StageTotals } from './operations-store.ts'
import type { LedgerTotals } from './workspace-totals.ts'

const ofStages = ({ positions }: Scrape, figureOf: (row: StageTotals) => number): readonly Reading[] =>
  (positions ?? []).map((row) => ({ labels: { stage: row.stage, lane: row.lane }, value: figureOf(row) }))

const only = (value: number | null | undefined): readonly Reading[] => (value == null ? [] : [{ value }])

const ofLedger = ({ ledger }: Scrape, figureOf: (ledger: LedgerTotals) => number): readonly Reading[] =>
  ledger === null ? [] : [{ value: figureOf(ledger) }]

const stateLabel = (state: Exclude<keyof LedgerCount, 'planned'>): string =>
  state === 'onTheirWay' ? 'on_their_way' : state

/** Every metric of ours: a new one is an entry here, with its query in `operations-store.ts` if it needs one. */
export const metrics: readonly Metric[] = [
  {
    name: 'baton_engine_up',
    help: '1 when the engine answers',
    type: 'gauge',
    labels: ['engine'],
    read: ({ engines }) =>
      engines.map(({ name, state }) => ({ labels: { engine: name }, value: state === 'ok' ? 1 : 0 })),
  },
  {
    name: 'baton_engine_answer_seconds',
    help: 'How long the engine took to answer',
    type: 'gauge',
    labels: ['engine'],
    read: ({ engines }) =>
      engines.flatMap(({ name, answeredInMs }) =>
        answeredInMs === null ? [] : [{ labels: { engine: name }, value: answeredInMs / 1000 }],
      ),
  },
  {
    name: 'baton_process_restarts_total',
    help: 'How often the supervisor started a process or an engine again',
    type: 'counter',
    labels: ['process'],
    read: ({ processes }) =>
      processes.map(({ name, restarts }) => ({ labels: { process: name.toLowerCase() }, value: restarts })),
  },
  {
    name: 'baton_stage_lag_seconds',
    help: 'Age of the oldest event a stage has not dealt with',
    type: 'gauge',
    labels: ['stage', 'lane'],
    read: (scrape) =>
      ofStages(scrape, ({ oldestBehindAt }) =>
        oldestBehindAt === null ? 0 : Math.max(1, scrape.at - oldestBehindAt) / 1000,
      ),
  },
  {
    name: 'baton_stage_events_behind',
    help: 'Events a stage has not dealt with',
    type: 'gauge',
    labels: ['stage', 'lane'],
    read: (scrape) => ofStages(scrape, ({ eventsBehind }) => eventsBehind),
  },
  {
    name: 'baton_stage_handled_total',
    help: 'What a stage has dealt with since the installation',
    type: 'counter',
    labels: ['stage', 'lane'],
    read: (scrape) => ofStages(scrape, ({ handled }) => handled),
  },
  {
    name: 'baton_stage_failures_total',
    help: 'Turns of a stage that failed since its worker started; each is repeated',
    type: 'counter',
    labels: ['stage'],
    read: ({ processes, failures, stages }) =>
      processes.length === 0
        ? []
        : stages.map((stage) => ({ labels: { stage }, value: failures.get(stage)?.count ?? 0 })),
  },
  {
    name: 'baton_stage_items_set_aside',
    help: 'Things a stage could not deal with and went on without, of the last 90 days',
    type: 'gauge',
    labels: ['stage', 'lane'],
    read: ({ quarantined }) =>
      (quarantined ?? []).map(({ stage, lane, items }) => ({ labels: { stage, lane }, value: items })),
  },
  {
    name: 'baton_workers',
    help: 'Workers that hold a lease',
    type: 'gauge',
    labels: [],
    read: async ({ ask }) => only((await ask(readWorkers))?.length),
  },
  {
    name: 'baton_oldest_due_seconds',
    help: 'How long the oldest timer has been due',
    type: 'gauge',
    labels: [],
    read: async (scrape) => {
      const oldest = await scrape.ask(async (tx, at) => ({ dueForMs: await readOldestDue(tx, at) }))
      return only(oldest === null ? null : Math.max(0, oldest.dueForMs ?? 0) / 1000)
    },
  },
  {
    name: 'baton_ledger_planned_messages',
    help: 'Messages that were ever planned',
    type: 'gauge',
    labels: [],
    read: (scrape) => ofLedger(scrape, ({ planned }) => planned),
  },
  {
    name: 'baton_ledger_messages',
    help: 'Messages in the send ledger by where they are',
    type: 'gauge',
    labels: ['state'],
    read: ({ ledger }) =>
      ledger === null
        ? []
        : ledgerStates.map((state) => ({ labels: { state: stateLabel(state) }, value: ledger[state] })),
  },
  {
    name: 'baton_ledger_difference_messages',
    help: 'Planned messages less those in a state, without sign, over all workspaces: 0 when the ledger balances',
    type: 'gauge',
    labels: [],
    read: (scrape) => ofLedger(scrape, ({ difference }) => difference),
  },
  {
    name: 'baton_ledger_counted_timestamp_seconds',
    help: 'When the ledger was counted, as Unix time',
    type: 'gauge',
    labels: [],
    read: (scrape) => ofLedger(scrape, ({ countedAt }) => countedAt / 1000),
  },
]
