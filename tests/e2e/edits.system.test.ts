import { policySettings, template, templateDraft } from '@baton/contract'
import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { z } from 'zod'
import { must } from '../../server/src/kernel/index.ts'
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

const listed = z.object({ items: z.array(z.object({ templateId: z.uuid(), name: z.string() })) })
const soon = { timeout: 20_000 }
const saveButton = (page: Page) => page.getByRole('button', { name: 'Save', exact: true })

browserTest('an old text takes the place of no newer one', { timeout: 300_000 }, async () => {
  const { call, browser, page, open } = await opened()
  const { items } = listed.parse(await call('GET', '/v1/templates'))
  const { templateId } = must(items[0], 'every workspace begins with some')
  const path = `/v1/templates/${templateId}`
  const saveElsewhere = async (subject: string) => {
    const now = template.parse(await call('GET', path))
    await call('PUT', path, { ...templateDraft.parse(now), subject })
  }
  await open(`/messages/templates/${templateId}`)
  const subject = page.getByLabel('Subject')
  await subject.fill('Mine')
  await saveElsewhere('Theirs')
  await saveButton(page).click()
  const behind = page.getByRole('alert', { name: 'Version 2 was saved meanwhile' })
  await behind.waitFor()
  expect(await subject.inputValue()).toBe('Mine')
  expect(await faultsInEveryLook(page, 'a template that was changed meanwhile')).toEqual([])
  await page.setViewportSize({ width: 1360, height: 900 })
  await behind.getByRole('button', { name: 'Load it' }).click()
  await expect.poll(() => subject.inputValue(), soon).toBe('Theirs')
  await page.getByText('Version 2', { exact: true }).waitFor()

  await subject.fill('Mine after all')
  await saveElsewhere('Theirs again')
  await saveButton(page).click()
  await page.getByRole('button', { name: 'Keep mine' }).click()
  await saveButton(page).click()
  await page.getByText('Version 4', { exact: true }).waitFor()
  expect(template.parse(await call('GET', path)).subject).toBe('Mine after all')
  takeRefusals(browser, /409 \(Conflict\)/)
})

browserTest(
  'of the settings only what was changed is saved, and the rest takes what is newer',
  {
    timeout: 300_000,
  },
  async () => {
    const { call, browser, page, open } = await opened()
    await open('/settings/policy')
    await call('PUT', '/v1/policy', { consentWording: 'Worded elsewhere' })
    await page.getByLabel('Keep quiet hours').click()
    await saveButton(page).first().click()
    const wording = page.getByLabel('Wording beside the consent box on forms')
    await expect.poll(() => wording.inputValue(), soon).toBe('Worded elsewhere')
    await settled(page)
    for (const button of await saveButton(page).all()) expect(await button.isDisabled()).toBe(true)
    expect(policySettings.parse(await call('GET', '/v1/policy')).consentWording).toBe('Worded elsewhere')

    await open('/settings/brand')
    const name = page.getByLabel('Name')
    const address = page.getByLabel('Postal address')
    await call('PUT', '/v1/brand-kit', { address: 'Main Street 1' })
    await name.fill('Good toys')
    // While the first save is under way more is typed; what it brings back can't be read again.
    const letThrough = await refuse(page, '/v1/brand-kit', 'GET')
    let send = (): void => {}
    const typed = new Promise<void>((resolve) => {
      send = resolve
    })
    await page.route('**/v1/brand-kit', async (route) => {
      if (route.request().method() === 'PUT') await typed
      await route.fallback()
    })
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PUT')
    await saveButton(page).click()
    await page.getByLabel('Website').fill('https://toys.example')
    send()
    await saved
    await expect.poll(() => address.inputValue(), soon).toBe('Main Street 1')
    await page.getByRole('alert').getByText('PostgreSQL does not answer.').waitFor()
    expect(await name.inputValue()).toBe('Good toys')
    expect(await page.getByLabel('Website').inputValue()).toBe('https://toys.example')
    expect(await saveButton(page).isEnabled()).toBe(true)
    await letThrough()
    await saveButton(page).click()
    await expect
      .poll(() => call('GET', '/v1/brand-kit'), soon)
      .toMatchObject({ name: 'Good toys', address: 'Main Street 1', website: 'https://toys.example' })
    await expect.poll(() => saveButton(page).isDisabled(), soon).toBe(true)
    takeRefusals(browser)
  },
)

const madeSegment = z.object({ segmentId: z.uuid() })

browserTest(
  'what is unsaved is not left without asking, and stays while one looks elsewhere on the page',
  {
    timeout: 300_000,
  },
  async () => {
    const { call, page, open } = await opened()
    const { segmentId } = madeSegment.parse(
      await call('POST', '/v1/segments', {
        name: 'Buyers',
        rule: { kind: 'event-count', event: 'Order Completed', where: [], is: 'at-least', value: 1 },
      }),
    )
    const link = (name: string) => page.getByRole('navigation').getByRole('link', { name, exact: true })
    const asked = page.getByRole('dialog', { name: 'Leave without saving?' })

    await open(`/segments/${segmentId}?tab=rule`)
    const name = page.getByLabel('Name')
    await name.fill('Good buyers')
    await page.getByRole('tab', { name: 'Members' }).click()
    await page.getByRole('tabpanel', { name: 'Members' }).waitFor()
    await link('People').click()
    await asked.getByRole('button', { name: 'Cancel' }).click()
    await asked.waitFor({ state: 'detached' })
    await page.getByRole('tab', { name: 'Rule' }).click()
    expect(await name.inputValue()).toBe('Good buyers')
    await page.getByRole('button', { name: 'Save rule' }).click()
    await page.getByRole('heading', { level: 1, name: 'Good buyers' }).waitFor()
    await link('People').click()
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()

    // Five forms of one page ask once, also the button that goes back.
    await link('Settings').click()
    await page.getByRole('link', { name: 'Policy', exact: true }).click()
    await page.getByLabel('Keep quiet hours').click()
    await page.getByLabel('Wording beside the consent box on forms').fill('Worded anew')
    await page.goBack()
    await asked.waitFor()
    expect(await faultsInEveryLook(page, 'leaving without saving')).toEqual([])
    await page.setViewportSize({ width: 1360, height: 900 })
    await asked.getByRole('button', { name: 'Cancel' }).click()
    expect(await page.getByLabel('Wording beside the consent box on forms').inputValue()).toBe('Worded anew')

    // The browser's own question, where the whole console is left.
    const question = page.waitForEvent('dialog')
    const left = page.reload()
    const dialog = await question
    expect(dialog.type()).toBe('beforeunload')
    await Promise.all([dialog.accept(), left])
    await settled(page)
    await link('People').click()
    await page.getByRole('heading', { level: 1, name: 'People' }).waitFor()

    // What was made new is saved: nothing is asked on the way to it.
    await open('/messages/templates/new')
    await page.getByLabel('Name').fill('Summer')
    await page.getByLabel('Subject').fill('It is summer')
    await page.getByRole('combobox', { name: 'Topic' }).click()
    await page.getByRole('option').first().click()
    await saveButton(page).click()
    await page.getByRole('heading', { level: 1, name: 'Summer' }).waitFor()
    expect(await asked.count()).toBe(0)
  },
)
