import { chmodSync, cpSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import {
  createClickHouse,
  migrate,
  migrationsFolder,
  type RunningEngine,
  silentLog,
  startClickHouse,
  startPostgres,
} from '../../server/src/stores/index.ts'

declare module 'vitest' {
  interface ProvidedContext {
    engines: TestEngines
  }
}

/** Where the engines of this test run are. */
export interface TestEngines {
  readonly adminUrl: string
  readonly ownerUrl: string
  readonly appUrl: string
  readonly clickhouseUrl: string
  /** The migrations as they were when the run began: a file saved meanwhile must not fail it. */
  readonly migrations: string
}

/** Copied for each test file: migrated once. */
export const templateDatabase = 'baton'

/**
 * Starts both engines for the whole run, in a folder outside root's home, and stops them at its end. With CLICKHOUSE_URL
 * set, that server is used in place of the embedded ClickHouse: the suites can't tell the difference.
 */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-'))
  // As root the embedded PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711)
  const running: RunningEngine[] = []
  const stop = async (): Promise<void> => {
    const pids = running.map((engine) => engine.pid())
    for (const engine of running.toReversed()) await engine.stop()
    rmSync(folder, { recursive: true, force: true })
    const left = pids.filter((pid) => pid !== null && isAlive(pid))
    if (left.length > 0) throw new Error(`Engines still run after the tests: ${left.join(', ')}`)
  }
  try {
    const postgres = await startPostgres({ folder: join(folder, 'postgres'), log: silentLog })
    running.push(postgres)
    const clickhouseUrl = process.env.CLICKHOUSE_URL ?? (await startOurClickHouse(folder, running))
    const { adminUrl, ownerUrl, appUrl } = postgres
    const template = createClickHouse({ url: clickhouseUrl })
    const migrations = join(folder, 'migrations')
    cpSync(migrationsFolder, migrations, { recursive: true })
    await migrate({ ownerUrl, appUrl, clickhouse: template, log: silentLog, folder: migrations })
    await template.close()
    await closeTemplate(adminUrl)
    project.provide('engines', { adminUrl, ownerUrl, appUrl, clickhouseUrl, migrations })
    return stop
  } catch (error) {
    await stop()
    throw error
  }
}

const startOurClickHouse = async (folder: string, running: RunningEngine[]): Promise<string> => {
  const clickhouse = await startClickHouse({ folder: join(folder, 'clickhouse'), log: silentLog })
  running.push(clickhouse)
  return clickhouse.url
}

/** Nobody connects to the template, so that it can be copied at any time. */
const closeTemplate = async (adminUrl: string): Promise<void> => {
  const admin = new pg.Client({ connectionString: adminUrl })
  await admin.connect()
  await admin.query(`alter database ${templateDatabase} is_template true allow_connections false`)
  await admin.end()
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
