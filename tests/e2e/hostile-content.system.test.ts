import type { Page, Request } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, openBrowser, settled } from '../harness/browser.ts'
import { startServer, until } from '../harness/server-process.ts'
import { hostileTemplate, hostileTraits } from './hostile-content.ts'
import { signIn } from './sign-in.ts'

const list = z.object({ items: z.array(z.record(z.string(), z.unknown())) })
const made = z.object({ templateId: z.uuid(), html: z.string().default('') })
const text = z.string()

browserTest('what customers send and templates say is shown and never acts', { timeout: 240_000 }, async () => {
  const server = await startServer()
  const operation = await foundOperation(() => server.address, server.firstRunToken)
  const { call, writeKey } = operation
  await call('PUT', '/v1/policy', { quietHours: null, consentNeeded: [] })
  const { templateId } = made.parse(await call('POST', '/v1/templates', hostileTemplate('orders')))
  const draft = {
    entry: { kind: 'event', event: 'Product Added', where: [], keyPath: 'cart_id', reentry: 'after-exit' },
    start: 'mail',
    steps: [{ id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'orders', next: null }],
    phase: 'purchase',
    purpose: 'inform',
  }
  const journey = z
    .object({ journeyId: z.uuid() })
    .parse(await call('POST', '/v1/journeys', { name: 'Hostile', draft }))
  await call('POST', `/v1/journeys/${journey.journeyId}/publish`, {})
  const answer = await fetch(`${server.address}/v1/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${writeKey}` },
    body: JSON.stringify({
      batch: [
        { type: 'identify', userId: 'eve', messageId: 'e-1', traits: hostileTraits, context: hostileTraits },
        {
          type: 'track',
          userId: 'eve',
          messageId: 'e-2',
          event: 'Product Added',
          properties: { cart_id: 'c', ...hostileTraits },
        },
        { type: 'track', userId: 'eve', messageId: 'e-3', event: hostileTraits.firstName, properties: hostileTraits },
      ],
    }),
  })
  expect(answer.status).toBe(200)
  const mail = await until(
    async () => list.parse(await call('GET', '/v1/mailbox')).items[0],
    (found) => found !== undefined,
  )
  const [message] = list.parse(await call('GET', '/v1/messages')).items
  const { mailId, messageId, personId } = { ...message, ...mail }

  const { context, page, takeTroubles } = await openBrowser(server.address)
  const acted: string[] = []
  await context.exposeBinding('canary', (_source, way: unknown) => void acted.push(`canary ${String(way)}`))
  page.on('dialog', (dialog) => {
    acted.push(`dialog ${dialog.message()}`)
    void dialog.dismiss()
  })
  context.on('page', (opened) => acted.push(`window ${opened.url()}`))
  const isOurs = (url: string): boolean => url.startsWith(server.address) || /^(data|blob|about):/.test(url)
  // The browser tells of a request also when the policy stops it before it begins; no other failure is good enough.
  const left = (request: Request): void => {
    const { errorText = 'answered' } = request.failure() ?? {}
    if (!isOurs(request.url()) && !/csp|BLOCKED_BY_(CSP|CLIENT|RESPONSE)/i.test(errorText))
      acted.push(`request ${request.url()} ${errorText}`)
  }
  context.on('requestfinished', left)
  context.on('requestfailed', left)
  await signIn(page)
  // The frames' policy tells what it blocked; every attempt that got further than that is in `acted`.
  takeTroubles()

  const visit = async (path: string): Promise<void> => {
    await page.goto(path)
    await settled(page)
    await clickWhatIsThere(page)
    await settled(page)
    expect([path, new URL(page.url()).pathname, acted]).toEqual([path, path.split('?', 1)[0], []])
  }
  await visit(`/messages/templates/${templateId}`)
  await visit(`/mailbox/${text.parse(mailId)}`)
  await visit('/mailbox')
  await visit(`/messages/${text.parse(messageId)}`)
  await visit('/messages')
  await visit(`/people/${text.parse(personId)}`)
  await visit('/people')
  await visit('/live')
  // The preview, the mail and the message have links; a person's page shows what she sent as text.
  expect(clicks.filter((each) => each > 0).length).toBeGreaterThanOrEqual(3)

  const blocked = takeTroubles()
  expect(blocked.filter(({ kind }) => kind === 'exception' || kind === 'server error')).toEqual([])
  // Otherwise nothing hostile was shown at all.
  expect(blocked.filter(({ kind }) => kind === 'against the CSP').length).toBeGreaterThan(20)
  const shown = z.object({ subject: z.string(), html: z.string() })
  const preview = shown.parse(await call('POST', '/v1/templates/preview', { templateId, personId }))
  // What a trait says is text, also where it looks like Liquid.
  expect(preview.subject).toContain('{{ 6 | times: 7 }}')
  expect(preview.subject + preview.html).not.toMatch(/\b42\b|loopedlooped/)
  expect(preview.html).toContain('hostile-script')
})

/** Every hostile link that is shown, in the page or in a frame of it. */
const clickWhatIsThere = async (page: Page): Promise<void> => {
  let clicked = 0
  for (const frame of page.frames())
    for (const id of ['hostile-script', 'hostile-top', 'hostile-blank', 'hostile-here']) {
      const link = frame.locator(`#${id}`).first()
      // A frame whose link led somewhere is gone, and so are its other links.
      const isThere = await link.count().catch(() => 0)
      if (isThere > 0)
        clicked += await link.click({ force: true, timeout: 5_000 }).then(
          () => 1,
          () => 0,
        )
    }
  clicks.push(clicked)
}
const clicks: number[] = []
