import { sql } from 'kysely'
import type { Tx } from '../stores/index.ts'

/** Null before the first start, and in a schema from before marks were kept. */
export const readSecretMark = async (tx: Tx): Promise<Buffer | null> => {
  const { rows: found } = await sql<{ isThere: boolean }>`
    select to_regclass('secret_mark') is not null as "isThere"`.execute(tx)
  if (found[0]?.isThere !== true) return null
  const { rows } = await sql<{ mark: Buffer }>`select mark from secret_mark`.execute(tx)
  return rows[0]?.mark ?? null
}

/** The first one counts: of two starts at the same instant the second finds the other's. */
export const putFirstSecretMark = async (tx: Tx, mark: Buffer): Promise<void> => {
  await sql`insert into secret_mark (mark) values (${mark}) on conflict do nothing`.execute(tx)
}
