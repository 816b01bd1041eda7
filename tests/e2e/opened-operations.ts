import type { Page } from 'playwright-core'
import { foundOperation } from '../faults/operation.ts'
import { openBrowser, settled, type WatchedBrowser } from '../harness/browser.ts'
import { type ServerProcess, startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'

export const seesAllWell = async (page: Page): Promise<void> => {
  await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor()
  await page.getByText('Everything works').waitFor()
}

/** A server of its own and a browser on its operations page, which says that all is well. */
export const openedOperations = async (): Promise<{ server: ServerProcess; browser: WatchedBrowser }> => {
  const server = await startServer()
  await foundOperation(() => server.address, server.firstRunToken)
  const browser = await openBrowser(server.address)
  await signIn(browser.page)
  await browser.page.goto('/operations')
  await settled(browser.page)
  await seesAllWell(browser.page)
  return { server, browser }
}
