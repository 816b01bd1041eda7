import { startWitness, type Witness } from '../harness/witness.ts'
import { readStores, type StoreReader } from '../harness/witness-stores.ts'
import { type Engagement, engage } from './engagement.ts'
import { foundOperation, type Operation } from './operation.ts'
import { type Part, spawnPart, startEngines, startPart } from './parts.ts'

/** Engines, api and witness, with a journey that is live; workers are started, stopped and broken by the test. */
export interface Installation {
  readonly witness: Witness
  readonly operation: Operation
  readonly engagement: Engagement
  readonly stores: StoreReader
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
    worker: ({ env = {}, ...options } = {}) =>
      startPart(engines, { name: 'worker', ...options, env: { ...always, ...env } }),
    doomedWorker: (env) => spawnPart(engines, { name: 'worker', env: { ...always, ...env } }),
    api,
  }
}
