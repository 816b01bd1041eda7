import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { axeViolations, browserTest, faultsInEveryLook, settled } from '../harness/browser.ts'
import { halt } from '../harness/server-process.ts'
import { openedOperations } from './opened-operations.ts'

const linkTo = (page: Page, name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true })

browserTest('what an api that hangs is asked ends with what to do, and Try again asks anew', async () => {
  const { server, browser } = await openedOperations()
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
    const { server, browser } = await openedOperations()
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
