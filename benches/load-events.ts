/** Events as @segment/analytics-node 3 puts them on the wire: 450 to 600 bytes, each distinct. */
const names = [
  'Product Viewed',
  'Product Added',
  'Checkout Started',
  'Product List Viewed',
  'Order Completed',
  'Page Scrolled',
]
const products = ['Wooden blocks', 'Letter puzzle', 'Counting frame', 'Magnet set', 'Globe', 'Story cards']

/** One event as JSON text. `n` makes it distinct; `userId` says whose it is. */
type EventSource = (n: number, userId: string, at: number) => string

const runId = Math.random().toString(36).slice(2, 10)

export const trackEvent: EventSource = (n, userId, at) => {
  const name = names[n % names.length]
  const when = new Date(at).toISOString()
  const order =
    name === 'Order Completed' ? `"order_id":"o-${runId}-${n}","revenue":${(n % 9000) / 100 + 5},"currency":"EUR",` : ''
  return (
    `{"messageId":"node-next-${at}-${runId}-${n}","type":"track","userId":"${userId}","event":"${name}",` +
    `"properties":{${order}"product_id":"p-${n % 500}","name":"${products[n % products.length]}","category":"learning",` +
    `"price":${(n % 400) / 10 + 3},"quantity":${(n % 4) + 1},"cart_id":"c-${n % 100_000}","url":"https://shop.example/p/${n % 500}"},` +
    `"timestamp":"${when}","context":{"library":{"name":"@segment/analytics-node","version":"3.1.0"},"locale":"en-GB"},` +
    `"integrations":{},"_metadata":{"nodeVersion":"v26.10.0","jsRuntime":"node"}}`
  )
}

/** A request body of events from `first` on. */
export const batchBody = (first: number, count: number, people: number, at: number): Buffer => {
  const events: string[] = []
  for (let n = first; n < first + count; n += 1) {
    // Multiplication by a large odd number walks over the people without order, the same in every run.
    const user = Number((BigInt(n) * 2_654_435_761n) % BigInt(people))
    events.push(trackEvent(n, `user-${user}`, at))
  }
  return Buffer.from(`{"batch":[${events.join(',')}],"sentAt":"${new Date(at).toISOString()}"}`)
}
