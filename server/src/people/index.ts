import type { Collect } from '../collect/index.ts'
import type { Stage } from '../jobs/index.ts'
import { dayMs, type Instant, newId, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { ClickHouse, Postgres, Tx } from '../stores/index.ts'
import { createPeopleErasures, type PeopleErasures } from './erasures.ts'
import { createExclusively } from './exclusively.ts'
import { createBatchMemory, createFeed } from './feed.ts'
import { gatherEventParts } from './gather-parts.ts'
import type { IdentifierKind } from './identifiers.ts'
import { createIdentityCache } from './identity-cache.ts'
import { personsOfSubjects, subjectsOfPersons } from './identity-store.ts'
import type { PersonLenses, TimelineSource } from './lenses.ts'
import { readOrderHolders } from './order-holders-store.ts'
import { createPeopleStage } from './people-stage.ts'
import { type PersonData, readPersonData } from './person-data.ts'
import type { PeopleFeed } from './person-event.ts'
import { findPerson, loadPersonFacts, type PersonFacts } from './person-facts-store.ts'
import type { MergeRow } from './person-list-store.ts'
import { createProjectionStage } from './projection-stage.ts'
import { type Projected, readProjected } from './projection-store.ts'
import { personsAfter } from './rebuild-store.ts'
import { createTombstoneHash } from './tombstones.ts'
import { dropPassedEntries, dropQuarantined } from './verdict-store.ts'

export interface PeopleDeps {
  readonly postgres: Postgres
  readonly clickhouse: ClickHouse
  readonly collect: Collect
  /** The workspace's own currency: of orders that name none. */
  readonly currencyOf: (workspaceId: WorkspaceId) => Promise<string>
  readonly domainNow: (workspaceId: WorkspaceId) => Promise<Instant>
  /** Makes tombstones of identifiers: a secret of the installation. */
  readonly tombstoneKey: Buffer
}

/** Knows each customer: whose every event is, what is known of her, and the projection of both into ClickHouse. */
export interface People {
  /** `people`, then `projection`. */
  readonly stages: readonly Stage[]
  readonly feed: PeopleFeed
  /** Facts of persons; who was merged away is missing. */
  get(workspaceId: WorkspaceId, persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonFacts>>
  getIn(tx: Tx, workspaceId: WorkspaceId, persons: readonly PersonId[]): Promise<ReadonlyMap<PersonId, PersonFacts>>
  find(workspaceId: WorkspaceId, kind: IdentifierKind, value: string): Promise<PersonId | null>
  /** The present person of each subject. */
  personsOf(workspaceId: WorkspaceId, subjects: readonly SubjectId[]): Promise<ReadonlyMap<SubjectId, PersonId>>
  /** All subjects of each person. */
  subjectsOf(
    workspaceId: WorkspaceId,
    persons: readonly PersonId[],
  ): Promise<ReadonlyMap<PersonId, readonly SubjectId[]>>
  personsOfIn(
    tx: Tx,
    workspaceId: WorkspaceId,
    subjects: readonly SubjectId[],
  ): Promise<ReadonlyMap<SubjectId, PersonId>>
  /** All that the person is known by whom each of these orders stands under; an order never seen is missing. */
  orderHoldersIn: typeof readOrderHolders
  /** How far ClickHouse has come: every read of `event` carries `batch <= projected.batch`. */
  projected(workspaceId: WorkspaceId): Promise<Projected>
  /** Whether the workspace has anybody, by PostgreSQL. */
  hasAnybody(workspaceId: WorkspaceId): Promise<boolean>
  /** Writes the correction into the log; the people stage carries it out in its turn. */
  undoMerge(workspaceId: WorkspaceId, merge: MergeRow, actor: string): Promise<void>
  readonly erasures: PeopleErasures
  /** All that is known of her, to be given to her; null when there is no such person. */
  dataOf(workspaceId: WorkspaceId, personId: PersonId): Promise<PersonData | null>
  /** Takes out what its migrations say leaves: daily. */
  tend(workspaceId: WorkspaceId): Promise<void>
  /** Puts what ClickHouse holds of all workspaces closer together: daily, beside the work. */
  gather(): Promise<void>
  /** Filled by main with what rooms further down know of a person. */
  readonly lenses: PersonLenses
  readonly timelineSources: TimelineSource[]
}

const quarantineDays = 90

export const createPeople = (deps: PeopleDeps & { lenses?: PersonLenses }): People => {
  const { postgres } = deps
  const memory = createBatchMemory()
  const feed = createFeed({ postgres, memory })
  const hashOf = createTombstoneHash(deps.tombstoneKey)
  const stageDeps = { ...deps, memory, feed, hashOf, identities: createIdentityCache() }
  const lenses = deps.lenses ?? {}
  const timelineSources: TimelineSource[] = []
  return {
    stages: [
      createPeopleStage({ ...stageDeps, exclusively: createExclusively<WorkspaceId>() }),
      createProjectionStage({ ...stageDeps, exclusively: createExclusively<WorkspaceId>() }),
    ],
    feed,
    get: (workspaceId, persons) => postgres.inWorkspace(workspaceId, (tx) => loadPersonFacts(tx, workspaceId, persons)),
    getIn: loadPersonFacts,
    find: (workspaceId, kind, value) =>
      postgres.inWorkspace(workspaceId, (tx) => findPerson(tx, workspaceId, kind, value)),
    personsOf: (workspaceId, subjects) =>
      postgres.inWorkspace(workspaceId, (tx) => personsOfSubjects(tx, workspaceId, subjects)),
    subjectsOf: (workspaceId, persons) =>
      postgres.inWorkspace(workspaceId, (tx) => subjectsOfPersons(tx, workspaceId, persons)),
    personsOfIn: personsOfSubjects,
    orderHoldersIn: readOrderHolders,
    projected: (workspaceId) => postgres.inWorkspace(workspaceId, (tx) => readProjected(tx, workspaceId)),
    hasAnybody: async (workspaceId) => (await personsAfter(postgres, workspaceId, null, 1)).length > 0,
    undoMerge: async (workspaceId, merge, actor) => {
      const properties = { mergeId: merge.mergeId, actor, persons: [merge.winnerPersonId, merge.loserPersonId] }
      const event = { type: 'system', action: 'undo-merge', messageId: newId<string>(), properties }
      await deps.collect.appendEvents(workspaceId, 'live', [event], { source: 'console', internal: true })
    },
    tend: async (workspaceId) => {
      const before = (await deps.domainNow(workspaceId)) - quarantineDays * dayMs
      await postgres.inWorkspace(workspaceId, (tx) => dropQuarantined(tx, workspaceId, before))
      await postgres.inGlobal((tx) => dropPassedEntries(tx, workspaceId))
    },
    gather: async () => {
      await gatherEventParts(deps.clickhouse)
    },
    erasures: createPeopleErasures(deps),
    dataOf: (workspaceId, personId) => readPersonData({ ...deps, lenses, timelineSources }, workspaceId, personId),
    lenses,
    timelineSources,
  }
}

export {
  type ErasureRow,
  type ErasureState,
  endBulkWait,
  findErasure,
  findErasureOf,
  finishErasures,
  listErasures,
  moveErasures,
  readTombstones,
} from './erasure-store.ts'
export type { PeopleErasures } from './erasures.ts'
export {
  type FlatValue,
  flatJson,
  flatReader,
  flattenProperties,
  numberInText,
  propertyColumns,
} from './flatten-properties.ts'
export { gatherEventParts } from './gather-parts.ts'
export { peopleStageName } from './handle-batches.ts'
export { hideAgain, type OldErasure } from './hide-again.ts'
export { type Identifier, type IdentifierKind, normalEmail } from './identifiers.ts'
export type { PersonLenses, TimelineSource } from './lenses.ts'
export type { PeopleBatch, PeopleFeed, PersonEvent } from './person-event.ts'
export type { PersonFacts } from './person-facts-store.ts'
export { emailOf, titleOf } from './person-page.ts'
export type { Projected } from './projection-store.ts'
export { type RebuildDeps, type RebuildOutcome, rebuildProjection } from './rebuild.ts'
export { peopleRoutes } from './routes.ts'
export { markWhole, readWhole, unmarkWhole } from './whole-parts-sql.ts'
