import { sql } from 'kysely'
import type { Instant } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** Replaces a token that was not used: only the one printed last works. False once it was used. */
export const putFirstRunToken = async (tx: Tx, hash: Buffer, at: Instant): Promise<boolean> => {
  const { rows } = await sql`
    insert into first_run (token_hash, made_at) values (${hash}, ${at})
    on conflict (only_row) do update set token_hash = excluded.token_hash, made_at = excluded.made_at
    where first_run.used_at is null
    returning made_at`.execute(tx)
  return rows.length > 0
}

/** True for the right token, once: a second caller waits for the first one's transaction and then finds it used. */
export const useFirstRunToken = async (tx: Tx, hash: Buffer, at: Instant): Promise<boolean> => {
  const { rows } = await sql`
    update first_run set used_at = ${at} where token_hash = ${hash} and used_at is null returning made_at`.execute(tx)
  return rows.length > 0
}
