import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

export type NativeConnection = { readonly nativeConnection: never }
export type NativeStream = { readonly nativeStream: never }

export interface NativeResult {
  readonly bytes: Buffer
  /** Seconds. */
  readonly elapsed: number
  readonly rowsRead: number
  readonly bytesRead: number
}
export interface NativeInsertResult {
  readonly elapsed: number
  readonly rowsWritten: number
  readonly bytesWritten: number
}
export interface NativeChunk {
  readonly bytes: Buffer
  readonly numRows: number
  readonly done: boolean
}

/**
 * The calls of chdb 3.4's addon that we use. Its public `Session` can't do two things we need: insert in any format
 * under settings of the connection, and bind parameters without a lock over the whole process (its own binding is not
 * safe across connections, so it queues every query that has parameters; `SET param_x` belongs to one connection).
 */
export interface ChdbNative {
  CreateConnection(path: string, args: readonly string[]): NativeConnection
  CloseConnection(connection: NativeConnection): void
  QueryAsyncConnection(connection: NativeConnection, sql: string, format: string): Promise<NativeResult>
  InsertRawAsyncConnection(
    connection: NativeConnection,
    head: string,
    data: Buffer,
    countLines: boolean,
  ): Promise<NativeInsertResult>
  StreamQuery(connection: NativeConnection, sql: string, format: string): NativeStream
  StreamFetch(stream: NativeStream): Promise<NativeChunk>
  StreamCancel(stream: NativeStream): void
}

/** Throws with the reason when this platform has no build of chdb. */
export const loadChdb = (): ChdbNative => {
  const require = createRequire(import.meta.url)
  const folder = dirname(require.resolve('chdb'))
  return require(join(folder, 'dist', 'loader.js')).loadNative()
}
