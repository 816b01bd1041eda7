import { expect } from 'vitest'
import { axeViolations, browserTest, openBrowser, overflow } from '../harness/browser.ts'
import { startServer } from '../harness/server-process.ts'

/** An outside request, a CSP violation or an exception fails it through `openBrowser`. */
browserTest('the API’s own page fits, in both schemes and on a telephone, without a complaint of axe', async () => {
  const server = await startServer()
  const { page } = await openBrowser(server.address)
  await page.goto('/docs/')
  expect(new URL(page.url()).pathname).toBe('/docs')
  const parts = page.locator('details')
  expect(await parts.count()).toBeGreaterThan(100)
  expect(await axeViolations(page)).toEqual([])

  await page.locator('summary', { hasText: 'What somebody did' }).click()
  await page.locator('details[open]').getByText('The write key: as the user name of Basic').waitFor()
  await parts.evaluateAll((all) => {
    for (const each of all) each.toggleAttribute('open', true)
  })
  for (const width of [1360, 390]) {
    await page.setViewportSize({ width, height: 900 })
    expect(await overflow(page)).toBeNull()
  }
  // Axe takes its time for each: it looks at all routes of one part, opened.
  await page.locator('section:not(:first-of-type)').evaluateAll((all) => {
    for (const each of all) each.remove()
  })
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    expect(await axeViolations(page)).toEqual([])
  }
})
