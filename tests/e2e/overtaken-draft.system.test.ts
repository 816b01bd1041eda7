import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser, settled } from '../harness/browser.ts'
import { startServer } from '../harness/server-process.ts'
import { ann, signIn } from './sign-in.ts'

const held = z.object({ journeyId: z.uuid(), draft: z.looseObject({ purpose: z.string(), entry: z.unknown() }) })

browserTest(
  'of two who edit one journey the second is told, and what is not saved is not published',
  { timeout: 300_000 },
  async () => {
    const server = await startServer()
    const operation = await foundOperation(() => server.address, server.firstRunToken)
    const { page, context, takeTroubles } = await openBrowser(server.address)
    const draft = {
      entry: { kind: 'event', event: 'Product Added', where: [], reentry: 'after-exit' },
      start: 'wait',
      steps: [{ id: 'wait', kind: 'delay', forMs: 60_000, next: null }],
      phase: 'purchase',
      purpose: 'inform',
    }
    const { journeyId } = held.parse(await operation.call('POST', '/v1/journeys', { name: 'Two tabs', draft }))
    const now = async () => held.parse(await operation.call('GET', `/v1/journeys/${journeyId}`)).draft
    const openEntry = async (tab: Page): Promise<void> => {
      await tab.goto(`/journeys/${journeyId}?view=list`)
      await settled(tab)
      await tab
        .getByRole('button', { name: /Who enters/ })
        .first()
        .click()
      await tab.getByLabel('What its messages are for').waitFor()
    }
    await signIn(page)
    await openEntry(page)
    const other = await context.newPage()
    await openEntry(other)

    // The first tab reads nothing anew before it saves: what it has is old when it is edited.
    let hasSaved = false
    await page.route(`**/v1/journeys/${journeyId}`, (route) => {
      hasSaved ||= route.request().method() === 'PUT'
      return hasSaved ? route.continue() : route.abort()
    })
    await other.getByLabel('What its messages are for').selectOption('coach')
    await other.getByText('Draft saved').waitFor()
    await expect.poll(async () => (await now()).purpose).toBe('coach')
    // Behind the other a tab draws seldom, and every click waits for that.
    await page.bringToFront()
    await page.getByRole('combobox', { name: 'Event' }).fill('Cart Viewed')
    await page.getByText('Changed meanwhile by Ann').waitFor()
    await page.unroute(`**/v1/journeys/${journeyId}`)
    expect(await now()).toMatchObject({ purpose: 'coach', entry: { event: 'Product Added' } })
    await page.getByRole('button', { name: 'Publish' }).click()
    const dialog = page.getByRole('dialog', { name: /^Publish/ })
    await dialog.getByText('there is nothing to publish yet', { exact: false }).waitFor()
    await dialog.getByRole('button', { name: 'Close' }).click()
    await dialog.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: 'Close the panel' }).click()
    expect(await faultsInEveryLook(page, 'a draft that was overtaken')).toEqual([])
    await page.setViewportSize({ width: 1360, height: 900 })

    await page.getByRole('button', { name: 'Load it' }).click()
    await page.getByText('Changed meanwhile by Ann').waitFor({ state: 'detached' })
    await page
      .getByRole('button', { name: /Who enters/ })
      .first()
      .click()
    expect(await page.getByLabel('What its messages are for').inputValue()).toBe('coach')
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect.poll(now).toMatchObject({ purpose: 'inform', entry: { event: 'Cart Viewed' } })
    // The other tab has nothing unsaved and takes it over.
    await expect
      .poll(() => other.getByLabel('What its messages are for').inputValue(), { timeout: 30_000 })
      .toBe('inform')

    await page.route(`**/v1/journeys/${journeyId}`, (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    )
    await page.getByLabel('What its messages are for').selectOption('serve')
    await page.getByText('The draft is not saved').waitFor()
    await page.getByRole('button', { name: 'Publish' }).click()
    await dialog.getByText('there is nothing to publish yet', { exact: false }).waitFor()
    expect((await now()).purpose).toBe('inform')
    await page.unroute(`**/v1/journeys/${journeyId}`)
    await dialog.getByRole('button', { name: 'Try again' }).click()
    await dialog.getByRole('button', { name: 'Publish' }).waitFor()
    expect((await now()).purpose).toBe('serve')

    // Nor is published what somebody else saved while she looked.
    await operation.call('PUT', `/v1/journeys/${journeyId}`, { draft: { ...draft, purpose: 'sell' } })
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await dialog.getByText('Changed meanwhile by').waitFor()
    expect(await faultsInEveryLook(page, 'a publish that was overtaken')).toEqual([])
    await page.setViewportSize({ width: 1360, height: 900 })
    expect(await operation.call('GET', `/v1/journeys/${journeyId}`)).toMatchObject({ version: null })
    await dialog.getByRole('button', { name: 'Cancel' }).click()
    await expect.poll(() => page.getByLabel('What its messages are for').inputValue()).toBe('sell')
    await page.getByRole('button', { name: 'Publish' }).click()
    await dialog.getByRole('button', { name: 'Publish' }).click()
    await page.getByText('Published. It is live.').waitFor()

    const invited = { email: 'bea@toys.example', role: 'conductor', scope: { phases: ['loyalty'] } }
    const { token } = z.object({ token: z.string() }).parse(await operation.call('POST', '/v1/invitations', invited))
    await context.clearCookies()
    const joined = await context.request.post('/v1/invitations/accept', {
      headers: { origin: server.address },
      data: { token, name: 'Bea', password: ann.password },
    })
    expect(joined.status()).toBe(200)
    await page.goto(`/journeys/${journeyId}?view=list`)
    await page.getByText('is not one that you answer for', { exact: false }).waitFor()
    for (const name of ['Publish', 'Delete', 'Undo', 'Add a step'])
      expect([name, await page.getByRole('button', { name, exact: true }).count()]).toEqual([name, 0])
    await page.goto('/lifecycle')
    await page.getByRole('button', { name: 'Phase owners' }).click()
    const owners = page.getByRole('dialog', { name: 'Who answers for each phase' })
    await owners.getByText('the phases that you answer for', { exact: false }).waitFor()
    expect(await owners.getByRole('combobox', { name: 'Contact' }).isEditable()).toBe(false)
    await owners.getByRole('combobox', { name: 'Loyalty' }).click()
    await page.getByRole('option', { name: 'Bea' }).click()
    await owners.getByRole('button', { name: 'Save the owners' }).click()
    await page.getByText('The owners are named.').waitFor()
    await page.goto('/costs')
    await page.getByRole('button', { name: 'Add a cost' }).first().click()
    const cost = page.getByRole('dialog', { name: 'Add a cost' })
    expect(await cost.getByRole('combobox', { name: 'Phase' }).inputValue()).toBe('Loyalty')
    // The browser notes by itself what was refused or never arrived.
    const noted = takeTroubles().filter(({ what }) => !/409 \(Conflict\)|ERR_FAILED/.test(what))
    expect(noted).toEqual([])
  },
)
