import type { ChangeCause, Json } from '@baton/contract'
import type { Instant, PersonId, WorkspaceId } from '../kernel/index.ts'
import type { Tx } from '../stores/index.ts'

/** One person for whom some live rule began or ceased to hold. */
export interface MaskChange {
  readonly personId: PersonId
  /** Keys of the rules that held; null: she was not known before. */
  readonly before: ReadonlySet<string> | null
  /** Keys of the rules that hold; null: she is no more. */
  readonly after: ReadonlySet<string> | null
  /** When it became true. */
  readonly at: Instant
  readonly cause: ChangeCause
  readonly evidence: Json
}

export interface MasksChanged {
  readonly workspaceId: WorkspaceId
  readonly tick: number
  readonly knownAt: Instant
  readonly changes: readonly MaskChange[]
}

/** A room that follows masks: told of every change in the transaction that writes the membership changes. */
export interface MaskConsumer {
  changed(tx: Tx, masks: MasksChanged): Promise<void>
  /** People to be told of at `now` although no rule of theirs changes (something kept for a time has ended). */
  ended?(tx: Tx, workspaceId: WorkspaceId, now: Instant, limit: number): Promise<readonly PersonId[]>
  /** When that comes next; null when nothing is kept. */
  nextEnd?(tx: Tx, workspaceId: WorkspaceId): Promise<Instant | null>
}
