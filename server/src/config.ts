import { createHash } from 'node:crypto'
import { statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { OperatorError } from './kernel/index.ts'

/** Where the console and the API listen when nothing else is said. */
export const defaultPort = 4400

const url = (protocols: readonly string[]) =>
  z.string().refine((text) => URL.canParse(text) && protocols.includes(new URL(text).protocol), {
    error: `must be an address that begins with ${protocols.map((protocol) => `${protocol}//`).join(' or ')}`,
  })

const portNumber = z
  .string()
  .regex(/^\d{1,5}$/, { error: 'must be a whole number from 0 to 65535' })
  .transform(Number)
  .refine((port) => port <= 65535, { error: 'must be a whole number from 0 to 65535' })

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
)

/** `10.0.0.7` or `10.0.0.0/8`. */
const network = z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()])

/** Every setting of a process, by the name of its environment variable. An empty variable counts as not set. */
const settings = z.object({
  BATON_HOST: z.string().min(1).default('127.0.0.1'),
  BATON_PORT: portNumber.default(defaultPort),
  BATON_DATA: z.string().min(1).optional(),
  BATON_URL: url(['http:', 'https:']).optional(),
  BATON_LOG: z
    .enum(['trace', 'debug', 'info', 'warn', 'error', 'silent'], {
      error: 'must be one of trace, debug, info, warn, error, silent',
    })
    .default('info'),
  /** Private hosts that outgoing connections may reach, as `host:port` or `host:*`, e.g. an SMTP server on the local network. */
  BATON_EGRESS_ALLOW: list.default([]),
  /** Proxies in front of Baton, as addresses or networks: whom they name in `X-Forwarded-For` counts as the caller. */
  BATON_TRUSTED_PROXIES: list
    .refine((networks) => networks.every((text) => network.safeParse(text).success), {
      error: 'must be addresses or networks with commas between them, e.g. 10.0.0.7,192.168.0.0/16',
    })
    .default([]),
  /** Megabytes for what rules ask of people, kept by the worker between ticks; 0 for none. */
  BATON_FACTS_MB: z
    .string()
    .regex(/^\d{1,6}$/, { error: 'must be a whole number of megabytes, 0 for none' })
    .transform(Number)
    .optional(),
  /** The worker makes and plays the sample shop (`demo` sets it). */
  BATON_SAMPLE: z.enum(['0', '1'], { error: 'must be 0 or 1' }).default('0'),
  /** Signs sessions and links; the same for all processes of an installation. Not set: made once, kept in the data folder. */
  BATON_SECRET: z.string().min(32, { error: 'must have at least 32 characters' }).optional(),
  DATABASE_URL: url(['postgres:', 'postgresql:']).optional(),
  /** The role that owns the tables on a server of your own; only migrations, backup and restore use it. */
  DATABASE_MIGRATION_URL: url(['postgres:', 'postgresql:']).optional(),
  CLICKHOUSE_URL: url(['http:', 'https:']).optional(),
})

export interface Config {
  readonly host: string
  readonly port: number
  /** Absolute path of the folder that holds everything Baton keeps on this machine. */
  readonly dataFolder: string
  /** The address people and mails use; no trailing slash. */
  readonly publicUrl: string
  readonly logLevel: string
  readonly egressAllow: readonly string[]
  readonly trustedProxies: readonly string[]
  /** Null: a share of the machine's memory. */
  readonly factsBytes: number | null
  readonly playsSample: boolean
  readonly secret: string | null
  /** Set: that server is used. Not set: Baton starts its own engine under the data folder. */
  readonly databaseUrl: string | null
  readonly clickhouseUrl: string | null
  readonly databaseMigrationUrl: string | null
}

/** Flags of the command line; they win over the environment. */
export interface ConfigFlags {
  readonly host?: string | undefined
  readonly port?: string | undefined
  readonly data?: string | undefined
}

