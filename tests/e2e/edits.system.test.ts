import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser, settled, type WatchedBrowser } from '../harness/browser.ts'
import { startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'

const away = {
  error: { code: 'unavailable', message: 'PostgreSQL does not answer.', remedy: 'Try again shortly.' },
}

/** From now on Baton is away for these questions; answers how to let them through again. */
const refuse = async (page: Page, path: string, method: 'GET' | 'PUT'): Promise<() => Promise<void>> => {
  const pattern = `**${path}`
  await page.route(pattern, (route) =>
    route.request().method() === method ? route.fulfill({ status: 503, json: away }) : route.fallback(),
  )
  return () => page.unroute(pattern)
}

/** Refusals that a test made itself; anything else is trouble. */
const takeRefusals = ({ takeTroubles }: WatchedBrowser, what = /answered 503|status of 503/): void =>
  expect(takeTroubles().filter((each) => !what.test(each.what))).toEqual([])

const opened = async () => {
  const server = await startServer()
  const { call } = await foundOperation(() => server.address, server.firstRunToken)
  const browser = await openBrowser(server.address)
  await signIn(browser.page)
  const open = async (path: string): Promise<void> => {
    await browser.page.setViewportSize({ width: 1360, height: 900 })
    await browser.page.goto(path)
    await settled(browser.page)
  }
  return { call, browser, page: browser.page, open }
}

browserTest('an emergency stop that fails says so in its dialog, and why', { timeout: 300_000 }, async () => {
  const { browser, page, open } = await opened()
  await open('/settings/policy')
  const letThrough = await refuse(page, '/v1/policy', 'PUT')
  await page.getByRole('button', { name: 'Switch all sending off' }).click()
  const dialog = page.getByRole('dialog', { name: 'Switch all sending off?' })
  await dialog.getByLabel('Type stop to confirm').fill('stop')
  const confirm = dialog.getByRole('button', { name: 'Switch all sending off' })
  await confirm.click()
  const said = dialog.getByRole('alert', { name: 'Sending goes on' })
  await said.waitFor()
  await expect(said.textContent()).resolves.toContain('PostgreSQL does not answer.')
  expect(await faultsInEveryLook(page, 'the stop that failed')).toEqual([])
  takeRefusals(browser)

  await letThrough()
  await confirm.click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByText('Sending is switched off.', { exact: false }).waitFor()
})
