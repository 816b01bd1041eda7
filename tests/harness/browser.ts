import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import {
  type BrowserContext,
  type ConsoleMessage,
  chromium,
  type Page,
  type Request,
  type Response,
} from 'playwright-core'
import { expect, onTestFinished, test } from 'vitest'
import { createAnswerCheck, openApiDocument } from './answers.ts'

/** `CHROMIUM_PATH`, or what this machine has; null: tests that need a browser are skipped by name. */
export const chromiumPath: string | null =
  [process.env.CHROMIUM_PATH, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null

/** A test in Chromium; where there is none it says so as skipped. */
export const browserTest = test.skipIf(chromiumPath === null)

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // No name is looked up: a page that asks for another house fails here and is told, and no packet leaves the machine.
  '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1',
]

export const launchChromium = () =>
  chromium.launch({ executablePath: chromiumPath ?? '', args: flags, chromiumSandbox: false, headless: true })

/** What a page did that no page of ours may do. */
export interface Trouble {
  readonly kind: 'outside request' | 'against the CSP' | 'console error' | 'exception' | 'server error'
  readonly page: string
  readonly what: string
}

export interface WatchedBrowser {
  readonly context: BrowserContext
  readonly page: Page
  /** What went wrong since the last time this was asked. */
  takeTroubles(): readonly Trouble[]
}

export interface BrowserOptions {
  readonly width?: number
  readonly scheme?: 'light' | 'dark'
}

/**
 * A fresh browser on the console at `address`. At the end of the test it fails when a request left that origin, the
 * CSP was violated, a script threw, an error was logged, or the API answered what the OpenAPI document does not say.
 */
