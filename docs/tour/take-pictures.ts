/**
 * Takes the pictures of the README and the guides: starts the sample shop, waits until its ninety days are played, and
 * photographs the console in Chromium, light and dark. `node docs/tour/take-pictures.ts [--data FOLDER]`; a folder whose
 * days are played already makes it quick.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium, type Page } from 'playwright-core'

const root = join(import.meta.dirname, '..', '..')
const folder = join(root, 'docs', 'pictures')
const { values: given } = parseArgs({ options: { data: { type: 'string' } } })
const account = { name: 'Ann', email: 'ann@lumen-and-lark.example', password: 'a few words do well' }
const maxBytes = 250_000
const viewport = { width: 1360, height: 860 }
/** A page that is longer is shown to here: a picture nobody scrolls. */
const tallest = 1_020

const startDemo = async (dataFolder: string) => {
  const launcher = join(root, 'server', 'src', 'cli', 'launch.cjs')
  const child = spawn(process.execPath, [launcher, 'demo', '--data', dataFolder, '--port', '0'], { cwd: root })
  const ended = once(child, 'close')
  let text = ''
  const printed = new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (part: string) => {
        text += part
        if (text.includes('Stop  ')) resolve()
      })
    ended.then(() => reject(new Error(`The sample did not start:\n${text}`)))
  })
  await printed
  const found = (pattern: RegExp): string | undefined => pattern.exec(text)?.[1]
  return {
    address: found(/Console\s+(\S+)/) ?? '',
    token: found(/Token\s+(\S+)/),
    stop: async () => {
      child.kill('SIGINT')
      await ended
    },
  }
}

type Demo = Awaited<ReturnType<typeof startDemo>>

/** A browser that is signed in. */
const openConsole = async (browser: Browser, { address, token }: Demo, scheme: 'light' | 'dark'): Promise<Page> => {
  const context = await browser.newContext({
    baseURL: address,
    viewport,
    colorScheme: scheme,
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'Europe/Madrid',
  })
  const page = await context.newPage()
  const post = async (path: string, data: object): Promise<boolean> =>
    (await page.request.post(path, { data, headers: { origin: address } })).ok()
  const { email, password } = account
  const signIn = () => post('/api/auth/sign-in/email', { email, password })
  const isIn = (await signIn()) || ((await post('/v1/first-run', { ...account, token })) && (await signIn()))
  if (!isIn) throw new Error(`The folder has another account than ${email}; give another --data.`)
  return page
}

/** Null while the sample's days are played; then its clock runs with the machine's. */
const playedUpTo = async (page: Page): Promise<number | null> => {
  const { workspaces } = await (await page.request.get('/v1/session')).json()
  return workspaces[0]?.clockAt ?? null
}

const waitForHistory = async (page: Page): Promise<void> => {
  for (let at = await playedUpTo(page); at !== null; at = await playedUpTo(page)) {
    process.stdout.write(`\rplayed up to ${new Date(at).toISOString().slice(0, 10)}`)
    await page.waitForTimeout(2_000)
  }
  process.stdout.write('\n')
}

/** A page is drawn when its skeletons are gone and nothing moves. */
const drawn = async (page: Page): Promise<void> => {
  await page.locator('h1').first().waitFor()
  await page.waitForLoadState('networkidle').catch(() => undefined)
  await page.locator('.mantine-Loader-root, .mantine-Skeleton-root').first().waitFor({ state: 'detached' })
}

/** The window becomes as long as the page. */
const showWhole = async (page: Page): Promise<void> => {
  const { height } = (await page.locator('main').boundingBox()) ?? viewport
  await page.setViewportSize({ ...viewport, height: Math.min(tallest, Math.max(viewport.height, Math.ceil(height))) })
  await page.waitForTimeout(500)
  await drawn(page)
}

/** What is in each picture, and how to come there. */
const shots: readonly (readonly [name: string, go: (page: Page) => Promise<unknown>])[] = [
  ['home', showHome],
  ['person', showPerson],
  ['journey', showJourney],
  ['equity', showEquity],
  ['life-cycle', (page) => page.goto('/lifecycle')],
]

/** The kept forward figure may be of days long played; asking for a fresh one keeps that. */
async function showHome(page: Page): Promise<void> {
  await page.request.get('/v1/equity/forward?fresh=true')
  await page.goto('/')
}

/** The last month: the sample's days before it have made old customers. */
async function showEquity(page: Page): Promise<void> {
  await page.goto('/equity')
  await page.getByText('30 days', { exact: true }).click()
  await page.getByText('How it adds up').waitFor()
}

/** A customer with a story: she wrote back. */
async function showPerson(page: Page): Promise<void> {
  const { items } = await (await page.request.get('/v1/messages?state=accepted&limit=200')).json()
  const answered = items.find((each: { repliedAt: number | null }) => each.repliedAt !== null) ?? items[0]
  await page.goto(`/people/${answered.personId}`)
}

async function showJourney(page: Page): Promise<void> {
  await page.goto('/journeys')
  await page.getByRole('link', { name: 'Cart left behind' }).click()
  await page.getByText('Ordered within an hour?').first().waitFor()
}

const takeAll = async (browser: Browser, demo: Demo): Promise<void> => {
  for (const scheme of ['light', 'dark'] as const) {
    const page = await openConsole(browser, demo, scheme)
    await waitForHistory(page)
    for (const [name, go] of shots) {
      await page.setViewportSize(viewport)
      await go(page)
      await drawn(page)
      await showWhole(page)
      const path = join(folder, `${name}-${scheme}.png`)
      await page.screenshot({ path, scale: 'css' })
      const { size } = statSync(path)
      process.stdout.write(`${path} ${Math.round(size / 1000)} kB\n`)
      if (size > maxBytes) throw new Error(`${path} is larger than ${maxBytes / 1000} kB`)
    }
    await page.context().close()
  }
}

const freshFolder = (): string => {
  const path = mkdtempSync(join(tmpdir(), 'baton-tour-'))
  chmodSync(path, 0o755)
  return path
}

mkdirSync(folder, { recursive: true })
const demo = await startDemo(given.data ?? freshFolder())
try {
  const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
  const browser = await chromium.launch({
    executablePath,
    args: ['--disable-gpu', '--lang=en-GB'],
    chromiumSandbox: false,
  })
  await takeAll(browser, demo)
  await browser.close()
} finally {
  await demo.stop()
}
