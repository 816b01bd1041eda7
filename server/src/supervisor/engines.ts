import type { Connections } from './connections-file.ts'

/** The engines as the supervisor sees them: named servers, or children that the stores started and keep alive. */
export interface Engines {
  readonly connections: Connections
  /** One line each for the start report, e.g. `PostgreSQL 18.4 (embedded)`. */
  readonly titles: readonly string[]
  /** Those that are children of ours. */
  readonly own: readonly OwnEngine[]
  stop(): Promise<void>
}

export interface OwnEngine {
  readonly name: string
  pid(): number | null
  status(): 'running' | 'restarting' | 'stopped'
  restarts(): number
}