export const openBrowser = async (address: string, options: BrowserOptions = {}): Promise<WatchedBrowser> => {
  const browser = await launchChromium()
  const context = await browser.newContext({
    baseURL: address,
    viewport: { width: options.width ?? 1360, height: 900 },
    colorScheme: options.scheme ?? 'light',
    reducedMotion: 'reduce',
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  context.setDefaultTimeout(45_000)
  await context.addInitScript({ path: join(import.meta.dirname, 'in-page.js') })
  let troubles: Trouble[] = []
  watch(context, address, (trouble) => troubles.push(trouble))
  const unlikeTheDocument = checkAnswers(context, address)
  const takeTroubles = (): readonly Trouble[] => {
    const taken = troubles
    troubles = []
    return taken
  }
  const page = await context.newPage()
  onTestFinished(async ({ task }) => {
    if (task.result?.state === 'fail') await keepPicture(page, task.id)
    const faults = await unlikeTheDocument()
    await browser.close()
    expect(takeTroubles()).toEqual([])
    expect(faults, 'answers that are not as the OpenAPI document says').toEqual([])
  })
  return { context, page, takeTroubles }
}

/** Holds every answer that a page gets from the API against the document; answers how to ask what did not fit. */
const checkAnswers = (context: BrowserContext, address: string): (() => Promise<readonly string[]>) => {
  const faults: Promise<string | null>[] = []
  let check: ReturnType<typeof checkOf> | null = null
  context.on('response', (response) => {
    const { host, pathname } = new URL(response.url())
    if (host !== new URL(address).host || !pathname.startsWith('/v1/')) return
    check ??= checkOf(address)
    faults.push(faultOf(response, pathname, check))
  })
  return async () => (await Promise.all(faults)).filter((fault) => fault !== null)
}

/** Null where the server is gone before it could be asked. */
const checkOf = async (address: string) => {
  const answer = await fetch(`${address}/v1/openapi.json`).catch(() => null)
  return answer?.ok === true ? createAnswerCheck(openApiDocument.parse(await answer.json())) : null
}

const faultOf = async (response: Response, path: string, check: ReturnType<typeof checkOf>): Promise<string | null> => {
  // The body of a page that was left is gone with it.
  const isFile = response.headers()['content-disposition']?.startsWith('attachment') === true
  // A file goes past the page, to where the browser puts it.
  const body = isFile ? null : await response.text().catch(() => null)
  const answer = await check
  if (body === null || answer === null) return null
  const contentType = response.headers()['content-type'] ?? null
  return answer({ method: response.request().method(), path, status: response.status(), contentType, body })
}

/** What stood there when the test failed. */
const keepPicture = async (page: Page, id: string): Promise<void> => {
  const path = join(tmpdir(), `baton-failed-${id}.png`)
  await page.screenshot({ path, fullPage: true })
  process.stderr.write(`The page when it failed, ${page.url()}: ${path}\n`)
}

const watch = (context: BrowserContext, address: string, tell: (trouble: Trouble) => void): void => {
  const isOurs = (url: string): boolean =>
    /^(data|blob|about):/.test(url) || new URL(url).host === new URL(address).host
  context.on('request', (request) => {
    if (!isOurs(request.url())) tell({ kind: 'outside request', page: pageOf(request), what: request.url() })
  })
  context.on('response', (response) => {
    if (response.status() < 500) return
    const what = `${response.request().method()} ${response.url()} answered ${response.status()}`
    tell({ kind: 'server error', page: pageOf(response.request()), what })
  })
  context.on('console', (message) => {
    if (message.type() !== 'error' || isAskingWhoIsThere(message)) return
    const what = `${message.text()} (${message.location().url})`
    const kind = what.includes('Content Security Policy') ? 'against the CSP' : 'console error'
    tell({ kind, page: message.page()?.url() ?? '', what })
  })
  context.on('weberror', (error) => {
    tell({ kind: 'exception', page: error.page()?.url() ?? '', what: String(error.error().stack) })
  })
  context.on('page', (page) => {
    page.on('websocket', (socket) => {
      if (!isOurs(socket.url())) tell({ kind: 'outside request', page: page.url(), what: socket.url() })
    })
  })
}

/** The browser logs the 401 by which the console learns that nobody has signed in yet. */
const isAskingWhoIsThere = (message: ConsoleMessage): boolean =>
  message.location().url.endsWith('/v1/session') && message.text().includes('401')

/** A request of a page that is gone has no frame any more. */
const pageOf = (request: Request): string => {
  try {
    return request.frame().url()
  } catch {
    return request.url()
  }
}

/** What in-page.js puts into every page. */
declare const inPage: {
  isSettled(): Promise<boolean>
  readonly unsettled: readonly string[]
  overflow(): { readonly byPx: number; readonly elements: readonly string[] }
}

/** Nothing is loading, moving or about to be drawn. */
export const settled = async (page: Page): Promise<void> => {
  await page.locator('h1').first().waitFor()
  await page
    .waitForFunction(() => inPage.isSettled())
    .catch(async (cause: unknown) => {
      const unsettled = await page.evaluate(() => inPage.unsettled)
      throw new Error(`${page.url()} does not come to rest: ${unsettled.join('; ')}`, { cause })
    })
}

/** What axe finds, a line each: rule and where. (Legacy: it does not open a blank page for each report.) */
export const axeViolations = async (page: Page): Promise<readonly string[]> => {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))
}

/** By how much the page is wider than its window, and what sticks out; null when it fits. */
export const overflow = async (page: Page): Promise<string | null> => {
  const { byPx, elements } = await page.evaluate(() => inPage.overflow())
  return byPx <= 0 ? null : `${byPx} px too wide: ${elements.join(' ')}`
}

/** Light and wide first, dark and narrow, without loading again: as somebody sees it whose evening begins. */
const looks = [
  { width: 1360, scheme: 'light' },
  { width: 1360, scheme: 'dark' },
  { width: 390, scheme: 'dark' },
  { width: 390, scheme: 'light' },
] as const

/** What does not fit or what axe finds, in every look; a line each. */
export const faultsInEveryLook = async (page: Page, address: string): Promise<readonly string[]> => {
  const faults: string[] = []
  for (const { width, scheme } of looks) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme: scheme })
    await settled(page)
    const wide = await overflow(page)
    for (const fault of [...(wide === null ? [] : [wide]), ...(await axeViolations(page))])
      faults.push(`${address}, ${scheme}, ${width} px: ${fault}`)
  }
  return faults
}
