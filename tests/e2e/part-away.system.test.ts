import { renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { foundOperation } from '../faults/operation.ts'
import {
  axeViolations,
  browserTest,
  faultsInEveryLook,
  openBrowser,
  settled,
  type WatchedBrowser,
} from '../harness/browser.ts'
import { familyOf, halt, type ServerProcess, startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'

const namedWithinMs = 15_000

const seesAllWell = async (page: Page): Promise<void> => {
  await page.getByRole('heading', { name: 'Operations', level: 1 }).waitFor()
  await page.getByText('Everything works').waitFor()
}

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

const opened = async (): Promise<{ server: ServerProcess; browser: WatchedBrowser }> => {
  const server = await startServer()
  await foundOperation(() => server.address, server.firstRunToken)
  const browser = await openBrowser(server.address)
  await signIn(browser.page)
  await browser.page.goto('/operations')
  await settled(browser.page)
  await seesAllWell(browser.page)
  return { server, browser }
}

browserTest('PostgreSQL that hangs is named on the page, also after a reload, until it answers again', async () => {
  const { server, browser } = await opened()
  const goOn = halt(familyOf(server.pidOf('PostgreSQL')))
  await seesPostgresNamed(browser.page, 'Its process runs but hangs')
  goOn()
  await seesAllWell(browser.page)
  takeRefusals(browser)
})

browserTest('PostgreSQL that was killed is named on the page, also after a reload, until it is back', async () => {
  const { server, browser } = await opened()
  // Without this file no start succeeds.
  const needed = join(server.dataFolder, 'postgres', 'server', 'data', 'global', 'pg_control')
  renameSync(needed, `${needed}.away`)
  process.kill(server.pidOf('PostgreSQL'), 'SIGKILL')
  await seesPostgresNamed(browser.page, 'Baton starts it again by itself')
  renameSync(`${needed}.away`, needed)
  await seesAllWell(browser.page)
  takeRefusals(browser)
})

const linkTo = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true })

browserTest('what an api that hangs is asked ends with what to do, and Try again asks anew', async () => {
  const { server, browser } = await opened()
  const { page } = browser
  await linkTo(page, 'Settings').click()
  await settled(page)
  // Its code, not its data: an api that hangs sends neither.
  await Promise.all([page.waitForResponse(/segments-page/), linkTo(page, 'Segments').hover()])
  await settled(page)
  await page.getByLabel('Business or brand').fill('Games')

  const goOn = halt([server.pidOf('api')])
  await page.getByRole('button', { name: 'Save', exact: true }).click()
  const ofChange = page.getByRole('alert').filter({ hasText: 'Baton takes too long to answer.' })
  await ofChange.waitFor()
  await expect(ofChange.textContent()).resolves.toContain('It may have been done all the same')
  expect(await axeViolations(page)).toEqual([])

  await linkTo(page, 'Segments').click()
  // It is not known whether the name was saved.
  await page.getByRole('dialog', { name: 'Leave without saving?' }).getByRole('button', { name: 'Leave' }).click()
  const ofQuestion = page.getByRole('alert').filter({ has: page.getByRole('button', { name: 'Try again' }) })
  await ofQuestion.waitFor()
  await expect(ofQuestion.textContent()).resolves.toContain('says which part hangs or is overloaded')
  expect(await axeViolations(page)).toEqual([])
  goOn()
  await ofQuestion.getByRole('button', { name: 'Try again' }).click()
  await ofQuestion.waitFor({ state: 'detached' })
  await settled(page)
})

browserTest(
  'a page whose figures cannot be asked anew says since when, and who is signed out is led to sign in',
  async () => {
    const { server, browser } = await opened()
    const { page, context, takeTroubles } = browser
    await page.goto('/people')
    await settled(page)
    const stale = page.getByRole('status').filter({ hasText: 'Not up to date since' })
    expect(await stale.count()).toBe(0)

    const goOn = halt([server.pidOf('api')])
    await stale.waitFor()
    await expect(stale.textContent()).resolves.toContain('Baton takes too long to answer.')
    expect(await faultsInEveryLook(page, '/people, behind')).toEqual([])
    goOn()
    await stale.waitFor({ state: 'detached' })

    expect(takeTroubles()).toEqual([])
    await context.clearCookies()
    await page.waitForURL(/\/sign-in\?next=%2Fpeople$/)
    expect(takeTroubles().filter(({ what }) => !what.includes('status of 401'))).toEqual([])
  },
)
