import type { Person, TimelineItem } from '@baton/contract'
import type { Instant, PersonId, SubjectId, WorkspaceId } from '../kernel/index.ts'

/**
 * What rooms further down know of a person and the people pages show. Each room that has something registers it
 * through main; a lens that is not connected leaves its part of the page empty.
 */
export interface PersonLenses {
  /** State keys by track, for the list. */
  readonly statesOf?: (
    workspaceId: WorkspaceId,
    persons: readonly PersonId[],
  ) => Promise<ReadonlyMap<PersonId, Readonly<Record<string, string>>>>
  /** Each track's state with since, why and what is missing, for the page. */
  readonly stateDetails?: (workspaceId: WorkspaceId, personId: PersonId) => Promise<Person['states']>
  readonly segmentsOf?: (workspaceId: WorkspaceId, personId: PersonId) => Promise<Person['segments']>
  /** One page of a segment's or a state's people, with the cursor of the next. */
  readonly membersOf?: (
    workspaceId: WorkspaceId,
    of: { segmentId: string } | { track: string; state: string },
    page: { cursor: string | undefined; limit: number },
  ) => Promise<{ persons: readonly PersonId[]; next: string | null; total: number }>
}

/** A room's entries for a person's timeline: newest first, strictly before an instant. */
export interface TimelineSource {
  readonly kind: TimelineItem['kind']
  read(
    workspaceId: WorkspaceId,
    person: { personId: PersonId; subjects: readonly SubjectId[] },
    page: { before: Instant; limit: number },
  ): Promise<readonly TimelineItem[]>
}
