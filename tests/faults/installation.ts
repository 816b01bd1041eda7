import pg from 'pg'
import type { WorkspaceId } from '../../server/src/kernel/index.ts'
import { createClickHouse } from '../../server/src/stores/index.ts'
import { findMatches, type Places } from '../harness/find-bytes.ts'
import { startWitness, type Witness } from '../harness/witness.ts'
import { readStores, type StoreReader } from '../harness/witness-stores.ts'
import { type Engagement, engage } from './engagement.ts'
import { foundOperation, type Operation } from './operation.ts'
import { type Engines, type Part, spawnPart, startEngines, startPart } from './parts.ts'

/** Engines, api and witness, with a journey that is live; workers are started, stopped and broken by the test. */
export interface Installation {
  readonly witness: Witness
  readonly operation: Operation
  readonly engagement: Engagement
  readonly stores: StoreReader
  /** Everything in any table of either engine that matches (see `find-bytes.ts`). */
  matches(pattern: string): Promise<Places>
  worker(options?: { readonly holder?: string; readonly env?: Readonly<Record<string, string>> }): Promise<Part>
  /** One that dies by itself, perhaps before it is ready. */
  doomedWorker(env: Readonly<Record<string, string>>): Pick<Part, 'ended'>
  /** Another api process in place of the last; clients are led to it. */
  api(env?: Readonly<Record<string, string>>): Promise<Part>
}

export const startInstallation = async (): Promise<Installation> => {
  const engines = await startEngines()
  const witness = await startWitness()
  const always = { BATON_EGRESS_ALLOW: `127.0.0.1:${witness.smtpPort}` }
  let current: Part | null = null
  const api = async (env: Readonly<Record<string, string>> = {}): Promise<Part> => {
    await current?.stop()
    current = await startPart(engines, { name: 'api', env: { ...always, ...env } })
    witness.watch(current.address)
    return current
  }
  const first = await api()
  const operation = await foundOperation(() => current?.address ?? '', first.firstRunToken)
  return {
    witness,
    operation,
    engagement: await engage(operation, witness.smtpPort),
    stores: readStores(operation.workspaceId, () => engines),
    matches: (pattern) => matchesIn(engines, operation.workspaceId, pattern),
    worker: ({ env = {}, ...options } = {}) =>
      startPart(engines, { name: 'worker', ...options, env: { ...always, ...env } }),
    doomedWorker: (env) => spawnPart(engines, { name: 'worker', env: { ...always, ...env } }),
    api,
  }
}

const matchesIn = async (engines: Engines, workspaceId: WorkspaceId, pattern: string): Promise<Places> => {
  const clickhouse = createClickHouse({ url: engines.clickhouseUrl })
  const postgres = new pg.Client({ connectionString: engines.adminUrl })
  try {
    await postgres.connect()
    const admin = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
      (await postgres.query<Row>(text, [...values])).rows
    return await findMatches({ admin, clickhouse }, workspaceId, pattern)
  } finally {
    await postgres.end()
    await clickhouse.close()
  }
}
