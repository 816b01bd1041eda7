import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import type { TestProject } from 'vitest/node'
import { createClickHouse, migrate, silentLog, startClickHouse, startPostgres } from '../../server/src/stores/index.ts'

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
}

/** Copied for each test file: migrated once. */
export const templateDatabase = 'baton'

/** Starts both engines for the whole run, in a folder outside root's home, and stops them at its end. */
export default async (project: TestProject): Promise<() => Promise<void>> => {
  const folder = mkdtempSync(join(tmpdir(), 'baton-test-'))
  // As root the embedded PostgreSQL runs as another user, who must be able to pass through.
  chmodSync(folder, 0o711)
  const postgres = await startPostgres({ folder: join(folder, 'postgres'), log: silentLog })
  const clickhouse = await startClickHouse({ folder: join(folder, 'clickhouse'), log: silentLog })
  const pids = [postgres.pid(), clickhouse.pid()]
  const stop = async (): Promise<void> => {
    await clickhouse.stop()
    await postgres.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const template = createClickHouse({ url: clickhouse.url })
    await migrate({ ownerUrl: postgres.ownerUrl, appUrl: postgres.appUrl, clickhouse: template, log: silentLog })
    await template.close()
    await closeTemplate(postgres.adminUrl)
  } catch (error) {
    await stop()
    throw error
  }
  project.provide('engines', {
    adminUrl: postgres.adminUrl,
    ownerUrl: postgres.ownerUrl,
    appUrl: postgres.appUrl,
    clickhouseUrl: clickhouse.url,
  })
  return async () => {
    await stop()
    const left = pids.filter((pid) => pid !== null && isAlive(pid))
    if (left.length > 0) throw new Error(`Engines still run after the tests: ${left.join(', ')}`)
  }
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
