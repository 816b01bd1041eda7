import { type Phase, type PhaseKey, phaseKey } from '@baton/contract'
import { UserError } from '../http/index.ts'
import { must, type WorkspaceId } from '../kernel/index.ts'
import type { Postgres, Tx } from '../stores/index.ts'
import { listMembers, type MemberRecord, type Workspaces } from '../workspaces/index.ts'
import { type NamedOwner, nameOwners, readNamedOwners } from './phase-owner-store.ts'
import { phaseTitles } from './phase-titles.ts'

export interface PhasesDeps {
  readonly postgres: Postgres
  readonly workspaces: Pick<Workspaces, 'audit'>
  /** People in each phase by the life cycle; null while it has not been computed. */
  readonly peopleByPhase?: (workspaceId: WorkspaceId) => Promise<ReadonlyMap<PhaseKey, number> | null>
}

/**
 * The five phases, each with exactly one accountable person: whoever was named and still is a member, else the
 * workspace's first owner. So a phase is never without one because somebody left.
 */
export const listPhases = async (deps: PhasesDeps, workspaceId: WorkspaceId): Promise<Phase[]> => {
  const [{ members, named }, people] = await Promise.all([
    readOwners(deps.postgres, workspaceId),
    deps.peopleByPhase?.(workspaceId) ?? null,
  ])
  return phaseKey.options.map((phase) => {
    const { owner, since } = ownerOf(phase, members, named)
    return {
      phase,
      title: phaseTitles[phase],
      owner: owner && { userId: owner.userId, name: owner.name },
      named: since !== null,
      since,
      people: people === null ? null : (people.get(phase) ?? 0),
    }
  })
}

/** Who answers for a phase; null for a word that is no phase, or while nobody owns the workspace. */
export const phaseOwner = async (
  postgres: Postgres,
  workspaceId: WorkspaceId,
  phase: string,
): Promise<string | null> => {
  const known = phaseKey.safeParse(phase)
  if (!known.success) return null
  const { members, named } = await readOwners(postgres, workspaceId)
  return ownerOf(known.data, members, named).owner?.userId ?? null
}

/** Names owners. Each must be a member of the workspace. */
export const changePhaseOwners = async (
  deps: PhasesDeps,
  change: {
    readonly workspaceId: WorkspaceId
    readonly named: readonly { readonly phase: PhaseKey; readonly userId: string }[]
    readonly at: number
    readonly actor: string
  },
): Promise<Phase[]> => {
  const { workspaceId, named, at, actor } = change
  await deps.postgres.inWorkspace(workspaceId, async (tx) => {
    const members = new Set((await listMembers(tx, workspaceId)).map((member) => member.userId))
    const stranger = named.find((each) => !members.has(each.userId))
    if (stranger)
      throw new UserError('invalid-input', `Nobody with the id "${stranger.userId}" is a member of this workspace.`, {
        remedy: 'Choose one of GET /v1/members, or invite her first.',
      })
    await nameOwners(tx, workspaceId, named, { at, actor })
    for (const { phase, userId } of named)
      await deps.workspaces.audit(tx, {
        workspaceId,
        actor,
        action: 'phase-owner.named',
        object: `phase:${phase}`,
        detail: { userId },
      })
  })
  return listPhases(deps, workspaceId)
}

const readOwners = (postgres: Postgres, workspaceId: WorkspaceId) =>
  postgres.inWorkspace(
    workspaceId,
    async (tx: Tx) => ({ members: await listMembers(tx, workspaceId), named: await readNamedOwners(tx, workspaceId) }),
    { readOnly: true },
  )

const ownerOf = (phase: PhaseKey, members: readonly MemberRecord[], named: readonly NamedOwner[]) => {
  const chosen = named.find((each) => each.phase === phase)
  const member = chosen && members.find((each) => each.userId === chosen.userId)
  if (member) return { owner: member, since: must(chosen, 'a member was found by it').namedAt }
  return { owner: members.find((each) => each.role === 'owner') ?? null, since: null }
}
