import type { ForwardEquityView } from '@baton/contract'
import type { Instant } from '../kernel/index.ts'
import type { KeptFigure } from './forward-figure-store.ts'

/** A kept figure as the API tells it. */
export const viewForward = (kept: KeptFigure, isCurrent: boolean): ForwardEquityView => {
  const { output, basis, asOf, computedAt, position, compared } = kept
  const { settings, currency } = basis
  const { figure, acquisition, change } = output
  const common = {
    currency,
    asOf,
    computedAt,
    position: Math.max(position.live, position.bulk),
    isCurrent,
    customers: output.customers,
    lastOrderAt: output.lastOrderAt,
    assumptions: { ...settings, ...acquisition },
    unconverted: [...output.unconverted],
  }
  if (figure.kind === 'not-computed')
    return { ...common, kind: 'not-computed', reason: figure.reason, explanation: figure.explanation }
  const { current, future, total, parameters, spend, warnings } = figure
  return {
    ...common,
    kind: 'computed',
    of: settings.margin === null ? 'revenue' : 'margin',
    current: { ...current, interval: pair(current.interval) },
    future: { ...future, interval: pair(future.interval) },
    total: { ...total, interval: pair(total.interval) },
    parameters: { ...parameters },
    spend: { ...spend },
    warnings: [...warnings],
    change:
      change === null || compared === null
        ? null
        : { ...change, since: sinceOf(compared), parts: change.parts.map((part) => ({ ...part })) },
    unlike:
      compared === null || compared.differs.length === 0
        ? null
        : { since: sinceOf(compared), differs: [...compared.differs] },
  }
}

const sinceOf = ({ asOf, computedAt }: { readonly asOf: Instant; readonly computedAt: Instant }) => ({
  asOf,
  computedAt,
})

const pair = (interval: readonly [number, number] | null): [number, number] | null =>
  interval && [interval[0], interval[1]]
