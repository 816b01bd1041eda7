import type { WorkspaceId } from '../kernel/index.ts'

/** How many parts the workspaces are dealt into among workers; a worker holds the lease of a part. */
const shardCount = 16

const shardName = (index: number) => `shard:${index}`

/** Every part's lease name. */
export const allShards: readonly string[] = Array.from({ length: shardCount }, (_, index) => shardName(index))

/** The part a workspace belongs to: by the last hexadecimal digits of its id, which are random. */
export const shardOf = (workspaceId: WorkspaceId): string =>
  shardName(Number.parseInt(workspaceId.slice(-4), 16) % shardCount)
