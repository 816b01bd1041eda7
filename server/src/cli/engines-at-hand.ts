import type { Config } from '../config.ts'
import { OperatorError } from '../kernel/index.ts'
import { createLog, startEngines } from '../main.ts'
import { type Connections, isAlive, ownerOf, readConnections } from '../supervisor/index.ts'

/** Runs work on the engines of the running server, or, where none runs, on engines started for it and stopped after it. */
export const withEngines = async <T>(config: Config, work: (connections: Connections) => Promise<T>): Promise<T> => {
  const owner = ownerOf(config.dataFolder)
  if (owner !== null && isAlive(owner)) {
    const running = readConnections(config.dataFolder)
    if (running === null) throw new OperatorError('The server is just starting. Try again in a few seconds.')
    return work(running)
  }
  const engines = await startEngines(config, createLog({ logLevel: 'warn' }, 'engines'))
  try {
    return await work(engines.connections)
  } finally {
    await engines.stop()
  }
}

/** Refuses while a server runs on the data folder: what is to be done would pull the ground from under it. */
export const refuseWhileRunning = (config: Config, what: string): void => {
  const owner = ownerOf(config.dataFolder)
  if (owner === null || !isAlive(owner)) return
  throw new OperatorError(
    `A server runs on ${config.dataFolder} (process ${owner.pid}); ${what} needs it stopped. Stop it with "kill ${owner.pid}".`,
  )
}

export const ownerUrlOf = ({ ownerUrl }: Connections): string => {
  if (ownerUrl !== null) return ownerUrl
  throw new OperatorError('Set DATABASE_MIGRATION_URL to the address of the role that owns the tables.')
}
