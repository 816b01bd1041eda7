import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { axeViolations, browserTest, type WatchedBrowser } from '../harness/browser.ts'
import { familyOf, halt } from '../harness/server-process.ts'
import { openedOperations, seesAllWell } from './opened-operations.ts'

const namedWithinMs = 15_000

/** The page that is open names PostgreSQL, and so does one that is loaded only now. */
const seesPostgresNamed = async (page: Page, remedy: string): Promise<void> => {
  const named = page.getByRole('alert', { name: /^PostgreSQL failed since/ })
  await named.waitFor({ timeout: namedWithinMs })
  await expect(named.textContent()).resolves.toContain(remedy)
  await expect(named.textContent()).resolves.toContain('PostgreSQL does not answer')
  expect(await page.getByText('Everything works').count()).toBe(0)
  await page.reload()
  await page.getByRole('heading', { name: 'A part of Baton does not answer' }).waitFor({ timeout: namedWithinMs })
  await named.waitFor({ timeout: namedWithinMs })
  expect(await axeViolations(page)).toEqual([])
}

/** Refusals while PostgreSQL is away are what this is about; anything else is trouble. */
const takeRefusals = ({ takeTroubles }: WatchedBrowser): void => {
  const others = takeTroubles().filter(({ what }) => !/answered 503|status of 503/.test(what))
  expect(others).toEqual([])
}

browserTest('PostgreSQL that hangs is named on the page, also after a reload, until it answers again', async () => {
  const { server, browser } = await openedOperations()
  const goOn = halt(familyOf(server.pidOf('PostgreSQL')))
  await seesPostgresNamed(browser.page, 'Its process runs but hangs')
  goOn()
  await seesAllWell(browser.page)
  takeRefusals(browser)
})

browserTest('PostgreSQL that was killed is named on the page, also after a reload, until it is back', async () => {
  const { server, browser } = await openedOperations()
  // Without this file no start succeeds.
  const needed = join(server.dataFolder, 'postgres', 'server', 'data', 'global', 'pg_control')
  renameSync(needed, `${needed}.away`)
  process.kill(server.pidOf('PostgreSQL'), 'SIGKILL')
  await seesPostgresNamed(browser.page, 'Baton starts it again by itself')
  renameSync(`${needed}.away`, needed)
  await seesAllWell(browser.page)
  takeRefusals(browser)
})
