import { z } from 'zod'
import type { Config } from '../config.ts'
import { addressOf } from '../config.ts'
import {
  type Finding,
  inspectPlace,
  isAlive,
  ownerOf,
  portRemedy,
  probePort,
  readRunning,
} from '../supervisor/index.ts'

/** What can be said from outside: the place, the owner of the data folder, its address. */
export interface OutsideView {
  readonly server: { readonly pid: number; readonly address: string | null; readonly startedAt: number | null } | null
  readonly answers: boolean | null
  /** Where a `baton api` of its own answers, on engines that the settings name; null where none does. */
  readonly apiAt: string | null
  readonly findings: readonly Finding[]
}

export const lookFromOutside = async (config: Config): Promise<OutsideView> => {
  const findings = [
    ...inspectPlace({
      dataFolder: config.dataFolder,
      ownsPostgres: config.databaseUrl === null,
      ownsClickHouse: config.clickhouseUrl === null,
      uid: process.getuid?.() ?? null,
    }),
  ]
  const owner = ownerOf(config.dataFolder)
  if (owner === null || !isAlive(owner)) {
    if (owner !== null) {
      findings.push({
        what: `The server on ${config.dataFolder} (process ${owner.pid}) was ended without stopping`,
        remedy: 'Nothing to do: the next start takes over and goes on where it was.',
        weight: 'note',
      })
    }
    const port = await probePort(config.host, config.port)
    const apiAt = port.kind === 'busy' ? await ownApiAt(config) : null
    if (port.kind !== 'free' && apiAt === null)
      findings.push({ what: port.reason, remedy: portRemedy(port, config.port), weight: 'wrong' })
    return { server: null, answers: apiAt === null ? null : true, apiAt, findings }
  }
  const running = readRunning(config.dataFolder)
  const address = running?.address ?? addressOf(config.host, config.port)
  const answers = await doesAnswer(address)
  if (!answers) {
    findings.push({
      what: `Process ${owner.pid} holds ${config.dataFolder}, but nothing answers at ${address}`,
      remedy: `It may still be starting. If it stays so, stop it with "kill ${owner.pid}" and start it again.`,
      weight: 'wrong',
    })
  }
  return { server: { pid: owner.pid, address, startedAt: running?.startedAt ?? null }, answers, apiAt: null, findings }
}

/** Where the engines would be of the data folder's own, whoever answers is another Baton's server, in the way of a start. */
const ownApiAt = async (config: Config): Promise<string | null> => {
  if (config.databaseUrl === null || config.clickhouseUrl === null) return null
  const address = addressOf(config.host, config.port)
  return (await doesAnswer(address)) ? address : null
}

const healthy = z.object({ state: z.literal('ok') })

const doesAnswer = async (address: string): Promise<boolean> => {
  try {
    const answer = await fetch(`${address}/healthz`, { signal: AbortSignal.timeout(3_000) })
    return healthy.safeParse(await answer.json()).success
  } catch {
    return false
  }
}
