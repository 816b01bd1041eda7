import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { ledgerStates } from './ledger-balance.ts'
import type { Operations, Totals } from './operations.ts'

const labelOf = (state: (typeof ledgerStates)[number]): string => (state === 'onTheirWay' ? 'on_their_way' : state)

/** Prometheus text of this process and of the whole operation: sums over workspaces, never one of them. */
export const createMetrics = (
  operations: Pick<Operations, 'totals'>,
): (() => Promise<{ type: string; text: string }>) => {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry, prefix: 'baton_' })
  const gauge = (name: string, help: string, labelNames: readonly string[] = []) =>
    new Gauge({ name, help, labelNames, registers: [registry] })
  const engineUp = gauge('baton_engine_up', '1 when the engine answers', ['engine'])
  const engineSeconds = gauge('baton_engine_answer_seconds', 'How long the engine took to answer', ['engine'])
  const lag = gauge('baton_stage_lag_seconds', 'Age of the oldest event a stage has not dealt with', ['stage', 'lane'])
  const behind = gauge('baton_stage_events_behind', 'Events a stage has not dealt with', ['stage', 'lane'])
  const workers = gauge('baton_workers', 'Workers that hold a lease')
  const due = gauge('baton_oldest_due_seconds', 'How long the oldest timer has been due')
  const planned = gauge('baton_ledger_planned_messages', 'Messages that were ever planned')
  const messages = gauge('baton_ledger_messages', 'Messages in the send ledger by where they are', ['state'])
  const difference = gauge(
    'baton_ledger_difference_messages',
    'Planned messages less those in a state, without sign, over all workspaces: 0 when the ledger balances',
  )
  const countedAt = gauge('baton_ledger_counted_timestamp_seconds', 'When the ledger was counted, as Unix time')
  const handled = new Counter({
    name: 'baton_stage_handled_total',
    help: 'What a stage has dealt with since the installation',
    labelNames: ['stage', 'lane'],
    registers: [registry],
  })

  const set = (totals: Totals): void => {
    for (const { name, state, answeredInMs } of totals.engines) {
      engineUp.set({ engine: name }, state === 'ok' ? 1 : 0)
      if (answeredInMs !== null) engineSeconds.set({ engine: name }, answeredInMs / 1000)
    }
    lag.reset()
    behind.reset()
    handled.reset()
    for (const { stage, lane, lagMs, eventsBehind, handled: done } of totals.stages) {
      lag.set({ stage, lane }, lagMs / 1000)
      behind.set({ stage, lane }, eventsBehind)
      handled.inc({ stage, lane }, done)
    }
    workers.set(totals.workers)
    due.set(totals.oldestDueMs / 1000)
    setLedger(totals.ledger)
  }

  /** Nothing is said of a ledger that nobody has counted yet: 0 would mean that it balances. */
  const setLedger = (ledger: Totals['ledger']): void => {
    if (ledger === null) {
      for (const unknown of [planned, difference, countedAt]) unknown.remove()
      return
    }
    planned.set(ledger.planned)
    for (const state of ledgerStates) messages.set({ state: labelOf(state) }, ledger[state])
    difference.set(ledger.difference)
    countedAt.set(ledger.countedAt / 1000)
  }

  return async () => {
    set(await operations.totals())
    return { type: registry.contentType, text: await registry.metrics() }
  }
}