/** Reads the settings once; throws an OperatorError with one line for each value that can't be used. */
export const readConfig = (
  env: Readonly<Record<string, string | undefined>>,
  flags: ConfigFlags = {},
  workingFolder: string = process.cwd(),
): Config => {
  const given = Object.fromEntries(
    Object.entries({
      ...env,
      ...(flags.host === undefined ? {} : { BATON_HOST: flags.host }),
      ...(flags.port === undefined ? {} : { BATON_PORT: flags.port }),
      ...(flags.data === undefined ? {} : { BATON_DATA: flags.data }),
    }).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const parsed = settings.safeParse(given)
  if (!parsed.success) throw new OperatorError(wrongValues(parsed.error, given).join('\n'))
  const read = parsed.data
  return {
    host: read.BATON_HOST,
    port: read.BATON_PORT,
    dataFolder:
      read.BATON_DATA === undefined ? defaultDataFolder(workingFolder) : resolve(workingFolder, read.BATON_DATA),
    publicUrl: (read.BATON_URL ?? addressOf(read.BATON_HOST, read.BATON_PORT)).replace(/\/+$/, ''),
    logLevel: read.BATON_LOG,
    egressAllow: read.BATON_EGRESS_ALLOW,
    trustedProxies: read.BATON_TRUSTED_PROXIES,
    factsBytes: read.BATON_FACTS_MB === undefined ? null : read.BATON_FACTS_MB * 2 ** 20,
    playsSample: read.BATON_SAMPLE === '1',
    secret: read.BATON_SECRET ?? null,
    databaseUrl: read.DATABASE_URL ?? null,
    clickhouseUrl: read.CLICKHOUSE_URL ?? null,
    databaseMigrationUrl: read.DATABASE_MIGRATION_URL ?? null,
  }
}

/**
 * `.baton` beside the program. Started by root in a folder that no one else can enter (root's home), where the embedded
 * PostgreSQL, which runs as another user, could not get at its data: a folder of this checkout's own under /var/lib/baton.
 */
const defaultDataFolder = (workingFolder: string): string => {
  const beside = resolve(workingFolder, '.baton')
  if (process.getuid?.() !== 0 || isOpenToAll(workingFolder)) return beside
  return join('/var/lib/baton', createHash('sha256').update(workingFolder).digest('hex').slice(0, 12))
}

/** May every user walk through this folder and all above it? */
const isOpenToAll = (folder: string): boolean => {
  const stat = statSync(folder, { throwIfNoEntry: false })
  if (stat !== undefined && (stat.mode & 0o001) === 0) return false
  return folder === dirname(folder) || isOpenToAll(dirname(folder))
}

/** `http://127.0.0.1:4400`; hosts that mean "every address" are shown as the one that works on this machine. */
export const addressOf = (host: string, port: number): string => {
  const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  return `http://${shown.includes(':') ? `[${shown}]` : shown}:${port}`
}

/** The settings as a child process gets them: through its environment, never its arguments. */
export const configEnvironment = (config: Config): Record<string, string> => ({
  BATON_HOST: config.host,
  BATON_PORT: String(config.port),
  BATON_DATA: config.dataFolder,
  BATON_URL: config.publicUrl,
  BATON_LOG: config.logLevel,
  BATON_EGRESS_ALLOW: config.egressAllow.join(','),
  BATON_TRUSTED_PROXIES: config.trustedProxies.join(','),
  ...(config.factsBytes === null ? {} : { BATON_FACTS_MB: String(config.factsBytes / 2 ** 20) }),
  BATON_SAMPLE: config.playsSample ? '1' : '0',
  ...(config.secret === null ? {} : { BATON_SECRET: config.secret }),
  ...(config.databaseUrl === null ? {} : { DATABASE_URL: config.databaseUrl }),
  ...(config.clickhouseUrl === null ? {} : { CLICKHOUSE_URL: config.clickhouseUrl }),
})

/** Addresses may carry passwords: those values are not repeated, nor is the secret. */
const wrongValues = (error: z.ZodError, given: Record<string, string | undefined>): string[] =>
  error.issues.map((issue) => {
    const name = String(issue.path[0])
    const value = name.endsWith('_URL') || name === 'BATON_SECRET' ? '' : ` is "${given[name] ?? ''}" and`
    return `${name}${value} ${issue.message}.`
  })
