import { expect } from 'vitest'
import { z } from 'zod'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser, settled } from '../harness/browser.ts'
import { startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'
import { fillOperation } from './small-operation.ts'

const made = z.object({ journeyId: z.uuid() })
const ledger = z.object({ items: z.array(z.unknown()) })

browserTest('a journey is tried out: the path on the canvas and as a table, and nothing is sent', async () => {
  const server = await startServer()
  const { page } = await openBrowser(server.address)
  const operation = await foundOperation(() => server.address, server.firstRunToken)
  const { templateId } = await fillOperation(operation, server.address)
  const before = ledger.parse(await operation.call('GET', '/v1/messages')).items.length
  const draft = {
    entry: { kind: 'event', event: 'Product Added', where: [], keyPath: 'cart_id', reentry: 'after-exit' },
    start: 'wait',
    steps: [
      {
        id: 'wait',
        kind: 'wait-for-event',
        event: 'Order Completed',
        keyPath: 'cart_id',
        where: [],
        timeoutMs: 3_600_000,
        onEvent: null,
        onTimeout: 'mail',
      },
      { id: 'mail', kind: 'message', templateId, channel: 'email', topic: 'orders', next: null },
    ],
    phase: 'purchase',
    purpose: 'inform',
  }
  const { journeyId } = made.parse(await operation.call('POST', '/v1/journeys', { name: 'Left behind', draft }))
  await signIn(page)
  await page.goto(`/journeys/${journeyId}?view=canvas`)
  await settled(page)

  await page.getByRole('button', { name: 'Test it' }).click()
  const panel = page.getByRole('region', { name: 'Test it' })
  await panel.getByLabel('When she enters').fill('2026-06-10T12:00')
  await panel.getByRole('button', { name: 'Walk her through' }).click()
  const way = panel.getByRole('table', { name: 'Her way, run 1' })
  await way.getByRole('row', { name: /\+1:00:00.*Send a message/ }).waitFor()
  await panel.getByText('1 sent, 0 held, 0 dropped').waitFor()
  expect(await page.getByText('On her way step').count()).toBe(2)

  await panel.getByRole('button', { name: 'Add a later event' }).click()
  expect(await panel.getByLabel('Time after she entered').inputValue()).toBe('59:59.999')
  await panel.getByRole('button', { name: 'Walk her through' }).click()
  await way.getByRole('row', { name: /\+59:59\.999.*went all the way/ }).waitFor()
  await panel.getByText('0 sent, 0 held, 0 dropped').waitFor()
  expect(await page.getByText('On her way step').count()).toBe(1)

  await panel.getByLabel('Time after she entered').fill('1:00:00')
  await panel.getByRole('button', { name: 'Walk her through' }).click()
  await way.getByRole('row', { name: /arrived late/ }).waitFor()
  await panel.getByLabel('Time after she entered').fill('soon')
  await panel.getByRole('button', { name: 'Walk her through' }).click()
  await panel.getByText('This is no length of time').waitFor()

  expect(await faultsInEveryLook(page, 'a journey tried out')).toEqual([])
  expect(ledger.parse(await operation.call('GET', '/v1/messages')).items.length).toBe(before)
})
