import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** What came of making the console ready to be served. */
export type ConsoleBuild =
  | { readonly kind: 'fresh' }
  | { readonly kind: 'built'; readonly tookMs: number }
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Builds the console when its built pages are missing or older than what they are made of. A failed build leaves the
 * rest of Baton running: the API works without its pages.
 */
export const buildConsole = async (root: string): Promise<ConsoleBuild> => {
  const folder = join(root, 'console')
  if (!existsSync(join(folder, 'index.html'))) return { kind: 'failed', reason: `${folder} has no index.html` }
  const built = newestIn([join(folder, 'dist', 'index.html')])
  const sources = ['src', 'public', 'index.html', 'package.json', 'vite.config.ts'].map((name) => join(folder, name))
  if (built > newestIn([...sources, join(root, 'contract', 'src')])) return { kind: 'fresh' }
  const began = performance.now()
  const vite = viteCommand(folder)
  if (vite === null) return { kind: 'failed', reason: 'vite is not installed; run "npm ci"' }
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', TZ: 'UTC', NODE_ENV: 'production' },
  })
  const output: string[] = []
  child.stdout.setEncoding('utf8').on('data', (text: string) => output.push(text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const [code] = await once(child, 'exit')
  if (code === 0) return { kind: 'built', tookMs: Math.round(performance.now() - began) }
  return { kind: 'failed', reason: output.join('').trim().split('\n').slice(0, 12).join('\n') }
}

const viteCommand = (folder: string): string | null => {
  try {
    return join(dirname(createRequire(join(folder, 'package.json')).resolve('vite/package.json')), 'bin', 'vite.js')
  } catch {
    return null
  }
}

/** The newest change among files and folders, in epoch-ms; 0 when there are none. */
const newestIn = (paths: readonly string[]): number =>
  Math.max(
    0,
    ...paths.map((path) => {
      const stat = statSync(path, { throwIfNoEntry: false })
      if (stat === undefined) return 0
      if (!stat.isDirectory()) return stat.mtimeMs
      return Math.max(stat.mtimeMs, newestIn(readdirSync(path).map((name) => join(path, name))))
    }),
  )
