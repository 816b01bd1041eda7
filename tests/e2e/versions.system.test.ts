import { expect } from 'vitest'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser, settled } from '../harness/browser.ts'
import { startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'
import { fillOperation } from './small-operation.ts'

browserTest(
  'what was changed is read in words and restored; what is deleted is taken back, and what is in use is not deleted',
  { timeout: 300_000 },
  async () => {
    const server = await startServer()
    const { page, takeTroubles } = await openBrowser(server.address)
    const operation = await foundOperation(() => server.address, server.firstRunToken)
    const { segmentId, journeyId, templateId } = await fillOperation(operation, server.address)
    await operation.call('PUT', `/v1/segments/${segmentId}`, {
      name: 'Bought often',
      rule: { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 3 },
    })
    const faults: string[] = []
    const look = async (what: string) => void faults.push(...(await faultsInEveryLook(page, what)))
    const restore = async (version: number) => {
      await page.getByRole('button', { name: `Restore version ${version}` }).click()
      await page
        .getByRole('dialog', { name: `Restore version ${version}?` })
        .getByRole('button', { name: 'Restore' })
        .click()
      await page.getByText('Restored.').waitFor()
    }
    await signIn(page)

    await page.goto(`/segments/${segmentId}?tab=history`)
    await settled(page)
    const newest = page.getByRole('list', { name: 'Versions, newest first' }).getByRole('listitem').first()
    await newest.getByText('Bought something').waitFor()
    await newest.getByText('Order Completed: at least 3 times').waitFor()
    await look('the history of a segment')
    await page.setViewportSize({ width: 1360, height: 900 })
    await restore(1)
    await page.getByRole('heading', { level: 1, name: 'Bought something' }).waitFor()

    await page.goto(`/messages/templates/${templateId}`)
    await settled(page)
    const subject = page.getByLabel('Subject')
    const before = await subject.inputValue()
    await subject.fill('Something else')
    await page.getByRole('button', { name: 'Save', exact: true }).click()
    await page.getByRole('button', { name: 'History' }).click()
    await page.getByRole('dialog', { name: 'History' }).getByText('Something else').waitFor()
    await look('the history of a template')
    await page.setViewportSize({ width: 1360, height: 900 })
    await restore(1)
    await expect.poll(() => page.getByLabel('Subject').inputValue(), { timeout: 20_000 }).toBe(before)
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog', { name: 'Delete this?' }).getByRole('button', { name: 'Delete' }).click()
    await page.getByText('the journey “Cart, at once”', { exact: false }).waitFor()
    // The browser notes the refusal itself.
    expect(takeTroubles().map(({ what }) => what.includes('409 (Conflict)'))).toEqual([true])

    await page.goto(`/journeys/${journeyId}?tab=history`)
    await settled(page)
    await page.getByText('How it began.').waitFor()
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('button', { name: 'Delete' }).click()
    await page.getByRole('dialog', { name: 'Delete this?' }).getByRole('button', { name: 'Delete' }).click()
    await page.getByText('Deleted. It lies in the trash for thirty days.').waitFor()
    await page.goto('/settings/trash')
    await settled(page)
    await look('the trash')
    await page.setViewportSize({ width: 1360, height: 900 })
    await page.getByRole('button', { name: 'Take back “Cart, at once”' }).click()
    await page.getByText('It is there again.').waitFor()
    await page.goto(`/journeys/${journeyId}`)
    await page.getByRole('heading', { level: 1, name: 'Cart, at once' }).waitFor()
    expect(faults).toEqual([])
  },
)
