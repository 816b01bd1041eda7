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
/** One in so many never agrees to be written to; the others do whenever they say who they are. */
const neverAgrees = 8
/** A client comes back to its last so many carts: about half of them while they wait for their order. */
const cartsAtHand = 20

interface Cart {
  readonly id: string
  readonly shopper: number
  readonly isKnown: boolean
}

/** One visitor after another at one client, their carts among the last of them. */
const createVisits = (dice: Dice, name: string) => {
  const carts: Cart[] = []
  let made = 0
  const newCart = (): Cart => {
    made += 1
    const cart = { id: `cart-${name}-${made}`, shopper: dice.whole(shoppers), isKnown: dice.number(1) < 0.8 }
    carts.push(cart)
    if (carts.length > cartsAtHand) carts.shift()
    return cart
  }
  /** Now and then she comes back to it from where she is not known, or known, as it was not before. */
  const cartAgain = (): Cart => {
    const cart = dice.pick(carts) ?? newCart()
    return dice.number(1) < 0.1 ? { ...cart, isKnown: !cart.isKnown } : cart
  }
  return { newCart, cartAgain }
}

/** What a shopper does next; one in four is added to a cart that is there, and about half of them are bought in time. */
const eventOf = (dice: Dice, { newCart, cartAgain }: ReturnType<typeof createVisits>) => {
  const base = {
    messageId: randomUUID(),
    context: { library: { name: 'load', version: '1' }, userAgent: 'Mozilla/5.0 (X11; Linux x64) '.repeat(4) },
  }
  const chance = dice.number(1)
  if (chance < 0.7) {
    const shopper = dice.whole(shoppers)
    const who = idOf(shopper, dice.number(1) < 0.8)
    return chance < 0.15
      ? { ...base, ...who, type: 'identify', userId: `user-${shopper}`, traits: traitsOf(shopper) }
      : { ...base, ...who, type: 'page', name: 'Home', properties: { path: `/p/${dice.whole(1_000)}` } }
  }
  const isOrder = chance < 0.85
  const { id, shopper, isKnown } = isOrder || dice.number(1) < 0.25 ? cartAgain() : newCart()
  const cart = { cart_id: id, name: 'Blocks', price: 12.5, currency: 'EUR' }
  const properties = isOrder ? { ...cart, order_id: randomUUID() } : cart
  const event = isOrder ? 'Order Completed' : 'Product Added'
  return { ...base, ...idOf(shopper, isKnown), type: 'track', event, properties }
}

const traitsOf = (shopper: number) => {
  const email = `s${shopper}@shop.example`
  return shopper % neverAgrees === 0 ? { email } : { email, marketing_consent: true }
}

/** Somebody who agrees, fills a cart, takes her consent back while it waits, and fills another: what she does, in turn. */
const waryVisit = (userId: string): readonly object[] => {
  const added = (cart: string) => ({
    type: 'track',
    event: 'Product Added',
    properties: { cart_id: `${cart}-${userId}` },
  })
  return [
    { type: 'identify', traits: { email: `${userId}@wary.example`, marketing_consent: true } },
    added('first'),
    { type: 'track', event: 'Consent Withdrawn' },
    added('second'),
  ].map((event) => ({ ...event, userId }))
}

const idOf = (shopper: number, isKnown: boolean) =>
  isKnown ? { userId: `user-${shopper}` } : { anonymousId: `browser-${shopper}` }

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
  const beClient = async (dice: Dice, name: string): Promise<void> => {
    const visits = createVisits(dice, name)
    const wary: object[] = []
    for (let round = 0; !stopping; round += 1) {
      if (wary.length === 0 && dice.number(1) < 0.1) wary.push(...waryVisit(`wary-${name}-${round}`))
      // Consent counts by when it was said: all of a batch are of the instant at which it is sent.
      const sentAt = new Date().toISOString()
      const hers = wary.splice(0, 1).map((event) => ({ ...event, messageId: randomUUID() }))
      const batch = [...Array.from({ length: eventsPerBatch }, () => eventOf(dice, visits)), ...hers]
      const body = JSON.stringify({ batch: batch.map((event) => ({ ...event, timestamp: sentAt })), sentAt })
      while (!(await send(body)) && !stopping && dice.number(1) > 0.1) await pause(50)
      if (!stopping && dice.number(1) < 0.1) await send(body)
      await pause(pauseMs)
    }
  }
  const working = Promise.all(
    Array.from({ length: clients }, (_, index) => beClient(createDice(seed + index), `${seed}-${index}`)),
  )
  const stop = async () => {
    stopping = true
    await working
  }
  onTestFinished(stop)
  return { acknowledged: () => acknowledged, stop }
}
