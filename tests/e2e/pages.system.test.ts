import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'vitest'
import { must } from '../../server/src/kernel/index.ts'
import { foundOperation } from '../faults/operation.ts'
import { browserTest, faultsInEveryLook, openBrowser, settled } from '../harness/browser.ts'
import { projectRoot, startServer } from '../harness/server-process.ts'
import { signIn } from './sign-in.ts'
import { fillOperation, type Samples } from './small-operation.ts'

const sourceOf = (path: string): string => readFileSync(join(projectRoot, 'console', 'src', path), 'utf8')

/** Every address of the console, as its router lists them: `page(…)` inside the session, `outside(…)` before it. */
const routes = [...sourceOf('app/routes.ts').matchAll(/^ {2}(?<kind>page|outside)\(\s*'(?<path>[^']+)'/gm)].map(
  ({ groups }) => ({ kind: must(groups?.kind, 'it matched'), path: must(groups?.path, 'it matched') }),
)
/** Every part of the settings, as their page lists them. */
const sections = [...sourceOf('workspaces/settings-page.tsx').matchAll(/\bkey: '(?<key>[^']+)'/g)].map(({ groups }) =>
  must(groups?.key, 'it matched'),
)
const pathsOf = (kind: 'page' | 'outside'): readonly string[] =>
  routes.filter((route) => route.kind === kind).map((route) => route.path)

/** What stands for `$personId` and the like in the address of a page. */
const parameters = ({ invitationToken, ...ids }: Samples): Readonly<Record<string, string>> => ({
  ...ids,
  token: invitationToken,
  section: sections[0] ?? '',
})

const fillIn = (path: string, values: Readonly<Record<string, string>>): string =>
  path.replaceAll(/\$(\w+)/g, (_, name: string) =>
    must(values[name], `${path} is a new page: say in this test what stands for $${name}`),
  )

browserTest(
  'every page fits, in both schemes and on a telephone, without a complaint of axe',
  { timeout: 600_000 },
  async () => {
    expect(routes.length, 'routes.ts is written as this test reads it').toBeGreaterThan(20)
    expect(sections.length, 'settings-page.tsx is written as this test reads it').toBeGreaterThan(5)
    const server = await startServer()
    const { page, takeTroubles } = await openBrowser(server.address)
    const faults: string[] = []
    const visit = async (address: string): Promise<void> => {
      await page.setViewportSize({ width: 1360, height: 900 })
      await page.emulateMedia({ colorScheme: 'light' })
      await page.goto(address)
      await settled(page)
      faults.push(...(await faultsInEveryLook(page, address)))
      faults.push(...takeTroubles().map(({ kind, what }) => `${address}: ${kind}: ${what}`))
    }

    await visit('/first-run')
    const operation = await foundOperation(() => server.address, server.firstRunToken)
    await visit('/people')
    const values = parameters(await fillOperation(operation, server.address))
    for (const path of pathsOf('outside')) await visit(fillIn(path, values))

    await signIn(page)
    const more = sections.slice(1).map((section) => `/settings/${section}`)
    for (const path of [...pathsOf('page'), ...more, '/nowhere']) await visit(fillIn(path, values))
    expect(faults).toEqual([])
  },
)
