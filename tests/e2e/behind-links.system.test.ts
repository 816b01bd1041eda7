import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { foundOperation, type Operation } from '../faults/operation.ts'
import { browserTest, openBrowser, settled } from '../harness/browser.ts'
import { startServer, until } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'
import { fillOperation } from './small-operation.ts'

const counted = z.object({ segmentId: z.uuid(), count: z.int().nullable() })

browserTest('what lies behind a link, a file and a list is what they said', { timeout: 300_000 }, async () => {
  const server = await startServer()
  const operation = await foundOperation(() => server.address, server.firstRunToken)
  const { call } = operation
  await fillOperation(operation, server.address)
  const { page } = await openBrowser(server.address)
  await signIn(page)

  await seesTheSegmentAlone(page, await boughtThrice(operation))
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

const leavesTheFormBehind = async (page: Page): Promise<void> => {
  await page.goto('/settings/workspace')
  await page.getByLabel('Business or brand').fill('Games')
  // Within a field the keys are the field's.
  await page.getByRole('heading', { level: 1 }).click()
  await page.keyboard.press('ControlOrMeta+k')
  await page.getByRole('textbox', { name: 'Search people, pages and actions' }).fill('Orchard')
  await page.getByRole('button', { name: 'Orchard', exact: true }).click()
  await page.getByRole('button', { name: 'Orchard (switch workspace)' }).waitFor()
  await settled(page)
  expect.soft(new URL(page.url()).pathname).toBe('/')
  expect.soft(await page.getByLabel('Business or brand').count()).toBe(0)
}
