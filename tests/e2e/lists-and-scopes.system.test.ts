import { readFileSync } from 'node:fs'
import { expect } from 'vitest'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser, settled } from '../harness/browser.ts'
import { startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'

browserTest('a scope is chosen and seen, a record is Known by her own traits, and a list leaves whole', async () => {
  const server = await startServer()
  const operation = await foundOperation(() => server.address, server.firstRunToken)
  await sendPeople(server.address, operation.writeKey, 70)
  const { page } = await openBrowser(server.address)
  const faults: string[] = []
  const look = async (name: string): Promise<void> => {
    faults.push(...(await faultsInEveryLook(page, name)))
    await page.setViewportSize({ width: 1360, height: 900 })
  }
  await signIn(page)

  await page.goto('/settings/members')
  await page.getByRole('button', { name: 'Invite somebody' }).click()
  const invite = page.getByRole('dialog', { name: 'Invite somebody' })
  await invite.getByLabel('E-mail').fill('agency@studio.example')
  await invite.getByLabel('Role').selectOption('partner')
  await invite.getByLabel('Phases', { exact: true }).first().click()
  await page.getByRole('option', { name: 'Loyalty' }).click()
  await invite.getByLabel('Partner').fill('Studio')
  await look('invite')
  await invite.getByRole('button', { name: 'Make the invitation' }).click()
  await invite.getByRole('button', { name: 'I have it' }).click()
  const invited = page.getByRole('row', { name: /agency@studio\.example/ })
  expect(await invited.textContent()).toMatch(/Phases: Loyalty.*Partner: Studio/)

  await page.goto('/settings/keys')
  await page.getByRole('button', { name: 'New API key' }).click()
  const key = page.getByRole('dialog', { name: 'New API key' })
  await key.getByLabel('Name').fill('Report')
  await key.getByLabel('Permissions', { exact: true }).first().click()
  await page.getByRole('option', { name: /^people:read/ }).click()
  await key.getByLabel('Name').click()
  await look('key')
  await key.getByRole('button', { name: 'Make the key' }).click()
  await key.getByRole('button', { name: 'I have it' }).click()
  expect(await page.getByRole('row', { name: /Report/ }).textContent()).toContain('Only people:read')

  await page.goto('/lifecycle')
  await page.getByRole('button', { name: 'What makes a record Known' }).click()
  const known = page.getByRole('dialog', { name: 'What makes a record Known?' })
  await known.getByRole('combobox', { name: 'Needed traits' }).fill('company')
  await page.keyboard.press('Enter')
  await known.getByText('5 of 6 must be there.').waitFor()
  await look('needed traits')
  await known.getByRole('button', { name: 'Save' }).click()
  await page.getByText('Saved; everybody is being counted again.').waitFor()

  await page.goto('/people')
  await settled(page)
  await page.getByRole('button', { name: 'CSV' }).click()
  const arriving = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'All rows of the list' }).click()
  const file = await arriving
  expect(file.suggestedFilename()).toMatch(/^people-\d{4}-\d\d-\d\d\.csv$/)
  expect(
    readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n'),
  ).toHaveLength(71)
  await page.getByText(/^70 rows saved in people-/).waitFor()
  await look('all rows')
  expect(faults).toEqual([])
})

const sendPeople = async (address: string, writeKey: string, count: number): Promise<void> => {
  const batch = Array.from({ length: count }, (_, n) => ({
    type: 'identify',
    userId: `person-${n}`,
    traits: { email: `p${n}@toys.example`, company: '=Oak & Sons' },
  }))
  const answer = await fetch(`${address}/v1/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Basic ${btoa(`${writeKey}:`)}` },
    body: JSON.stringify({ batch }),
  })
  expect(answer.status).toBe(200)
}
