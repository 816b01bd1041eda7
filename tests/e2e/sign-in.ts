import type { Page } from 'playwright-core'
import { must } from '../../server/src/kernel/index.ts'
import { settled } from '../harness/browser.ts'

/** Who acts in the console in these tests. */
export const ann = { name: 'Ann', email: 'ann@toys.example', password: 'a few words do well' }

/** After the account: with a sample the choice between it and one's own data, without one the workspace at once. */
export type AfterAccount = 'What do you want to see first?' | 'Describe your business'

/** The first page of a fresh server, filled in; stands at what comes after. */
export const makeAccount = async (page: Page, firstRunToken: string | null, next: AfterAccount): Promise<void> => {
  await page.goto('/')
  await page.getByLabel('First-run token').fill(must(firstRunToken, 'nobody can sign in yet'))
  await page.getByLabel('Your name').fill(ann.name)
  await page.getByLabel('E-mail').fill(ann.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(ann.password)
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByRole('heading', { name: next }).waitFor()
}

export const signIn = async (page: Page): Promise<void> => {
  await page.goto('/sign-in')
  await page.getByLabel('E-mail').fill(ann.email)
  await page.getByRole('textbox', { name: 'Password' }).fill(ann.password)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('navigation').first().waitFor()
  await settled(page)
}
