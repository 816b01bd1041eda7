import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import type { Metric } from './metric.ts'
import { metrics } from './metric-list.ts'
import type { Operations } from './operations.ts'

/** Prometheus text of this process and of the whole operation: sums over workspaces, never one of them. */
export const createMetrics = (
  operations: Pick<Operations, 'scrape'>,
): (() => Promise<{ type: string; text: string }>) => {
  const processRegistry = new Registry()
  collectDefaultMetrics({ register: processRegistry, prefix: 'baton_' })

  return async () => {
    const scrape = await operations.scrape()
    // Anew at each scrape: what is not known this time is not said, instead of what it was.
    const registry = new Registry()
    await Promise.all(
      metrics.map(async (metric) => {
        const readings = await metric.read(scrape)
        // A metric without labels would say 0.
        if (readings.length === 0) return
        const tell = tellerOf(metric, registry)
        for (const { labels = {}, value } of readings) tell({ ...labels }, value)
      }),
    )
    const all = Registry.merge([registry, processRegistry])
    return { type: all.contentType, text: await all.metrics() }
  }
}

const tellerOf = (
  { name, help, type, labels }: Metric,
  registry: Registry,
): ((labels: Record<string, string>, value: number) => void) => {
  const options = { name, help, labelNames: [...labels], registers: [registry] }
  if (type === 'counter') {
    const counter = new Counter(options)
    return (of, value) => counter.inc(of, value)
  }
  const gauge = new Gauge(options)
  return (of, value) => gauge.set(of, value)
}
