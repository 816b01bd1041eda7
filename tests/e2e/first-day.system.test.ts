import { basename } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { must } from '../../server/src/kernel/index.ts'
import { browserTest, openBrowser, settled } from '../harness/browser.ts'
import { freshDataFolder, type ServerProcess, spawnBaton, startServer } from '../harness/server-process.ts'
import { writeCostsFile, writeOrdersFile } from './first-day-files.ts'
import { ann, makeAccount } from './sign-in.ts'

const moveTo = async (page: Page, name: string): Promise<void> => {
  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
  await page.getByRole('heading', { level: 1, name }).waitFor()
  await settled(page)
}

/** Events as a shop sends them. */
const shopOf = (server: ServerProcess, writeKey: string) => async (call: 'track' | 'identify', body: object) => {
  const answer = await fetch(`${server.address}/v1/${call}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
    body: JSON.stringify({ userId: 'ann', ...body }),
  })
  expect(await answer.json()).toEqual({ success: true })
}

/** A zone in which it is about noon now, so that her quiet hours are far. */
const zoneAtNoon = (now: Date): string => {
  const hours = 12 - now.getUTCHours()
  return `Etc/GMT${hours > 0 ? '-' : '+'}${Math.abs(hours)}`
}

browserTest('a first day: from the token to a mail that is read, answered, explained and stopped', async () => {
  const server = await startServer()
  const files = freshDataFolder()
  const { page } = await openBrowser(server.address)
  const writeKey = await beginWithOwnData(page, server)
  const shop = shopOf(server, writeKey)
  await seeFirstEvent(page, shop)
  const orders = await importOrders(server, files)
  await nameOwners(page, orders.customers)
  await enterCosts(page, files)
  await seeEquity(page)
  await publishAbandonedCart(page)

  await shop('identify', { traits: { email: ann.email, firstName: 'Ann', timezone: zoneAtNoon(new Date()) } })
  await shop('track', { event: 'Consent Given', properties: { source: 'sign-up form', wording: 'Yes, write to me.' } })
  await shop('track', { event: 'Product Added', properties: { cart_id: 'c-1', name: 'Alphabet blocks', price: 24 } })
  await readAndAnswer(page)
  await askWhy(page)
  await unsubscribe(page)

  await shop('track', { event: 'Product Added', properties: { cart_id: 'c-2', name: 'Abacus', price: 19.9 } })
  await moveTo(page, 'Messages')
  await page.getByRole('row', { name: /dropped.*She left everything/ }).waitFor()
  await moveTo(page, 'Mailbox')
  expect(await page.getByRole('region', { name: 'Mails' }).getByRole('listitem').count()).toBe(1)
})

/** The token, an account, a workspace; gives the key that the last step of the wizard shows. */
const beginWithOwnData = async (page: Page, server: ServerProcess): Promise<string> => {
  await makeAccount(page, server.firstRunToken, 'Describe your business')
  // There is no sample here: it is not offered, only how to get one is said.
  expect(await page.getByText('Step 2 of 3').count()).toBe(1)
  expect(await page.getByText('npm run demo').count()).toBe(1)
  expect(await page.getByRole('radio').count()).toBe(0)
  await page.getByLabel('Business or brand').fill('Toys')
  await page.getByRole('button', { name: 'Create the workspace' }).click()
  const command = await page.getByText('curl http://').textContent()
  return must(/baton_write_\w[\w-]*/.exec(command ?? '')?.[0], 'the command has a key in it')
}

const seeFirstEvent = async (page: Page, shop: ReturnType<typeof shopOf>): Promise<void> => {
  await page.getByRole('link', { name: 'See live events' }).click()
  await page.getByText('Waiting for the first event').waitFor()
  await shop('track', { event: 'Product Viewed', properties: { product_id: 'p1' } })
  await page.getByText('Product Viewed').first().waitFor()
}

/** By the command that the guide gives. */
const importOrders = async (server: ServerProcess, folder: string) => {
  const orders = writeOrdersFile(folder, Date.now())
  const { port } = new URL(server.address)
  const command = spawnBaton([
    ...['import', 'orders', orders.path, '--data', server.dataFolder, '--port', port, '--json'],
    ...['--map', 'customer=customer', 'date=date', 'amount=amount', 'defaultCurrency=EUR', 'source=shop'],
  ])
  expect(await command.ended, command.output()).toBe(0)
  expect(JSON.parse(command.output())).toMatchObject({
    state: 'done',
    rows: orders.orders,
    rejected: 0,
    customers: orders.customers,
    totals: [{ currency: 'EUR', minor: orders.total }],
  })
  return orders
}

/** She owns all five phases by default, names herself, and sees where everybody stands. */
const nameOwners = async (page: Page, customers: number): Promise<void> => {
  await moveTo(page, 'Life cycle')
  await page.getByRole('button', { name: 'Phase owners' }).click()
  const dialog = page.getByRole('dialog', { name: 'Who answers for each phase' })
  for (const phase of ['Contact', 'Consideration', 'Purchase and implementation', 'Post-purchase', 'Loyalty'])
    expect(await dialog.getByRole('combobox', { name: phase }).inputValue()).toBe(ann.name)
  await dialog.getByRole('button', { name: 'Save the owners' }).click()
  await page.getByText('The owners are named.').waitFor()
  // The customers of the file, and the visitor of the first event.
  await page
    .getByText(`${customers + 1} people`)
    .first()
    .waitFor()
}

const enterCosts = async (page: Page, folder: string): Promise<void> => {
  const file = writeCostsFile(folder, Date.now())
  await moveTo(page, 'Costs')
  await page.getByRole('button', { name: 'Import a CSV' }).first().click()
  const dialog = page.getByRole('dialog', { name: 'Import costs from a CSV' })
  await dialog.locator('input[type=file]').setInputFiles(file)
  await dialog.getByText(basename(file)).waitFor()
  await dialog.getByRole('button', { name: 'Import', exact: true }).click()
  await dialog.getByText('2 costs added').waitFor()
  await dialog.getByRole('button', { name: 'Done' }).click()
}

const seeEquity = async (page: Page): Promise<void> => {
  await moveTo(page, 'Equity')
  await page.getByText('Customer equity of the period').first().waitFor()
  const costs = page.getByRole('row', { name: /^Acquisition costs/ })
  expect(await costs.textContent()).toContain('120.50')
  expect(await page.getByText('No costs entered').count()).toBe(0)
}

/** From the gallery, with the wait cut to a second, so that nobody has to wait for an hour. */
const publishAbandonedCart = async (page: Page): Promise<void> => {
  await moveTo(page, 'Journeys')
  await page
    .getByRole('link', { name: /New journey|Start from a template/ })
    .first()
    .click()
  await page.getByRole('button', { name: /^Use this.*Abandoned cart/ }).click()
  await page.getByRole('button', { name: 'Create journey' }).click()
  await page.getByText('Order within an hour?').first().click()
  const panel = page.getByRole('region', { name: 'Wait for an event' })
  await panel.getByLabel('At most', { exact: true }).fill('1')
  await panel.getByLabel('At most: unit').selectOption('second')
  await page.getByText('Draft saved').waitFor()
  await page.getByRole('button', { name: 'Publish', exact: true }).click()
  const dialog = page.getByRole('dialog', { name: 'Publish “Abandoned cart”' })
  await dialog.getByRole('button', { name: 'Publish', exact: true }).click()
  await page.getByText('Published. It is live.').waitFor()
}

/** The mail lies in the mailbox by itself; the answer is on her timeline. */
const readAndAnswer = async (page: Page): Promise<void> => {
  await moveTo(page, 'Mailbox')
  await page.getByRole('link', { name: /your cart is still here/ }).click()
  const mail = page.frameLocator('iframe')
  await mail.getByText('Hello Ann').waitFor()
  await mail.getByText('Alphabet blocks').waitFor()
  await page.getByRole('textbox', { name: 'Answer as the reader' }).fill('Do you have them in Spanish?')
  await page.getByRole('button', { name: 'Send the answer' }).click()
  await page.getByText('The answer arrived.').waitFor()
  await page.getByRole('link', { name: 'Person', exact: true }).click()
  await page.getByRole('heading', { name: 'Timeline' }).waitFor()
  await page.getByText('“Do you have them in Spanish?”').waitFor()
  await page.goBack()
}

/** "Why did she get this?" is one click from the mail. */
const askWhy = async (page: Page): Promise<void> => {
  await page.getByRole('link', { name: 'Why was this sent?' }).click()
  await page.getByRole('heading', { name: 'Why it was sent' }).waitFor()
  await page
    .getByText(/^No rule objected/)
    .first()
    .waitFor()
  await page.getByText('replied', { exact: true }).first().waitFor()
  await page.goBack()
}

/** By the link in the mail; opening it changes nothing, the button does. */
const unsubscribe = async (page: Page): Promise<void> => {
  const [opened] = await Promise.all([
    page.waitForEvent('popup'),
    page.getByRole('link', { name: /^Unsubscribe/i }).click(),
  ])
  await opened.getByRole('button', { name: 'Unsubscribe from everything but service' }).click()
  await opened.getByText('You are unsubscribed. It holds from now on.').waitFor()
  await opened.close()
}
