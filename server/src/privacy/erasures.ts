import type { Erasure } from '@baton/contract'
import { notFound } from '../http/index.ts'
import { askForTurn, type Stage } from '../jobs/index.ts'
import { crashPoint, type Instant, newId, type PersonId, type SubjectId, type WorkspaceId } from '../kernel/index.ts'
import type { Messages } from '../messages/index.ts'
import { type ErasureRow, type ErasureState, findErasure, findErasureOf, listErasures } from '../people/index.ts'
import type { Policy } from '../policy/index.ts'
import type { Workspaces } from '../workspaces/index.ts'
import { createErasuresStage, type ErasuresStageDeps, erasuresStageName } from './erasures-stage.ts'

export interface ErasuresDeps extends ErasuresStageDeps {
  readonly workspaces: Pick<Workspaces, 'audit' | 'domainNow'>
  readonly policy: Pick<Policy, 'suppressErased' | 'clearErased'>
  readonly messages: Pick<Messages, 'clearErased'>
}

/** Erases people: nothing goes to her from the answer on, nobody finds her within seconds, no file holds her in minutes. */
export interface Erasures {
  /** Stage `erasures`. */
  readonly stage: Stage
  /**
   * Answers after every hand-over to her that had begun. Asked again, for the same person or one merged into her, it is
   * the same erasure. Throws not-found for somebody who never was.
   */
  request(workspaceId: WorkspaceId, personId: PersonId, actor: string): Promise<Erasure>
  get(workspaceId: WorkspaceId, erasureId: string): Promise<Erasure>
  ofPerson(workspaceId: WorkspaceId, personId: PersonId): Promise<Erasure | null>
  list(
    workspaceId: WorkspaceId,
    page: { readonly before: readonly [Instant, string] | null; readonly limit: number },
  ): Promise<readonly Erasure[]>
}

export const createErasures = (deps: ErasuresDeps): Erasures => {
  const { postgres, policy, messages, people, workspaces } = deps
  return {
    stage: createErasuresStage(deps),
    request: async (workspaceId, personId, actor) => {
      const at = await workspaces.domainNow(workspaceId)
      const row = await postgres.inWorkspace(workspaceId, async (tx) => {
        const subjects = await policy.suppressErased(tx, workspaceId, personId, at)
        const before = await findErasureOf(tx, workspaceId, personId)
        if (before !== null) return before
        if (subjects.length === 0) throw notFound('person')
        const ids = [...new Set([personId, ...subjects.map((subject) => subject as string as PersonId)])]
        const pseudonym = newId<SubjectId>()
        await messages.clearErased(tx, workspaceId, { ids, pseudonym })
        const erasureId = newId<string>()
        await people.erasures.request(tx, workspaceId, {
          erasureId,
          personIds: ids,
          pseudonym,
          requestedAt: at,
          requestedBy: actor,
        })
        await workspaces.audit(tx, { workspaceId, actor, action: 'person.erased', object: `erasure:${erasureId}` })
        await askForTurn(tx, workspaceId, erasuresStageName, at)
        return findErasure(tx, workspaceId, erasureId)
      })
      crashPoint('privacy.requested')
      return describe(row)
    },
    get: async (workspaceId, erasureId) =>
      describe(await postgres.inWorkspace(workspaceId, (tx) => findErasure(tx, workspaceId, erasureId))),
    ofPerson: async (workspaceId, personId) => {
      const row = await postgres.inWorkspace(workspaceId, (tx) => findErasureOf(tx, workspaceId, personId))
      return row === null ? null : describe(row)
    },
    list: async (workspaceId, page) =>
      (await postgres.inWorkspace(workspaceId, (tx) => listErasures(tx, workspaceId, page))).map(describe),
  }
}

const remains: Record<ErasureState, string | null> = {
  requested: 'She is still found until what was received before has been handled.',
  hidden: 'Her rows in PostgreSQL, the log, ClickHouse and the space of deleted rows.',
  cleared: 'The log, ClickHouse and the space of deleted rows.',
  rewritten: 'ClickHouse and the space of deleted rows.',
  done: null,
}

const describe = (row: ErasureRow | null): Erasure => {
  if (row === null) throw notFound('erasure')
  const { erasureId, personIds, state, requestedAt, requestedBy, hiddenAt, doneAt, batchesRewritten, eventsErased } =
    row
  return {
    erasureId,
    personIds: [...personIds],
    state,
    requestedAt,
    requestedBy,
    hiddenAt,
    doneAt,
    batchesRewritten,
    eventsErased,
    remains: remains[state],
  }
}
