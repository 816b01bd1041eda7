import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { foundOperation, type Operation } from '../faults/operation.ts'
import { browserTest, openBrowser, settled } from '../harness/browser.ts'
import { startServer, until } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'
import { cartAtOnce, fillOperation } from './small-operation.ts'

const counted = z.object({ segmentId: z.uuid(), count: z.int().nullable() })
const made = z.object({ journeyId: z.uuid() })
const sends = z.object({ items: z.array(z.unknown()) })

/** More than a page of the list shows at once. */
const buyers = 60

browserTest('what lies behind a link, a file and a list is what they said', { timeout: 300_000 }, async () => {
  const server = await startServer()
  const operation = await foundOperation(() => server.address, server.firstRunToken)
  const { call } = operation
  const { templateId } = await fillOperation(operation, server.address)
  const { page } = await openBrowser(server.address)
  await signIn(page)

  await seesTheSegmentAlone(page, await boughtThrice(operation))
  await takesOutWhatIsShown(page, await mailedJourney(operation, server.address, templateId))
  await deletesFromTheList(page, operation)
  await call('POST', '/v1/workspaces', { name: 'Orchard', currency: 'EUR', timeZone: 'UTC' })
  await leavesTheFormBehind(page)
})

/** Two of the six. */
const boughtThrice = async ({ call }: Operation): Promise<string> => {
  const rule = { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 3 }
  const { segmentId } = counted.parse(await call('POST', '/v1/segments', { name: 'Bought thrice', rule }))
  await until(
    async () => counted.parse(await call('GET', `/v1/segments/${segmentId}`)),
    ({ count }) => count === 2,
  )
  return segmentId
}

const seesTheSegmentAlone = async (page: Page, segmentId: string): Promise<void> => {
  await page.goto(`/segments/${segmentId}`)
  await page.getByRole('link', { name: 'Open in People' }).click()
  await page.getByRole('heading', { name: 'People', level: 1 }).waitFor()
  await settled(page)
  expect.soft(await page.getByRole('row').count(), 'its members and the head of the table').toBe(1 + 2)
}

const mailedJourney = async ({ call, writeKey }: Operation, address: string, templateId: string): Promise<string> => {
  const draft = { ...cartAtOnce(templateId), entry: { ...cartAtOnce(templateId).entry, event: 'Basket Filled' } }
  const { journeyId } = made.parse(await call('POST', '/v1/journeys', { name: 'Many', draft }))
  await call('POST', `/v1/journeys/${journeyId}/publish`, {})
  const batch = Array.from({ length: buyers }, (_, n) => [
    { type: 'identify', userId: `buyer-${n}`, traits: { email: `buyer-${n}@customers.example` } },
    { type: 'track', userId: `buyer-${n}`, event: 'Basket Filled', properties: { cart_id: `basket-${n}` } },
  ]).flat()
  const answer = await fetch(`${address}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
    body: JSON.stringify({ batch }),
  })
  expect(answer.status).toBe(200)
  await until(
    async () => sends.parse(await call('GET', `/v1/journeys/${journeyId}/runs?step=mail&measure=sent&limit=200`)),
    ({ items }) => items.length === buyers,
    90_000,
  )
  return journeyId
}

const takesOutWhatIsShown = async (page: Page, journeyId: string): Promise<void> => {
  await page.goto(`/journeys/${journeyId}?tab=people&step=mail&measure=sent`)
  await settled(page)
  await page.getByRole('button', { name: 'CSV' }).click()
  const arriving = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'All rows of the list' }).click()
  const rows = readFileSync(await (await arriving).path(), 'utf8')
    .trimEnd()
    .split('\r\n')
  expect.soft(rows).toHaveLength(1 + buyers)
}

/** That list asks for itself once: whoever comes back to it must find it as she left it. */
const deletesFromTheList = async (page: Page, { call }: Operation): Promise<void> => {
  const mjml =
    '<mjml><mj-body><mj-section><mj-column><mj-text>Hello</mj-text></mj-column></mj-section></mj-body></mjml>'
  await call('POST', '/v1/templates', { name: 'Not needed', subject: 'Hello', mjml, topic: 'orders' })
  await page.goto('/messages/templates')
  const row = page.getByRole('row').filter({ hasText: 'Not needed' })
  await row.getByRole('link').click()
  await page.getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click()
  await page.getByRole('heading', { name: 'Templates', level: 1 }).waitFor()
  await page.getByRole('row').filter({ hasText: 'Welcome' }).waitFor()
  await row.waitFor({ state: 'detached' })
}

const leavesTheFormBehind = async (page: Page): Promise<void> => {
  await page.goto('/settings/workspace')
  await page.getByLabel('Business or brand').fill('Games')
  // Within a field the keys are the field's.
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('textbox', { name: 'Search people, pages and actions' }).fill('Orchard')
  await page.getByRole('button', { name: 'Orchard', exact: true }).click()
  // What is unsaved is asked about first; staying changes nothing.
  const asked = page.getByRole('dialog').filter({ hasText: 'Leave without saving?' })
  await asked.getByRole('button', { name: 'Cancel' }).click()
  await asked.waitFor({ state: 'detached' })
  expect.soft(await page.getByLabel('Business or brand').inputValue()).toBe('Games')
  expect.soft(await page.getByRole('button', { name: 'Orchard (switch workspace)' }).count()).toBe(0)
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('textbox', { name: 'Search people, pages and actions' }).fill('Orchard')
  await page.getByRole('button', { name: 'Orchard', exact: true }).click()
  await asked.getByRole('button', { name: 'Leave' }).click()
  await page.getByRole('button', { name: 'Orchard (switch workspace)' }).waitFor()
  await settled(page)
  expect.soft(new URL(page.url()).pathname).toBe('/')
  expect.soft(await page.getByLabel('Business or brand').count()).toBe(0)
}
