import { expect } from 'vitest'
import { z } from 'zod'
import { must } from '../../server/src/kernel/index.ts'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser } from '../harness/browser.ts'
import { startServer, until } from '../harness/server-process.ts'

const forms = z.object({ items: z.array(z.object({ url: z.string() })) })
const mails = z.object({ items: z.array(z.object({ mailId: z.string(), to: z.string() })) })
const mail = z.object({ html: z.string() })

browserTest('a visitor asks by the hosted form, mends what was refused, and confirms her address', async () => {
  const server = await startServer()
  const { call } = await foundOperation(() => server.address, server.firstRunToken)
  const { page, takeTroubles } = await openBrowser(server.address)
  const faults: string[] = []
  const look = async (name: string): Promise<void> => {
    faults.push(...(await faultsInEveryLook(page, name)))
  }
  const form = must(forms.parse(await call('GET', '/v1/forms')).items[0], 'there is one')
  await page.goto(`${form.url}?anonymous_id=browser-1`)
  await look('form')
  await page.getByLabel('First name').fill('Mei')
  await page.getByLabel('Last name').fill('Oak')
  // A browser lets it pass; it is no address that mail can be sent to.
  await page.getByLabel('Your e-mail address (needed)').fill('mei@shop')
  await page.getByLabel('Your question (needed)').fill('Is it painted?')
  await page.getByLabel('Yes, you may write to me').check()
  await page.getByRole('button', { name: 'Send' }).click()

  await page.getByRole('alert').waitFor()
  const address = page.getByLabel('Your e-mail address (needed)')
  expect(await address.getAttribute('aria-invalid')).toBe('true')
  const problem = must(await address.getAttribute('aria-describedby'), 'the field names its problem')
  expect(await page.locator(`#${problem}`).textContent()).toContain('complete e-mail address')
  expect(await page.getByLabel('Last name').inputValue()).toBe('Oak')
  expect(await page.getByLabel('Yes, you may write to me').isChecked()).toBe(true)
  await look('form with a problem')
  // Chromium's own note that the page came with status 400.
  expect(takeTroubles()).toMatchObject([{ kind: 'console error', what: expect.stringContaining('400') }])
  await address.fill('mei@shop.example')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('Thank you. We have your question').waitFor()
  await look('sent')

  const arrived = await until(
    async () => mails.parse(await call('GET', '/v1/mailbox')).items[0],
    (found) => found !== undefined,
  )
  const { mailId, to } = must(arrived, 'it arrived')
  expect(to).toBe('mei@shop.example')
  const { html } = mail.parse(await call('GET', `/v1/mailbox/${mailId}`))
  await page.goto(must(/href="(http[^"]+\/v\/[\w-]+)"/.exec(html)?.[1], 'a link to confirm by'))
  await look('is this your address')
  await page.getByText('“Yes, you may write to me').waitFor()
  await page.getByRole('button', { name: 'Yes, this is my address, and I agree' }).click()
  await page.getByText('mei@shop.example is confirmed, and so is what you agreed to').waitFor()
  await look('confirmed')
  expect(faults).toEqual([])
})
