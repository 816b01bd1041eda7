import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { axeViolations, browserTest, openBrowser, overflow, settled } from '../harness/browser.ts'
import { freshDataFolder, startServer } from '../harness/server-process.ts'
import { makeAccount } from './sign-in.ts'

/** Two orders, one of them of two lines; a row without a readable date. */
const lines = [
  'Order number;Client;Order date;Qty;Unit price',
  '1001;c-1;14.01.2026 10:20;2;12,50',
  '1001;c-1;14.01.2026 10:20;1;4,90',
  '1002;c-2;03.02.2026 18:05;1;1.039,00',
  '1003;c-3;soon;1;5,00',
]

const startWithOwnData = async (page: Page, firstRunToken: string | null): Promise<void> => {
  await makeAccount(page, firstRunToken, 'Describe your business')
  await page.getByLabel('Business or brand').fill('Toys')
  await page.getByRole('button', { name: 'Create the workspace' }).click()
  await page.getByText('curl http://').waitFor()
  await page.goto('/')
}

const faultsOf = async (page: Page): Promise<readonly string[]> => {
  await settled(page)
  const wide = await overflow(page)
  return [...(wide === null ? [] : [wide]), ...(await axeViolations(page))]
}

const importFile = async (page: Page, path: string): Promise<void> => {
  await page.locator('input[type=file]').first().setInputFiles(path)
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText('orders.csv is imported').waitFor()
}

browserTest('a file of orders is looked at, imported and answered for in the browser; twice is once', async () => {
  const server = await startServer()
  const path = join(freshDataFolder(), 'orders.csv')
  writeFileSync(path, lines.join('\r\n'))
  const { page } = await openBrowser(server.address)
  await startWithOwnData(page, server.firstRunToken)

  await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Import orders' }).click()
  await page.getByText('Nothing imported yet').waitFor()
  await page.locator('input[type=file]').first().setInputFiles(path)
  // What was found stands there, and can be taken back.
  const customer = page.getByRole('combobox', { name: 'Customer id' })
  expect(await customer.inputValue()).toBe('Client')
  await customer.click()
  await page.getByRole('option', { name: 'None' }).click()
  await page.getByText('Choose the column of the customer id, or that of the e-mail.').waitFor()
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  expect(await customer.evaluate((field) => field.matches(':focus'))).toBe(true)
  await page.getByLabel('Before each order number').fill('till 1-')
  await page.getByText('Up to 30 letters, digits or any of', { exact: false }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 390, height: 900 })
  expect(await faultsOf(page)).toEqual([])
  await page.setViewportSize({ width: 1360, height: 900 })
  await page.getByRole('button', { name: 'Cancel' }).click()

  await importFile(page, path)
  await page.getByText(/3 of 4 rows taken; 2 orders\. Net amount: €1,068\.90/).waitFor()
  await page.getByRole('button', { name: 'See the rejected rows, and why' }).click()
  const drawer = page.getByRole('dialog', { name: 'orders.csv' })
  await drawer.getByRole('row', { name: /^5 That is no date.*1003;c-3;soon;1;5,00/ }).waitFor()
  expect(await faultsOf(page)).toEqual([])
  await drawer.getByRole('button', { name: 'Close' }).click()

  await page.reload()
  await page.getByRole('row', { name: /orders\.csv.*imported/ }).waitFor()
  await importFile(page, path)
  await expect.poll(() => page.getByRole('row', { name: /orders\.csv.*imported.*€1,068\.90/ }).count()).toBe(2)
  await page.goto('/people')
  await page.getByText('2 people').waitFor()
})
