import { sql } from 'kysely'
import type { Postgres } from '../stores/index.ts'

/** Where rows of a person stood: what an erasure changed or deleted, or that left before. A partitioned table is vacuumed with its partitions. */
const tables = [
  'subject',
  'identifier',
  'profile',
  'person_token',
  'person_merge',
  'parted_subject',
  'identity_conflict',
  'customer_order',
  'consent',
  'preference',
  'suppression',
  'contact_count',
  'open_issue',
  'person_policy',
  'message',
  'message_transition',
  'message_decision',
  'message_content',
  'message_feedback',
  'owed_confirmation',
  'mailbox_mail',
  'journey_run',
  'journey_run_step',
  'journey_run_late',
  'membership_change',
  'life_cycle_state',
  'life_cycle_move',
  'person_value',
  'order_import_line',
  'order_import_rejection',
  'quarantined_event',
  'segment_tick',
  'erasure',
  'log_batch',
  'log_verdict',
] as const

/**
 * Gives back the space of rows that are no more, and their places in indexes, which hold values of their own. Not in a
 * transaction: each statement stands for itself. On a server before 17 PostgreSQL passes over tables of another's with a
 * warning, and does it by itself in its own time.
 */
export const vacuumAfterErasure = (postgres: Postgres): Promise<void> =>
  postgres.askGlobal(async (db) => {
    await sql`set statement_timeout = 0`.execute(db)
    try {
      for (const table of tables) await sql`vacuum (index_cleanup on, process_toast on) ${sql.table(table)}`.execute(db)
    } finally {
      await sql`set statement_timeout = ${sql.lit(30_000)}`.execute(db)
    }
  })
