import { randomInt } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import { CompiledQuery, Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { BugError, RetryableError, type WorkspaceId } from '../../kernel/index.ts'
import { channel } from './channel.ts'
import { createListener } from './listener.ts'
import { typeParsers } from './type-parsers.ts'

/** An open transaction; used with kysely's `sql` template only. */
export type Tx = Kysely<Record<string, never>>

export interface TransactionOptions {
  /** A statement that runs longer fails. 30 s unless said otherwise. */
  readonly maxMs?: number
  /** The whole transaction fails when it lasts longer, whatever it waits for. No limit unless said otherwise. */
  readonly wholeMs?: number
  /** `repeatable read` for answers that must agree with one another. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable'
  readonly readOnly?: boolean
}

export interface Postgres {
  /**
   * One workspace per transaction: row-level security shows its rows only. Runs again, from the start, after a
   * deadlock, a serialization failure or beside a partition in the making, so `work` must change nothing but the database.
   */
  inWorkspace<T>(workspaceId: WorkspaceId, work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Only for tables declared global. */
  inGlobal<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>
  /** Statements that read global tables, each for itself: one way to the server and back instead of three. */
  askGlobal<T>(ask: (db: Tx) => Promise<T>): Promise<T>
  /** A wake-up to everyone who listens; not a queue. */
  notify(payload: string): Promise<void>
  /** Reconnects by itself; what was sent meanwhile is lost, and `missed` says that it may have been. Answers how to stop. */
  listen(handler: (payload: string) => void, missed?: () => void): Promise<() => Promise<void>>
  close(): Promise<void>
}

export interface PostgresConfig {
  readonly url: string
  /** Connections at most. */
  readonly connections?: number
  /** Seen in `pg_stat_activity`. */
  readonly name?: string
  /** A server that lets a new connection wait for longer does not answer. 15 s unless said otherwise. */
  readonly connectWithinMs?: number
}

const defaultMaxMs = 30_000
/**
 * A process that sleeps in the middle of a transaction (SIGSTOP, a suspended machine) holds back what everybody may
 * read, in every workspace: the server ends it after as long as a lease lasts.
 */
const mostIdleMs = 10_000
const limitsOfConnection = `set statement_timeout = ${defaultMaxMs}; set idle_in_transaction_session_timeout = ${mostIdleMs}`
const mostAttempts = 6
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const createPostgres = ({
  url,
  connections = 16,
  name = 'baton',
  connectWithinMs = 15_000,
}: PostgresConfig): Postgres => {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    application_name: name,
    connectionTimeoutMillis: connectWithinMs,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    // Once a connection: in each transaction they took a twentieth of a busy server's time. As a statement, not with the
    // connection's start, where poolers refuse them.
    onConnect: async (client) => {
      await client.query(limitsOfConnection)
    },
    types: typeParsers,
  })
  // An idle connection that breaks (engine restarted) leaves the pool; whoever needs one next gets a new one.
  pool.on('error', () => undefined)
  // One that breaks while in use tells so twice: to its query, and by an event that would end the process.
  pool.on('connect', (client) => client.on('error', () => undefined))
  const db = new Kysely<Record<string, never>>({ dialect: new PostgresDialect({ pool }) })
  const listener = createListener(url, name)

  const transaction = async <T>(begin: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await reachable(() => db.connection().execute((tx) => attemptOnce(tx, begin, work)))
      } catch (error) {
        if (!runsAgain(error) || attempt >= mostAttempts) throw error
        await delay(randomInt(5, 20) * 2 ** attempt)
      }
    }
  }

  return {
    inWorkspace: async (workspaceId, work, options) => {
      if (!uuid.test(workspaceId)) throw new BugError('A workspace id must be a UUID')
      // In the same round trip as BEGIN; the simple protocol binds no values, the id was just checked to be a UUID.
      return transaction(`${beginOf(options)}; select set_config('baton.workspace', '${workspaceId}', true)`, work)
    },
    inGlobal: (work, options) => transaction(beginOf(options), work),
    askGlobal: (ask) => reachable(() => db.connection().execute(ask)),
    notify: async (payload) => {
      await reachable(() => pool.query('select pg_notify($1, $2)', [channel, payload]))
    },
    listen: listener.listen,
    close: async () => {
      await listener.close()
      await db.destroy()
      if (!pool.ended) await pool.end()
    },
  }
}

const beginOf = ({ maxMs = defaultMaxMs, wholeMs, isolation, readOnly = false }: TransactionOptions = {}): string => {
  const begin = `begin${isolation === undefined ? '' : ` isolation level ${isolation}`}${readOnly ? ' read only' : ''}`
  const limits = [
    maxMs === defaultMaxMs ? '' : `; set local statement_timeout = ${Math.max(1, Math.round(maxMs))}`,
    wholeMs === undefined ? '' : `; set local transaction_timeout = ${Math.max(1, Math.round(wholeMs))}`,
  ]
  return begin + limits.join('')
}

const attemptOnce = async <T>(tx: Tx, begin: string, work: (tx: Tx) => Promise<T>): Promise<T> => {
  await tx.executeQuery(CompiledQuery.raw(begin))
  let result: T
  try {
    result = await work(tx)
  } catch (error) {
    // A connection that can't even roll back is broken and leaves the pool.
    await tx.executeQuery(CompiledQuery.raw('rollback')).catch(() => undefined)
    throw error
  }
  const { rows } = await tx.executeQuery<{ command?: string }>(CompiledQuery.raw('commit'))
  // PostgreSQL answers COMMIT with ROLLBACK, without an error, when a statement had failed and nobody said so.
  if (rows[0]?.command === 'ROLLBACK')
    throw new BugError('A transaction went on after one of its statements had failed; nothing of it was kept')
  return result
}

/** SQLSTATE, or Node's code of a network error. */
const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

/**
 * A deadlock, a serialization failure, or a row that was sent to a default partition while the row's own was being made: it
 * waited for that, and is refused where it stands then.
 */
const runsAgain = (error: unknown): boolean =>
  codeOf(error) === '40001' || codeOf(error) === '40P01' || isBesidePartition(error)
const isBesidePartition = (error: unknown): boolean =>
  codeOf(error) === '23514' && error instanceof pg.DatabaseError && error.routine === 'ExecPartitionCheckEmitError'

const outOfReach = new Set(['ECONNREFUSED', 'ECONNRESET', 'ENOENT', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN'])
/** Shutting down, crashed, starting up, too many connections, slept or lasted too long in a transaction. */
const passing = new Set(['25P03', '25P04', '57P01', '57P02', '57P03', '53300', '08006', '08003', '08001'])

const reachable = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work()
  } catch (error) {
    const code = codeOf(error)
    const lost =
      error instanceof Error && /^Connection terminated|timeout exceeded when trying to connect/.test(error.message)
    if (!lost && !outOfReach.has(code) && !passing.has(code)) throw error
    throw new RetryableError('PostgreSQL does not answer. Is it starting, or is DATABASE_URL wrong?', 500, {
      cause: error,
    })
  }
}
