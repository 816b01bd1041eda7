import { sql } from 'kysely'
import type { Instant, Milliseconds } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import type { LeaseGrant } from './stage.ts'

/**
 * Takes every lease of `names` that is free, expired or already this holder's, up to `most`, and renews them.
 * A lease that changes hands, or that its holder takes anew after a restart, gets the next token.
 */
export const takeLeases = async (
  postgres: Postgres,
  request: {
    names: readonly string[]
    holder: string
    held: ReadonlyMap<string, number>
    most: number
    now: Instant
    forMs: Milliseconds
  },
): Promise<readonly LeaseGrant[]> => {
  const held = [...request.held].map(([name, token]) => ({ name, token }))
  return postgres.inGlobal(async (tx) => {
    await sql`
      insert into lease (name, holder, token, expires_at)
      select name, '', 0, 0 from unnest(${request.names}::text[]) name on conflict do nothing`.execute(tx)
    const renewed = await setExpiry(tx, request.holder, held, request.now + request.forMs)
    const wanted = request.most - renewed.length
    if (wanted <= 0) return renewed
    const taken = await sql<LeaseGrant>`
      update lease set holder = ${request.holder}, token = token + 1, expires_at = ${request.now + request.forMs}
      where name in (
        select name from lease
        where name = any(${request.names}::text[]) and not name = any(${renewed.map((row) => row.name)}::text[])
          and (expires_at <= ${request.now} or holder = ${request.holder})
        order by name limit ${wanted} for update skip locked)
      returning name, token`.execute(tx)
    return [...renewed, ...taken.rows]
  })
}

/** Of these grants, those that are still this holder's: nobody else had them since, expired or not. */
const setExpiry = async (
  tx: Tx,
  holder: string,
  grants: readonly LeaseGrant[],
  expiresAt: Instant,
): Promise<readonly LeaseGrant[]> => {
  const { rows } = await sql<LeaseGrant>`
    update lease set expires_at = ${expiresAt}
    from unnest(${grants.map((grant) => grant.name)}::text[], ${grants.map((grant) => grant.token)}::bigint[]) mine(name, token)
    where lease.name = mine.name and lease.token = mine.token and lease.holder = ${holder}
    returning lease.name, lease.token`.execute(tx)
  return rows
}

/** Renews what is held and takes nothing back; answers the grants that nobody else had since. */
export const renewLeases = (
  postgres: Postgres,
  request: { holder: string; grants: readonly LeaseGrant[]; now: Instant; forMs: Milliseconds },
): Promise<readonly LeaseGrant[]> =>
  postgres.inGlobal((tx) => setExpiry(tx, request.holder, request.grants, request.now + request.forMs))

/** How many others have a lease of these names that is still good. */
export const countOtherHolders = async (
  postgres: Postgres,
  names: readonly string[],
  holder: string,
  now: Instant,
): Promise<number> => {
  const rows = await postgres.inGlobal(
    async (tx) =>
      (
        await sql<{ holders: number }>`
          select count(distinct holder)::int as holders from lease
          where name = any(${names}::text[]) and holder <> ${holder} and expires_at > ${now}`.execute(tx)
      ).rows,
  )
  return rows[0]?.holders ?? 0
}

/** Gives leases back, so that another worker needn't wait for them to expire. */
export const releaseLeases = async (
  postgres: Postgres,
  holder: string,
  grants: readonly LeaseGrant[],
): Promise<void> => {
  await postgres.inGlobal((tx) => setExpiry(tx, holder, grants, 0))
}

/** Takes leases from whoever holds them: no turn of theirs can commit that has not begun to (`awaitTurns`). */
export const seizeLeases = (
  postgres: Postgres,
  request: { names: readonly string[]; holder: string; now: Instant; forMs: Milliseconds },
): Promise<readonly LeaseGrant[]> =>
  postgres.inGlobal(async (tx) => {
    const { rows } = await sql<LeaseGrant>`
      insert into lease (name, holder, token, expires_at)
      select name, ${request.holder}, 1, ${request.now + request.forMs} from unnest(${request.names}::text[]) name
      on conflict (name) do update set holder = excluded.holder, expires_at = excluded.expires_at,
        token = lease.token + 1
      returning name, token`.execute(tx)
    return rows
  })

/** Waits until the turns that were committing when these leases were seized have ended. Meanwhile the leases can be renewed. */
export const awaitTurns = async (postgres: Postgres, names: readonly string[]): Promise<void> => {
  // `checkLease` locks the key until its turn has ended: this lock waits for it, as that of an update does not. No turn finds
  // its token any more, so that none comes in between. One lease at a time: those that wait in line stay free for renewal.
  for (const name of names)
    await postgres.inGlobal((tx) => sql`select 1 from lease where name = ${name} for update`.execute(tx))
}
