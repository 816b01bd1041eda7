import type { JsonObject, JsonValue } from '../collect/index.ts'
import { dayMs, hourMs, type Instant, minuteMs, secondMs } from '../kernel/index.ts'
import { type Product, products, shopUrl } from './catalogue.ts'
import type { Customer } from './customers.ts'
import type { Random } from './random.ts'

/** An event of the simulated shop with the instant at which it is received. */
export interface ShopEvent {
  readonly at: Instant
  readonly event: JsonObject
}

const hourWeights = [0, 0, 0, 0, 0, 1, 3, 5, 6, 6, 5, 5, 6, 6, 5, 5, 6, 7, 8, 10, 12, 10, 6, 2]

/** Everything a customer does from her arrival until `until`, in order of time. Times of day follow waking hours (UTC). */
export const eventsOfCustomer = (random: Random, customer: Customer, until: Instant): readonly ShopEvent[] => {
  const life = new CustomerLife(random, customer, until)
  life.run()
  return life.events.filter((each) => each.at < until).sort((a, b) => a.at - b.at)
}

/** One customer's way through the shop. State: is she signed in, how often has she bought, has she left. */
class CustomerLife {
  readonly events: ShopEvent[] = []
  readonly #random: Random
  readonly #customer: Customer
  readonly #until: Instant
  #count = 0
  #known = false
  #orders = 0
  #carts = 0
  #browser: string

  constructor(random: Random, customer: Customer, until: Instant) {
    this.#random = random
    this.#customer = customer
    this.#until = until
    this.#browser = customer.anonymousIds[0] ?? customer.userId
  }

  run(): void {
    const random = this.#random
    const customer = this.#customer
    let at = customer.arrivesAt
    // Interest fades without an order; a few only look once.
    let interest = 1
    while (at < this.#until) {
      this.#browser = random.pick(customer.anonymousIds)
      const bought = this.#visit(this.#inWakingHours(at))
      if (bought && random.chance(customer.leavesAfterOrder)) {
        this.#afterLeaving(at)
        return
      }
      interest = bought ? 1 : interest * 0.93
      if (interest < 0.25 && random.chance(0.3)) return
      at += random.exponential(Math.max(0.02, customer.visitsPerDay * interest)) * dayMs
    }
  }

  /** A visit: pages, products, perhaps a cart, perhaps an order. Says whether she bought. */
  #visit(start: Instant): boolean {
    const random = this.#random
    const customer = this.#customer
    let at = start
    const step = (low: number, high: number) => {
      at += Math.round(random.between(low, high) * secondMs)
      return at
    }
    this.#page(at, 'Home', '/')
    if (!this.#known && random.chance(this.#orders > 0 ? 0.9 : 0.3)) this.#signIn(step(20, 90))
    const looked = random.whole(1, 6)
    let liked: Product | null = null
    for (let n = 0; n < looked; n += 1) {
      if (random.chance(0.4))
        this.#track(step(5, 40), 'Product List Viewed', { category: random.pick(products).category })
      liked = this.#likelyProduct()
      this.#page(step(2, 20), liked.name, `/p/${liked.productId}`)
      this.#track(step(8, 120), 'Product Viewed', { ...describe(liked), url: `${shopUrl}/p/${liked.productId}` })
      if (random.chance(0.05))
        this.#track(step(5, 30), 'Guide Read', { guide: `${liked.category}-at-home`, label: 'coach' })
    }
    const buys = random.chance(customer.buysPerVisit)
    if (!liked || (!buys && !random.chance(0.12))) return false
    if (customer.seller !== 'direct')
      return buys ? this.#buyAtRetailer(step(hourMs / secondMs, (6 * hourMs) / secondMs), liked) : false
    return this.#fillCart(step(20, 120), liked, buys)
  }

  #fillCart(start: Instant, liked: Product, buys: boolean): boolean {
    const random = this.#random
    let at = start
    if (!this.#known && random.chance(0.85)) {
      this.#signIn(at)
      at += 30 * secondMs
    }
    this.#carts += 1
    const cartId = `${this.#customer.userId}-cart-${this.#carts}`
    const wanted = [
      liked,
      ...Array.from({ length: random.chance(0.35) ? random.whole(1, 2) : 0 }, () => this.#likelyProduct()),
    ]
    const lines = wanted.map((product) => ({ ...describe(product), quantity: random.chance(0.1) ? 2 : 1 }))
    for (const line of lines) {
      this.#track(at, 'Product Added', { ...line, cart_id: cartId, image_url: `${shopUrl}/i/${line.product_id}.png` })
      at += random.whole(20, 200) * secondMs
    }
    if (!buys) {
      if (random.chance(0.4)) this.#track(at, 'Checkout Started', { cart_id: cartId })
      return false
    }
    this.#track(at, 'Checkout Started', { cart_id: cartId })
    // Some think it over for an hour or three: the abandoned-cart journey will have written by then.
    at += random.chance(0.18) ? Math.round(random.between(1.1, 9) * hourMs) : random.whole(1, 20) * minuteMs
    this.#order(at, cartId, lines, null)
    return true
  }

