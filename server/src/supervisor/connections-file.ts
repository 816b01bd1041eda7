import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const connections = z.object({ databaseUrl: z.string(), ownerUrl: z.string().nullable(), clickhouseUrl: z.string() })
/** How to reach the engines: with passwords, so it is kept for its owner's eyes only. */
export type Connections = z.infer<typeof connections>

const pathOf = (dataFolder: string): string => join(dataFolder, 'connections.json')

/** Lets commands of the same user (doctor, backup, rebuild) reach the engines of a running server. */
export const writeConnections = (dataFolder: string, { databaseUrl, ownerUrl, clickhouseUrl }: Connections): void => {
  const path = pathOf(dataFolder)
  writeFileSync(`${path}.new`, JSON.stringify({ databaseUrl, ownerUrl, clickhouseUrl }), { mode: 0o600 })
  renameSync(`${path}.new`, path)
}

export const forgetConnections = (dataFolder: string): void => rmSync(pathOf(dataFolder), { force: true })

/** Null when no server runs on the folder. */
export const readConnections = (dataFolder: string): Connections | null => {
  try {
    return connections.parse(JSON.parse(readFileSync(pathOf(dataFolder), 'utf8')))
  } catch {
    return null
  }
}
