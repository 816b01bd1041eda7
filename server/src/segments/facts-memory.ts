import { totalmem } from 'node:os'
import { getHeapStatistics } from 'node:v8'
import type { WorkspaceId } from '../kernel/index.ts'
import { createWorkspaceFacts, type FactsStanding, type WorkspaceFacts } from './workspace-facts.ts'

/** The facts this process remembers, by workspace, within one bound of bytes. */
export interface FactsMemory {
  /** What is remembered of a workspace that stands so; nothing when it was remembered otherwise. */
  of(workspaceId: WorkspaceId, standing: FactsStanding): WorkspaceFacts
  /** Whether more may be read ahead without giving up what is there. */
  hasRoom(): boolean
  /** Keeps within the bound: other workspaces go first, the one used longest ago before all; then this one's people. */
  shrink(current: WorkspaceId): void
}

/**
 * An eighth of the machine, a third of what this process may hold, a gigabyte: whichever is least. A person with twenty
 * events that rules ask about takes some 500 bytes.
 */
export const defaultFactsBytes = (): number =>
  Math.min(totalmem() / 8, getHeapStatistics().heap_size_limit / 3, 2 ** 30)

/** The rest is for those who come by themselves. */
const aheadShare = 0.9

export const createFactsMemory = (mostBytes: number): FactsMemory => {
  const kept = new Map<WorkspaceId, WorkspaceFacts>()
  const total = () => [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0)
  return {
    of: (workspaceId, standing) => {
      const known = kept.get(workspaceId)
      const facts = known !== undefined && isSame(known.standing, standing) ? known : createWorkspaceFacts(standing)
      // Used last stands last.
      kept.delete(workspaceId)
      kept.set(workspaceId, facts)
      return facts
    },
    hasRoom: () => total() < mostBytes * aheadShare,
    shrink: (current) => {
      for (const [workspaceId, facts] of kept) {
        const tooMuch = total() - mostBytes
        if (tooMuch <= 0) return
        if (workspaceId !== current) facts.shrinkTo(Math.max(0, facts.bytes - tooMuch))
      }
      kept.get(current)?.shrinkTo(mostBytes)
    },
  }
}

const isSame = (one: FactsStanding, other: FactsStanding): boolean =>
  one.tick === other.tick && one.leaseToken === other.leaseToken && one.layout.key === other.layout.key
