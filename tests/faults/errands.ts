import { randomUUID } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { z } from 'zod'
import type { CrashPoint } from '../../server/src/kernel/crash-point.ts'
import { type ErasureVerdict, judgeProjection, noBreach } from '../harness/witness-verdict.ts'
import { createForgetting, type Forgetting } from './forgetting.ts'
import type { Installation } from './installation.ts'

/** Passed by the process that answers requests; all others by the worker. */
const pointsOfApi: ReadonlySet<CrashPoint> = new Set([
  'collect.committed-before-answer',
  'content.form-appended',
  'messages.feedback-owed',
  'privacy.requested',
])
export const isOfApi = (point: CrashPoint): boolean => pointsOfApi.has(point)

/** What else people do while things break: files of orders, forms, replies, leaving, erasures, another rule for a segment. */
export interface Errands extends Pick<Forgetting, 'untilRewritten'> {
  start(): void
  /** Finishes what is under way and stops. */
  stop(): Promise<void>
  /**
   * When nothing waits: each that was answered is there once, each that was not at most once; who left has its event. Waits
   * for erasures to be done: of whoever was erased nothing is left.
   */
  compare(): Promise<{
    readonly judged: ReturnType<typeof judgeProjection> & { readonly erasures: ErasureVerdict }
    readonly counts: Readonly<Record<'imported' | 'forms' | 'replies' | 'left' | 'erased', number>>
  }>
}

/** What `judged` is when all is well. */
export const allDone = {
  lost: noBreach,
  doubled: noBreach,
  phantom: noBreach,
  erasures: { lost: noBreach, doubled: noBreach, phantom: noBreach, undone: noBreach, standing: noBreach },
}

const forms = z.object({ items: z.array(z.object({ url: z.url() })).min(1) })
const pauseMs = 500
const ordersInFile = 3
/** The form takes twenty answers a minute. */
const roundsToForm = 8
/** A version that is replaced while everybody is counted is never swapped in. */
const roundsToRule = 6

