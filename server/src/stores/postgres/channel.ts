import { sql } from 'kysely'
import type { Tx } from './postgres.ts'

/** What NOTIFY and LISTEN use. */
export const channel = 'baton'

/** A wake-up to everyone who listens, heard when the transaction has committed; never when it has not. */
export const notifyAtCommit = async (tx: Tx, payload: string): Promise<void> => {
  await sql`select pg_notify(${channel}, ${payload})`.execute(tx)
}
