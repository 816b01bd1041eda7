import { once } from 'node:events'
import type pg from 'pg'
import type { Connection, Submittable } from 'pg'

/** The parts of a connection that COPY speaks with; `pg` has them and does not describe them. */
interface CopyConnection {
  readonly stream: { pause(): void; resume(): void; readonly writableNeedDrain: boolean } & NodeJS.EventEmitter
  query(sql: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

/** What `pg` calls on whatever it runs. */
interface CopyCommand extends Submittable {
  handleError(error: Error): void
  handleCommandComplete(message: { text: string }): void
  handleReadyForQuery(): void
  handleCopyInResponse(connection: CopyConnection): void
  handleCopyData(message: { chunk: Buffer }, connection: CopyConnection): void
  handleRowDescription(): void
  handleDataRow(): void
  handlePortalSuspended(): void
  handleEmptyQuery(): void
}

const isCopyConnection = (connection: object): connection is CopyConnection =>
  'stream' in connection && 'sendCopyFromChunk' in connection

/** Runs one COPY; resolves with the number of rows. */
const runCopy = (
  client: pg.ClientBase,
  sql: string,
  onData: (chunk: Buffer, connection: CopyConnection) => void,
  onIn: (connection: CopyConnection) => void,
): Promise<number> =>
  new Promise((resolve, reject) => {
    let rows = 0
    let failure: Error | null = null
    const command: CopyCommand = {
      submit: (connection: Connection) => {
        if (!isCopyConnection(connection)) throw new Error('This version of pg has another wire interface')
        connection.query(sql)
      },
      handleError: (error) => {
        // PostgreSQL answers "ready" after an error, too; a broken connection does not.
        failure = error
        reject(error)
      },
      handleCommandComplete: ({ text }) => {
        rows = Number(/^COPY (\d+)$/.exec(text)?.[1] ?? 0)
      },
      handleReadyForQuery: () => {
        if (failure === null) resolve(rows)
      },
      handleCopyInResponse: onIn,
      handleCopyData: ({ chunk }, connection) => onData(chunk, connection),
      handleRowDescription: () => undefined,
      handleDataRow: () => undefined,
      handlePortalSuspended: () => undefined,
      handleEmptyQuery: () => undefined,
    }
    client.query(command)
  })

/** `COPY … TO STDOUT` into a sink that may ask to wait. Resolves with the number of rows. */
export const copyOut = (
  client: pg.ClientBase,
  sql: string,
  write: (chunk: Buffer) => Promise<void> | null,
): Promise<number> =>
  runCopy(
    client,
    sql,
    (chunk, { stream }) => {
      const full = write(Buffer.from(chunk))
      if (full === null) return
      stream.pause()
      full.finally(() => stream.resume())
    },
    () => undefined,
  )

/** `COPY … FROM STDIN` of the given bytes. Resolves with the number of rows. */
export const copyIn = (client: pg.ClientBase, sql: string, source: AsyncIterable<Buffer>): Promise<number> =>
  runCopy(
    client,
    sql,
    () => undefined,
    (connection) => {
      const send = async (): Promise<void> => {
        for await (const chunk of source) {
          connection.sendCopyFromChunk(chunk)
          if (connection.stream.writableNeedDrain) await once(connection.stream, 'drain')
        }
        connection.endCopyFrom()
      }
      send().catch((error: unknown) => connection.sendCopyFail(error instanceof Error ? error.message : String(error)))
    },
  )