export const createErrands = async (at: Installation): Promise<Errands> => {
  const { witness, operation, engagement, stores } = at
  const authorization = `Basic ${Buffer.from(`${operation.writeKey}:`).toString('base64')}`
  const [form] = forms.parse(await operation.call('GET', '/v1/forms')).items
  const formPath = new URL(form?.url ?? '').pathname
  const tried = new Set<string>()
  const done = new Set<string>()
  const answered = new Set<string>()
  const forgetting = createForgetting(at)

  /** Once, whatever comes of it: what was not answered may have happened or not. */
  const attempt = async (errands: readonly string[], act: () => Promise<unknown>): Promise<void> => {
    for (const errand of errands) tried.add(errand)
    const isDone = await act().then(
      () => true,
      () => false,
    )
    if (isDone) for (const errand of errands) done.add(errand)
  }
  const post = async (path: string, type: string, body: string): Promise<void> => {
    const headers = { authorization, 'content-type': type }
    const answer = await fetch(`${witness.address}${path}`, { method: 'POST', headers, body })
    await answer.arrayBuffer()
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}`)
  }
  const postForm = (path: string, fields: Readonly<Record<string, string>>) =>
    post(path, 'application/x-www-form-urlencoded', new URLSearchParams(fields).toString())

  const bringOrders = (orders: readonly { readonly order: string; readonly customer: string }[]) => {
    const lines = orders.map(({ order, customer }) => `${order},${customer},2025-03-04 10:20,12.50`)
    const mapping = { order: 'order', customer: 'customer', date: 'date', amount: 'amount' }
    const text = ['order,customer,date,amount', ...lines, ''].join('\n')
    return operation.call('POST', `/v1/imports?mapping=${encodeURIComponent(JSON.stringify(mapping))}`, {
      type: 'text/csv',
      text,
    })
  }
  const bringFile = (): Promise<void> => {
    const orders = Array.from({ length: ordersInFile }, () => randomUUID())
    return attempt(
      orders.map((order) => `order ${order}`),
      () => bringOrders(orders.map((order) => ({ order, customer: `customer-${order}` }))),
    )
  }
  /** Somebody who bought once and wants to be forgotten: her order may be there under its number, or not any more. */
  const bringForgotten = (): Promise<void> => {
    const newcomer = forgetting.newcomer()
    tried.add(`order ${newcomer.order}`)
    return attempt([], () => bringOrders([newcomer]))
  }
  const sendForm = (): Promise<void> => {
    const submission = randomUUID()
    const fields = { email: `${submission}@form.example`, question: 'Is it painted?', submission }
    return attempt([`form ${submission}`], () => postForm(formPath, fields))
  }
  const sayAs = (userId: string, ...events: readonly object[]): Promise<void> => {
    const timestamp = new Date().toISOString()
    const batch = events.map((event) => ({ ...event, messageId: randomUUID(), userId, timestamp }))
    return attempt([], () => post('/v1/batch', 'application/json', JSON.stringify({ batch })))
  }
  const added = (cart: string) => ({
    type: 'track',
    event: 'Product Added',
    properties: { cart_id: cart, name: 'Blocks' },
  })
  /** Somebody who leaves once she was written to; the other clients know nothing of her. */
  const addVisitor = (): Promise<void> => {
    const userId = `visitor-${randomUUID()}`
    const traits = { email: `${userId}@visit.example`, marketing_consent: true }
    return sayAs(userId, { type: 'identify', traits }, added(`cart-${userId}`))
  }
  /** Each mail to a visitor is answered, then she leaves by its link; once that was answered, she fills another cart. */
  const answerMails = async (): Promise<void> => {
    const { recipients, leaves } = witness.testimony()
    for (const [messageId, path] of leaves) {
      const visitor = [...(recipients.get(messageId) ?? [])].find((one) => one.endsWith('@visit.example'))
      if (visitor === undefined || answered.has(messageId)) continue
      answered.add(messageId)
      const lines = [
        'From: visitor@visit.example',
        'To: toys@shop.example',
        'Subject: Re: cart',
        `Message-ID: <${randomUUID()}@visit.example>`,
        `In-Reply-To: <${messageId}@shop.example>`,
        '',
        'Thanks.',
      ]
      await attempt([`reply ${messageId}`], () =>
        operation.call('POST', '/v1/inbound/email', { type: 'message/rfc822', text: lines.join('\r\n') }),
      )
      await attempt([`leave ${messageId}`], () => postForm(path, { 'List-Unsubscribe': 'One-Click' }))
      const [userId = ''] = visitor.split('@')
      if (done.has(`leave ${messageId}`)) await sayAs(userId, added(`again-${userId}`))
    }
  }

  let round = 0
  const doRound = async (): Promise<void> => {
    await addVisitor()
    await answerMails()
    await bringFile()
    await bringForgotten()
    await forgetting.forget()
    if (round % roundsToRule === 0) await attempt([], () => engagement.changeSegment(2 + ((round / roundsToRule) % 2)))
    if (round % roundsToForm === 0) await sendForm()
    round += 1
    await new Promise((resolve) => setTimeout(resolve, pauseMs))
  }
  let going = false
  let running = Promise.resolve()
  const run = async (): Promise<void> => {
    while (going) await doRound()
  }
  const stop = async (): Promise<void> => {
    going = false
    await running
  }
  onTestFinished(stop)
  return {
    start: () => {
      going = true
      running = run()
    },
    stop,
    untilRewritten: forgetting.untilRewritten,
    compare: async () => {
      const { judged: erasures, erased } = await forgetting.compare()
      const acknowledged = new Set([...done, ...(await stores.leavers())])
      const judged = judgeProjection({ asked: tried, acknowledged }, await stores.errands())
      const count = (kind: string) => [...done].filter((errand) => errand.startsWith(kind)).length
      return {
        judged: { ...judged, erasures },
        counts: {
          imported: count('order'),
          forms: count('form'),
          replies: count('reply'),
          left: count('leave'),
          erased,
        },
      }
    },
  }
}
