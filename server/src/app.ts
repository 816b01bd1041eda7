import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type App, createHttpServer, type DeclaredRoute, type HttpServerOptions } from './http/index.ts'

const root = join(import.meta.dirname, '../..')

/** Rooms in the order of the ladder; collect goes into `bareRooms`, outside the kit. */
export interface AppOptions extends Omit<HttpServerOptions, 'version' | 'consoleFolder'> {
  /** The built console; null: API only. */
  readonly consoleFolder?: string | null
}

/** Baton's HTTP: every room, the console, the docs. Not listening yet; `routes` is what the security matrix walks. */
export const createApp = (
  options: AppOptions,
): Promise<{ readonly app: App; readonly routes: readonly DeclaredRoute[] }> => {
  const { consoleFolder = join(root, 'console/dist'), ...rest } = options
  return createHttpServer({ ...rest, version: readVersion(), ...(consoleFolder === null ? {} : { consoleFolder }) })
}

const readVersion = (): string => {
  const { version }: { version?: unknown } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return String(version)
}
