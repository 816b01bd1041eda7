import { must } from '../../server/src/kernel/index.ts'
import { readConnections } from '../../server/src/supervisor/index.ts'
import { readyzOf, type ServerProcess, startServer, until } from '../harness/server-process.ts'
import { startWitness, type Witness } from '../harness/witness.ts'
import { readStores, type StoreReader } from '../harness/witness-stores.ts'
import { judgeLog, judgeProjection } from '../harness/witness-verdict.ts'
import { type Engagement, engage } from './engagement.ts'
import { foundOperation, type Operation } from './operation.ts'

/** A server as a user starts it, with the witness before it and a journey that is live. */
export interface Site {
  server(): ServerProcess
  readonly operation: Operation
  readonly witness: Witness
  readonly engagement: Engagement
  readonly stores: StoreReader
  /** The same command again, on the same folder and port, after the server was killed. */
  startAgain(): Promise<void>
}

const recoversWithinMs = 90_000
/** Thousands of mails may have gathered while a worker was being killed. */
const drainsWithinMs = 600_000

export const startSite = async (): Promise<Site> => {
  const witness = await startWitness()
  const env = { BATON_EGRESS_ALLOW: `127.0.0.1:${witness.smtpPort}` }
  let server = await startServer({ env })
  const { dataFolder, address } = server
  const operation = await foundOperation(() => address, server.firstRunToken)
  witness.watch(address)
  const engagement = await engage(operation, witness.smtpPort)
  const stores = readStores(operation.workspaceId, () => must(readConnections(dataFolder), 'the server runs'))
  return {
    server: () => server,
    operation,
    witness,
    engagement,
    stores,
    startAgain: async () => {
      server = await startServer({ dataFolder, port: Number(new URL(address).port), env })
    },
  }
}

export const untilReady = async ({ server }: Site): Promise<void> => {
  await until(
    () => readyzOf(server().address),
    ({ state }) => state === 'ok',
    recoversWithinMs,
  )
}

/** I1 at once: everything that had been answered 200 before this look is in PostgreSQL. */
export const compareLog = async ({ witness, stores }: Pick<Site, 'witness' | 'stores'>) => {
  const { acknowledged } = witness.testimony()
  const logged = await stores.logged()
  return judgeLog({ acknowledged, asked: witness.testimony().asked }, logged)
}

/** I1 and I2 once nothing waits any more. */
export const compareWhenQuiet = async ({ witness, stores }: Pick<Site, 'witness' | 'stores'>) => {
  await until(
    () => stores.waiting(),
    (waiting) => waiting.length === 0,
    drainsWithinMs,
  )
  const seen = witness.testimony()
  const logged = await stores.logged()
  const projected = await stores.projected()
  return {
    log: judgeLog(seen, logged),
    clickhouse: judgeProjection(seen, projected),
    counts: {
      requests: seen.requests,
      unanswered: seen.unanswered,
      asked: seen.asked.size,
      acknowledged: seen.acknowledged.size,
      stored: projected.size,
    },
  }
}
