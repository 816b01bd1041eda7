/** The part of a pino logger that engines use. */
export interface EngineLog {
  debug(fields: object, text: string): void
  info(fields: object, text: string): void
  warn(fields: object, text: string): void
  error(fields: object, text: string): void
}

export type EngineStatus = 'running' | 'restarting' | 'stopped'

/** An engine that Baton started itself and keeps alive. */
export interface RunningEngine {
  readonly kind: 'postgres' | 'clickhouse'
  readonly where: string
  /** Null while it is down. */
  pid(): number | null
  status(): EngineStatus
  restarts(): number
  stop(): Promise<void>
}

export const silentLog: EngineLog = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
