import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { must } from '../../server/src/kernel/index.ts'
import { browserTest, openBrowser, settled } from '../harness/browser.ts'
import { startServer, until } from '../harness/server-process.ts'
import { ann, makeAccount } from './sign-in.ts'

const session = z.object({
  workspaces: z.array(z.object({ id: z.uuid(), name: z.string(), isSample: z.boolean(), clockAt: z.int().nullable() })),
})
const workspacesOf = async (page: Page) =>
  session.parse(await (await page.request.get('/v1/session')).json()).workspaces

const smtp = {
  host: 'mail.example.com',
  port: 587,
  security: 'starttls',
  user: null,
  from: { name: 'Sample', address: 'sample@example.com' },
}

browserTest('the sample says that it is simulated, fills, sends nothing, and makes room for own data', async () => {
  const server = await startServer({ command: ['demo'] })
  const { page, context } = await openBrowser(server.address)
  await makeAccount(page, server.firstRunToken, 'What do you want to see first?')
  expect(await page.getByText('Step 2 of 4').count()).toBe(1)
  await page.getByRole('button', { name: 'Open the sample' }).click()
  await page.getByRole('heading', { name: 'Home', level: 1 }).waitFor()

  const banner = page.getByRole('note')
  expect(await banner.textContent()).toContain('Simulated sample. Every customer and figure here is made up')
  const sample = must((await workspacesOf(page))[0], 'the sample is there')
  expect(sample.isSample).toBe(true)

  // Its days go by, and people appear in the console without anybody loading it again.
  await page.goto('/people')
  const people = async (): Promise<number> =>
    Number.parseInt((await page.getByText(/^[\d,]+ people$/).textContent())?.replace(',', '') ?? '0', 10)
  const before = await people()
  await until(people, (now) => now > before, 60_000)
  await until(
    () => workspacesOf(page),
    ([now]) => must(now?.clockAt, 'its history plays') > must(sample.clockAt, 'its history plays'),
  )
  expect(await banner.isVisible()).toBe(true)

  const refused = await page.request.put('/v1/channels/email', { data: { smtp }, headers: { origin: server.address } })
  expect(refused.status()).toBe(409)
  expect(await refused.json()).toMatchObject({
    error: { message: 'The sample workspace can’t send to the real world.' },
  })

  await page.getByRole('button', { name: 'Start with my own data' }).click()
  const dialog = page.getByRole('dialog', { name: 'Start with my own data' })
  await dialog.getByLabel('Business or brand').fill('Toys')
  await dialog.getByRole('button', { name: 'Empty the sample and start' }).click()
  await page.getByText('The sample is gone. Send your first event.').waitFor()
  await settled(page)
  expect(await banner.count()).toBe(0)
  expect((await workspacesOf(page)).map(({ name, isSample }) => ({ name, isSample }))).toEqual([
    { name: 'Toys', isSample: false },
  ])
  const members = await page.request.get('/v1/members')
  expect(await members.json()).toMatchObject({ items: [{ email: ann.email, role: 'owner' }] })
  const gone = await page.request.get('/v1/people', { headers: { 'baton-workspace': sample.id } })
  expect([403, 404]).toContain(gone.status())
  await page.goto('/people')
  await page.getByText('Nobody yet').waitFor()

  await context.close()
  expect(await server.stop()).toBe(0)
  const log = readFileSync(join(server.dataFolder, 'logs', 'worker.log'), 'utf8')
  expect(log.split('\n').filter((line) => line.includes('"level":50'))).toEqual([])
  expect(log).not.toContain(ann.email)
})
