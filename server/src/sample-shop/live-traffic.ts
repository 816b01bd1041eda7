import type { Collect, JsonObject } from '../collect/index.ts'
import { dayMs, hourMs, type Instant, type Milliseconds, type WorkspaceId } from '../kernel/index.ts'
import type { Customer } from './customers.ts'
import type { Random } from './random.ts'
import { eventsOfCustomer } from './shop-events.ts'

/**
 * What goes on in the shop now: every second or so somebody does something. A visit that would take minutes is played
 * in seconds, so that one who watches sees carts fill and orders come.
 */
export const createLiveTraffic = (
  deps: {
    collect: Pick<Collect, 'appendEvents'>
    now: () => Instant
    /** False once somebody began with her own data: the shop closes for good. */
    isOpen: () => Promise<boolean>
    signal: AbortSignal
  },
  shop: { workspaceId: WorkspaceId; customers: readonly Customer[]; random: Random },
) => {
  let queue: JsonObject[] = []
  let visits = 0
  const run = `${deps.now()}`

  const nextVisit = (): JsonObject[] => {
    visits += 1
    const random = shop.random.fork(`visit ${run} ${visits}`)
    const customer = random.pick(shop.customers)
    const from = deps.now()
    const visitor = { ...customer, arrivesAt: from, visitsPerDay: 0.01 }
    const events = eventsOfCustomer(random, visitor, from + 2 * dayMs)
    // The visit only: what would follow in days (delivery, a review) is not played.
    const visitEnd = (events[0]?.at ?? from) + hourMs
    const visit = events.filter(({ at }) => at < visitEnd)
    return visit.map(({ event }) => ({ ...event, messageId: `live-${run}-${visits}-${String(event.messageId)}` }))
  }

  const closed = new AbortController()
  const step = async () => {
    if (!(await deps.isOpen())) return closed.abort()
    if (queue.length === 0) queue = nextVisit()
    const event = queue.shift()
    if (!event) return
    // It happens when it is sent.
    const { timestamp: _, ...now } = event
    await deps.collect.appendEvents(shop.workspaceId, 'live', [withFreshIds(now, run)], { source: 'sample-shop' })
  }

  const loop = (pauseMs: Milliseconds) => {
    if (deps.signal.aborted || closed.signal.aborted) return
    const timer = setTimeout(() => {
      step()
        .catch(() => undefined) // the next step tries again; the log answers again when the engine is back
        .finally(() => loop(shop.random.between(300, 1_500)))
    }, pauseMs)
    deps.signal.addEventListener('abort', () => clearTimeout(timer), { once: true })
  }
  return { start: () => loop(500) }
}

/** Orders and carts of this run must not be taken for those of the history. */
const withFreshIds = (event: JsonObject, run: string): JsonObject => {
  const { properties } = event
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) return event
  const renamed: Record<string, unknown> = { ...properties }
  for (const key of ['order_id', 'cart_id', 'complaint_id'])
    if (typeof renamed[key] === 'string') renamed[key] = `${renamed[key]}-${run}`
  return { ...event, properties: renamed as JsonObject }
}