  #order(
    at: Instant,
    cartId: string | null,
    lines: readonly { price: number; quantity: number }[],
    affiliation: string | null,
  ) {
    const random = this.#random
    this.#orders += 1
    const orderId = `${this.#customer.userId}-${this.#orders}`
    const goods =
      lines.reduce((sum, line) => sum + line.price * line.quantity, 0) *
      Math.min(1.6, Math.max(0.7, this.#customer.spendFactor))
    const revenue = Math.round(goods * 100) / 100
    const money = { order_id: orderId, revenue, total: Math.round((revenue + 4.9) * 100) / 100, currency: 'EUR' }
    const from = { ...(cartId ? { cart_id: cartId } : {}), ...(affiliation ? { affiliation } : {}) }
    this.#track(at, 'Order Completed', { ...money, ...from, products: lines as unknown as JsonValue })
    const deliveredAt = at + random.whole(2, 5) * dayMs
    this.#track(deliveredAt, 'Order Delivered', { order_id: orderId })
    if (random.chance(0.6))
      this.#track(deliveredAt + random.whole(1, 4) * dayMs, 'Order Activated', { order_id: orderId })
    this.#afterOrder(deliveredAt, orderId, revenue)
  }

  #buyAtRetailer(at: Instant, liked: Product): boolean {
    if (!this.#known) this.#signIn(at)
    this.#order(at + minuteMs, null, [{ ...describe(liked), quantity: 1 }], this.#customer.seller)
    return true
  }

  /** What follows an order: scores, reviews, returns, complaints, recommendations. */
  #afterOrder(deliveredAt: Instant, orderId: string, revenue: number): void {
    const random = this.#random
    const unhappy = this.#customer.isHardToPlease || random.chance(0.04)
    const later = () => deliveredAt + Math.round(random.between(1, 9) * dayMs)
    if (unhappy && random.chance(0.6)) {
      const openedAt = later()
      this.#track(openedAt, 'Complaint Opened', {
        complaint_id: orderId,
        order_id: orderId,
        subject: random.pick(['arrived late', 'a part is missing', 'broke on the first day']),
      })
      if (random.chance(0.75))
        this.#track(openedAt + random.whole(1, 6) * dayMs, 'Complaint Resolved', {
          complaint_id: orderId,
          order_id: orderId,
        })
    }
    if (random.chance(unhappy ? 0.35 : 0.05))
      this.#track(later(), 'Order Refunded', {
        order_id: orderId,
        total: random.chance(0.7) ? revenue : Math.round(revenue * 50) / 100,
        currency: 'EUR',
      })
    if (random.chance(0.28))
      this.#track(later(), 'Score Given', {
        score: unhappy ? random.whole(0, 6) : random.whole(6, 10),
        question: 'recommend',
      })
    if (!unhappy && random.chance(0.12))
      this.#track(later(), 'Review Submitted', { order_id: orderId, stars: random.whole(4, 5) })
    if (!unhappy && this.#orders > 1 && random.chance(0.15))
      this.#track(later(), 'Referral Made', { code: `${this.#customer.userId}-code` })
  }

  #afterLeaving(at: Instant): void {
    const reason = this.#random.pick(['child outgrew it', 'price', 'found another shop'])
    if (this.#random.chance(0.15)) this.#track(at + 20 * dayMs, 'Left', { reason })
  }

  #signIn(at: Instant): void {
    const { firstName, lastName, email, childAge, locale, timeZone, medium, referredBy, wantsMail } = this.#customer
    this.#known = true
    const traits = {
      firstName,
      lastName,
      email,
      childAge,
      locale,
      timezone: timeZone,
      medium,
      ...(referredBy ? { referredBy } : {}),
      newsletter: wantsMail,
    }
    this.#push(at, { type: 'identify', userId: this.#customer.userId, anonymousId: this.#browser, traits })
    if (this.#random.chance(0.7)) this.#track(at + secondMs, 'Email Verified', {})
    if (wantsMail)
      this.#track(at + 2 * secondMs, 'Consent Given', {
        source: 'sign-up form',
        wording: 'Yes, write to me by e-mail.',
      })
  }

  #page(at: Instant, name: string, path: string): void {
    const { medium } = this.#customer
    this.#push(at, { type: 'page', ...this.#who(), name, properties: { path, url: `${shopUrl}${path}`, medium } })
  }

  #track(at: Instant, event: string, properties: JsonObject): void {
    this.#push(at, { type: 'track', event, ...this.#who(), properties })
  }

  #who(): JsonObject {
    return this.#known ? { userId: this.#customer.userId, anonymousId: this.#browser } : { anonymousId: this.#browser }
  }

  #push(at: Instant, event: JsonObject): void {
    this.#count += 1
    const messageId = `${this.#customer.userId}-${this.#count}`
    this.events.push({ at, event: { ...event, messageId, timestamp: new Date(at).toISOString() } })
  }

  #likelyProduct(): Product {
    const fitting = products.filter(
      (product) => product.from <= this.#customer.childAge && this.#customer.childAge <= product.to,
    )
    return this.#random.pick(fitting.length > 0 ? fitting : products)
  }

  #inWakingHours(at: Instant): Instant {
    const midnight = Math.floor(at / dayMs) * dayMs
    const hour = this.#random.weighted(hourWeights.map((weight, value) => ({ value, weight })))
    const moved = midnight + hour * hourMs + this.#random.whole(0, 59) * minuteMs + this.#random.whole(0, 59_999)
    return moved >= at ? moved : at
  }
}

const describe = (product: Product) => ({
  product_id: product.productId,
  name: product.name,
  category: product.category,
  price: product.price,
})
