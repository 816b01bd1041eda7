import { z } from 'zod'

const recentQueries = z.object({
  load: z.record(z.string(), z.object({ busy: z.number(), waiting: z.number() })),
  queries: z.array(
    z.object({
      queryId: z.string(),
      pool: z.string(),
      sql: z.string(),
      startedAt: z.number(),
      waitedMs: z.number(),
      ranMs: z.number(),
      readRows: z.number(),
      readBytes: z.number(),
      writtenRows: z.number(),
      requestBytes: z.number(),
      responseBytes: z.number(),
      failedWith: z.string().nullable(),
    }),
  ),
})

/** Queries running and waiting by pool, and the newest finished ones. */
export type RecentQueries = z.infer<typeof recentQueries>

const answersWithinMs = 3_000

/** Null where a ClickHouse server answers instead of our embedded one. */
export const readRecentQueries = async (address: URL): Promise<RecentQueries | null> => {
  const answer = await fetch(new URL('/baton/recent', address.origin), {
    signal: AbortSignal.timeout(answersWithinMs),
    headers: {
      'x-clickhouse-user': decodeURIComponent(address.username),
      'x-clickhouse-key': decodeURIComponent(address.password),
    },
  })
  if (!answer.ok) {
    await answer.arrayBuffer()
    return null
  }
  return recentQueries.parse(await answer.json())
}
