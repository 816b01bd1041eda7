import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { createDice, type Dice } from './dice.ts'

export interface Load {
  /** Batches answered 200 up to now. */
  acknowledged(): number
  /** Finishes what is under way and stops; nothing is retried any more. */
  stop(): Promise<void>
}

export interface LoadOptions {
  readonly address: string
  readonly writeKey: string
  readonly seed: number
  /** Clients that send at the same time. */
  readonly clients?: number
  readonly eventsPerBatch?: number
  /** Between a client's answer and its next batch. */
  readonly pauseMs?: number
}

const shoppers = 80

/** What a shopper does next; each cart is added to once and, half the time, bought. */
const eventOf = (dice: Dice) => {
  const shopper = dice.whole(shoppers)
  const base = {
    messageId: randomUUID(),
    timestamp: new Date().toISOString(),
    ...(dice.number(1) < 0.8 ? { userId: `user-${shopper}` } : { anonymousId: `browser-${shopper}` }),
    context: { library: { name: 'load', version: '1' }, userAgent: 'Mozilla/5.0 (X11; Linux x64) '.repeat(4) },
  }
  const cart = { cart_id: `cart-${shopper}-${dice.whole(50)}`, name: 'Blocks', price: 12.5, currency: 'EUR' }
  const chance = dice.number(1)
  if (chance < 0.15)
    return { ...base, type: 'identify', userId: `user-${shopper}`, traits: { email: `s${shopper}@shop.example` } }
  if (chance < 0.7) return { ...base, type: 'page', name: 'Home', properties: { path: `/p/${dice.whole(1_000)}` } }
  const isOrder = chance < 0.85
  const properties = isOrder ? { ...cart, order_id: randomUUID() } : cart
  return { ...base, type: 'track', event: isOrder ? 'Order Completed' : 'Product Added', properties }
}

/**
 * Clients like the SDKs: a batch that was not acknowledged is sent again, the same, until it is. One in ten that was is
 * sent again all the same, one in ten that was not is given up: then nobody knows whether it was stored.
 */
export const startLoad = (options: LoadOptions): Load => {
  const { address, writeKey, seed, clients = 4, eventsPerBatch = 10, pauseMs = 10 } = options
  const authorization = `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`
  let stopping = false
  let acknowledged = 0

  const send = async (body: string): Promise<boolean> => {
    try {
      const answer = await fetch(`${address}/v1/batch`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body,
      })
      await answer.arrayBuffer()
      if (answer.status === 200) acknowledged += 1
      return answer.status === 200
    } catch {
      return false
    }
  }
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
  const beClient = async (dice: Dice): Promise<void> => {
    while (!stopping) {
      const batch = Array.from({ length: eventsPerBatch }, () => eventOf(dice))
      const body = JSON.stringify({ batch, sentAt: new Date().toISOString() })
      while (!(await send(body)) && !stopping && dice.number(1) > 0.1) await pause(50)
      if (!stopping && dice.number(1) < 0.1) await send(body)
      await pause(pauseMs)
    }
  }
  const working = Promise.all(Array.from({ length: clients }, (_, index) => beClient(createDice(seed + index))))
  const stop = async () => {
    stopping = true
    await working
  }
  onTestFinished(stop)
  return { acknowledged: () => acknowledged, stop }
}
