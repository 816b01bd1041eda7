import type { ForwardEquityView } from '@baton/contract'
import type { KeptFigure } from './forward-figure-store.ts'

/** A kept figure as the API tells it. */
export const viewForward = (
  kept: KeptFigure,
  about: { readonly currency: string; readonly isCurrent: boolean; readonly baseline: KeptFigure | null },
): ForwardEquityView => {
  const { output, settings, asOf, computedAt, position } = kept
  const { figure, acquisition, change } = output
  const common = {
    currency: about.currency,
    asOf,
    computedAt,
    position: Math.max(position.live, position.bulk),
    isCurrent: about.isCurrent,
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
      change === null || about.baseline === null
        ? null
        : {
            since: { computedAt: about.baseline.computedAt, asOf: about.baseline.asOf },
            fromMinor: change.fromMinor,
            toMinor: change.toMinor,
            parts: change.parts.map((part) => ({ ...part })),
          },
  }
}

const pair = (interval: readonly [number, number] | null): [number, number] | null =>
  interval && [interval[0], interval[1]]
