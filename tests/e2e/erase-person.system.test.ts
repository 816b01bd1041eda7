import { readFileSync } from 'node:fs'
import { personExport } from '@baton/contract'
import { expect } from 'vitest'
import { must } from '../../server/src/kernel/index.ts'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser, settled } from '../harness/browser.ts'
import { startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'
import { fillOperation } from './small-operation.ts'

browserTest(
  'the data steward hands a person her data, then erases her; her page says so, and nobody finds her',
  { timeout: 300_000 },
  async () => {
    const server = await startServer()
    const operation = await foundOperation(() => server.address, server.firstRunToken)
    const { personId } = await fillOperation(operation, server.address)
    const { page } = await openBrowser(server.address)
    await signIn(page)
    await page.goto(`/people/${personId}`)
    await page.getByRole('button', { name: 'Her data' }).waitFor()
    const name = must(await page.getByRole('heading', { level: 1 }).textContent(), 'a page has a title')

    await page.getByRole('button', { name: 'Her data' }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export all of it' }).click()
    const file = personExport.parse(JSON.parse(readFileSync(await (await download).path(), 'utf8')))
    expect(file.person.title).toBe(name)
    expect(file.messages).not.toEqual([])

    await page.getByRole('button', { name: 'Her data' }).click()
    await page.getByRole('menuitem', { name: 'Erase her …' }).click()
    const dialog = page.getByRole('dialog', { name: `Erase ${name}?` })
    const confirm = dialog.getByRole('button', { name: 'Erase her' })
    expect(await confirm.isDisabled()).toBe(true)
    expect(await faultsInEveryLook(page, 'the question')).toEqual([])
    await dialog.getByRole('textbox').fill('erase')
    await confirm.click()

    await page.getByRole('heading', { name: 'Her data was erased' }).waitFor({ timeout: 120_000 })
    await settled(page)
    expect(await page.content()).not.toContain(name)
    expect(await faultsInEveryLook(page, 'erased')).toEqual([])
    await page.getByRole('link', { name: 'All erasures' }).click()
    await page.getByText('done', { exact: true }).waitFor()
    expect(await faultsInEveryLook(page, 'erasures')).toEqual([])
    expect(
      await operation.call('GET', `/v1/people?search=${encodeURIComponent(name.split(' ')[0] ?? '')}`),
    ).toMatchObject({
      items: [],
    })
  },
)
